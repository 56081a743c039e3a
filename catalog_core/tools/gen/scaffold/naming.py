"""Everything that follows from the name of a plugin or a kind: package, label, plural, classes, columns."""

import keyword
import re
from dataclasses import dataclass

from catalog_core.tools.gen.scaffold.reserved import APP_LABELS, BUNDLED_NAMES, KINDS

PLUGIN_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
KIND_NAME = re.compile(r"[A-Z][A-Za-z0-9]{0,62}")
PACKAGE_NAME = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*")


class InvalidName(ValueError):
    """A name cannot be used; the text says why and what to use instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginNames:
    """The names of one plugin.

    Attributes:
        name: what the plugin is called in paths, messages and the configuration, such as ``build-tools``.
        package: the dotted name of its Django app, such as ``catalog_plugins.build_tools``.
        display_name: what people read, such as ``Build Tools``.
    """

    name: str
    package: str
    display_name: str

    @property
    def module(self) -> str:
        """The last part of the package: the folder of the app."""
        return self.package.rpartition(".")[2]

    @property
    def label(self) -> str:
        """The label of the Django app, which begins the names of its tables."""
        return module_of(self.name)

    @property
    def class_prefix(self) -> str:
        """What the classes of the plugin and its app configuration begin with."""
        prefix = pascal_case(self.name)
        return f"{prefix}Catalog" if f"{prefix}Plugin" in KINDS else prefix

    @property
    def base_path(self) -> str:
        """Where the plugin is mounted."""
        return f"/api/{self.name}_catalog/v1alpha1"


def check_plugin_name(name: str) -> str:
    """Return the name of a plugin.

    Raises:
        InvalidName: no plugin can be called so.
    """
    if not PLUGIN_NAME.fullmatch(name):
        raise InvalidName(
            f"{name!r} is no name for a plugin: it begins with a lower-case letter and goes on with those, digits, "
            "'-' and '_', 63 characters at most, such as build-tools."
        )
    if name in BUNDLED_NAMES:
        raise InvalidName(f"{name!r} is a catalog that the server comes with; choose another name.")
    return name


def check_kind(kind: str) -> str:
    """Return the name of a kind.

    Raises:
        InvalidName: no kind can be called so.
    """
    if not KIND_NAME.fullmatch(kind):
        raise InvalidName(f"{kind!r} is no name for a kind: it is written like BuildTool, in letters and digits.")
    if kind in KINDS:
        raise InvalidName(f"{kind!r} is a word of the server itself; use {kind}Asset or another name for the kind.")
    return kind


def check_package(package: str) -> str:
    """Return the dotted name of a package.

    Raises:
        InvalidName: Python could not import it.
    """
    if not PACKAGE_NAME.fullmatch(package) or any(keyword.iskeyword(part) for part in package.split(".")):
        raise InvalidName(f"{package!r} is no name of a Python package; write it like acme.build_tools.")
    return package


def module_of(name: str) -> str:
    """Return what the package of a plugin is called: Python allows no hyphens, and some names are taken.

    >>> module_of("build-tools"), module_of("import"), module_of("auth")
    ('build_tools', 'import_catalog', 'auth_catalog')
    """
    module = name.replace("-", "_")
    return f"{module}_catalog" if keyword.iskeyword(module) or module in APP_LABELS else module


def kind_of(name: str) -> str:
    """Return the kind that the name of a plugin suggests.

    >>> kind_of("build-tools"), kind_of("batteries"), kind_of("entities"), kind_of("glass")
    ('BuildTool', 'Battery', 'EntityAsset', 'Glass')
    """
    head, separator, last = name.rstrip("-_").replace("_", "-").rpartition("-")
    kind = pascal_case(f"{head}{separator}{_singular(last)}")
    return f"{kind}Asset" if kind in KINDS else kind


def pascal_case(name: str) -> str:
    """Return a name as classes have it.

    >>> pascal_case("build-tools"), pascal_case("serverUrl")
    ('BuildTools', 'ServerUrl')
    """
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[-_ ]+", name))


def title_of(name: str) -> str:
    """Return a name as headings have it.

    >>> title_of("build-tools"), title_of("serverUrl")
    ('Build Tools', 'Server Url')
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|[-_]+", " ", name)
    return " ".join(word[:1].upper() + word[1:] for word in spaced.split())


def words_of(name: str) -> str:
    """Return a name as words in lower case.

    >>> words_of("BuildTool")
    'build tool'
    """
    return title_of(name).lower()


def snake_case(name: str) -> str:
    """Return the column of a property; the way back is exact for every name that properties can have.

    >>> snake_case("serverUrl"), snake_case("serverURL"), snake_case("top5")
    ('server_url', 'server_u_r_l', 'top5')
    """
    return re.sub(r"([A-Z])", r"_\1", name).lower()


def camel_case(name: str) -> str:
    """Return a name as properties have it.

    >>> camel_case("server_url"), camel_case("Server-URL"), camel_case("serverUrl"), camel_case("content type")
    ('serverUrl', 'serverURL', 'serverUrl', 'contentType')
    """
    first, *rest = [part for part in re.split(r"[^A-Za-z0-9]+", name) if part] or [""]
    return first[:1].lower() + first[1:] + "".join(part[:1].upper() + part[1:] for part in rest)


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return f"{word[:-3]}y"
    if re.search(r"(ss|x|z|ch|sh)es$", word):
        return word[:-2]
    return word[:-1] if len(word) > 2 and re.search(r"[^isu]s$", word) else word
