"""``plugin.yaml``: who answers for a plugin and which servers it works with."""

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import yaml
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from catalog_core import FRAMEWORK_API, server_version
from catalog_core.exceptions import PluginDefinitionError
from catalog_core.plugins.contract import Plugin


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginMetadata:
    """What ``plugin.yaml`` says. Versions are texts as written; ``1.x`` stands for any version that begins with 1."""

    name: str
    display_name: str = ""
    description: str = ""
    version: str = ""
    owners: tuple[tuple[str, str], ...] = ()
    min_server: str = ""
    max_server: str = ""
    framework_api: str = ""
    providers: tuple[str, ...] = ()
    license: str = ""
    repository: str = ""


def metadata_of(plugin: Plugin) -> PluginMetadata | None:
    """Return what the ``plugin.yaml`` beside the plugin's code says; nothing if there is no such file.

    Raises:
        PluginDefinitionError: the file is there but cannot be understood.
    """
    folder = _folder(plugin)
    if folder is None or not (folder / "plugin.yaml").is_file():
        return None
    try:
        document = yaml.safe_load((folder / "plugin.yaml").read_bytes())
        return _parse(document)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise PluginDefinitionError([f"plugin.yaml is not valid YAML: {error}"]) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise PluginDefinitionError([f"plugin.yaml does not have the shape of a CatalogPlugin: {error}"]) from error


def compatibility_problems(metadata: PluginMetadata, server: str | None = None) -> list[str]:
    """Return why the plugin does not fit this server; nothing if it does. Each text names both versions."""
    server = server or server_version()
    problems = []
    if metadata.framework_api and metadata.framework_api != FRAMEWORK_API:
        problems.append(
            f"it was written for plugin API {metadata.framework_api}, this server offers {FRAMEWORK_API}; "
            "install a release of the plugin made for this API"
        )
    for label, bound, operator in (
        ("minVersion", metadata.min_server, ">="),
        ("maxVersion", metadata.max_server, "<="),
    ):
        if not bound:
            continue
        try:
            fits = Version(server) in _range(bound, operator)
        except (InvalidVersion, InvalidSpecifier):
            problems.append(f"plugin.yaml has {label} {bound!r}, which is not a version such as 1.2.0 or 1.x")
            continue
        if not fits:
            words = "at least" if operator == ">=" else "at most"
            problems.append(f"it needs a server of version {words} {bound}, this is {server}")
    return problems


def _range(bound: str, operator: str) -> SpecifierSet:
    parts = bound.strip().removeprefix("v").split(".")
    if "x" not in parts:
        return SpecifierSet(f"{operator}{'.'.join(parts)}", prereleases=True)
    fixed = parts[: parts.index("x")]
    if operator == ">=":
        return SpecifierSet(f">={'.'.join(fixed) or '0'}", prereleases=True)
    if not fixed:
        return SpecifierSet(prereleases=True)
    return SpecifierSet(f"<{'.'.join([*fixed[:-1], str(int(fixed[-1]) + 1)])}", prereleases=True)


def _folder(plugin: Plugin) -> Path | None:
    module = import_module(type(plugin).__module__)
    return Path(module.__file__).parent if module.__file__ else None


def _parse(document: dict[str, Any]) -> PluginMetadata:
    spec = document["spec"]
    compatibility = spec.get("compatibility") or {}
    server = compatibility.get("catalogServer") or {}
    return PluginMetadata(
        name=document["metadata"]["name"],
        display_name=spec.get("displayName", ""),
        description=spec.get("description", ""),
        version=str(spec.get("version", "")),
        owners=tuple((owner.get("team", ""), owner.get("contact", "")) for owner in spec.get("owners") or ()),
        min_server=str(server.get("minVersion", "")),
        max_server=str(server.get("maxVersion", "")),
        framework_api=str(compatibility.get("frameworkApi", "")),
        providers=tuple(spec.get("providers") or ()),
        license=spec.get("license", ""),
        repository=spec.get("repository", ""),
    )
