"""The registry: which plugins this process has.

It holds code, not data, so every process fills its own from the same installed packages. Whatever changes while the
server runs is in the database (see ``lifecycle``).
"""

import re
from collections.abc import Iterable, Iterator

from catalog_core.exceptions import PluginDefinitionError
from catalog_core.plugins.contract import Plugin, base_path, source_key
from catalog_core.plugins.metadata import PluginMetadata, compatibility_problems, metadata_of

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_VERSION = re.compile(r"v[0-9]+((alpha|beta)[0-9]+)?")
_BASE_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)+")


class PluginRegistry:
    """Plugins in the order of their names; a plugin that does not keep the contract does not get in."""

    def __init__(self) -> None:
        self._plugins: dict[str, Plugin] = {}
        self._metadata: dict[str, PluginMetadata] = {}

    def __iter__(self) -> Iterator[Plugin]:
        return iter([self._plugins[name] for name in sorted(self._plugins)])

    def __len__(self) -> int:
        return len(self._plugins)

    def __contains__(self, name: object) -> bool:
        return name in self._plugins

    def get(self, name: str) -> Plugin | None:
        """Return the plugin of that name, or nothing."""
        return self._plugins.get(name)

    def by_source_key(self, key: str) -> Plugin | None:
        """Return the plugin that owns a section of the configuration, or nothing."""
        return next((plugin for plugin in self if source_key(plugin) == key), None)

    def metadata(self, name: str) -> PluginMetadata | None:
        """Return what ``plugin.yaml`` says of a registered plugin, or nothing if it has none."""
        return self._metadata.get(name)

    def register(self, plugin: Plugin) -> None:
        """Take a plugin in, after everything about it was checked.

        Raises:
            PluginDefinitionError: with every problem found; the registry is then as it was before.
        """
        problems = [*_own_problems(plugin), *self._clashes(plugin)]
        metadata = None
        try:
            metadata = metadata_of(plugin)
        except PluginDefinitionError as error:
            problems.extend(error.problems)
        if metadata:
            problems.extend(compatibility_problems(metadata))
            if metadata.name != getattr(plugin, "name", None):
                problems.append(f"plugin.yaml calls it {metadata.name!r}, its code {getattr(plugin, 'name', None)!r}")
        if problems:
            raise PluginDefinitionError(problems)
        self._plugins[plugin.name] = plugin
        if metadata:
            self._metadata[plugin.name] = metadata

    def unregister(self, name: str) -> None:
        """Forget a plugin; nothing happens if it is not there."""
        self._plugins.pop(name, None)
        self._metadata.pop(name, None)

    def _clashes(self, plugin: Plugin) -> Iterable[str]:
        mine = _identity(plugin)
        for other in self:
            for what, value in _identity(other).items():
                if value and mine.get(what) == value:
                    yield f"{what} {value!r} is taken by {type(other).__module__}.{type(other).__qualname__}"


def _own_problems(plugin: object) -> Iterable[str]:
    if not isinstance(plugin, Plugin):
        yield f"{plugin!r} is no Plugin; derive a class from catalog_core.plugin.CatalogPlugin and register an instance"
        return
    name = getattr(plugin, "name", "")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        yield f"name {name!r} must begin with a lower-case letter and hold only those, digits, '-' and '_', 63 at most"
    if not isinstance(plugin.version, str) or not _VERSION.fullmatch(plugin.version):
        yield f"version {plugin.version!r} is not an API version such as v1 or v1alpha1"
    try:
        path = base_path(plugin) if isinstance(name, str) else "/"
    except Exception as error:  # noqa: BLE001 - plugin code: whatever it raises is a problem of that plugin
        yield f"base_path() raised {type(error).__name__}: {error}"
    else:
        if not _BASE_PATH.fullmatch(path):
            yield f"base path {path!r} must begin with '/', not end with it, and hold no spaces"
    check = getattr(plugin, "declaration_problems", None)
    if callable(check):
        yield from check()


def _identity(plugin: Plugin) -> dict[str, str]:
    """Return what no two plugins may share. What cannot be asked for is reported elsewhere."""
    identity = {"name": getattr(plugin, "name", "")}
    for what, ask in (("base path", base_path), ("source key", source_key)):
        try:
            identity[what] = ask(plugin)
        except Exception:  # noqa: BLE001 - reported by _own_problems
            identity[what] = ""
    return identity


registry = PluginRegistry()
"""The plugins of this process. Only entrances and views use it; everything else is given a registry."""
