"""The registry: which plugins this process has.

Every process fills its own: with the plugins of the installed packages when it starts, and with those of folders as the
database has them (see ``entities/declared/in_force.py``). How plugins are doing is in the database (see ``lifecycle``).
"""

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from catalog_core.exceptions import PluginDefinitionError
from catalog_core.plugins.contract import Plugin, base_path, source_key
from catalog_core.plugins.metadata import PluginMetadata, compatibility_problems, metadata_of

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
_VERSION = re.compile(r"v[0-9]+((alpha|beta)[0-9]+)?")
_BASE_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderPlugin:
    """A plugin that a folder describes, or would.

    Attributes:
        key: tells it from any other.
        folder: the name of the folder.
        digest: of the texts that the plugin was made of.
        plugin: the plugin; nothing if there never was a valid one.
        metadata: what its ``plugin.yaml`` says.
        name: what it is called; empty if that is not known.
        problems: why the newest version of the folder is not in force; empty if it is.
    """

    key: int
    folder: str
    digest: str = ""
    plugin: Plugin | None = None
    metadata: PluginMetadata | None = None
    name: str = ""
    problems: tuple[str, ...] = ()


class PluginRegistry:
    """Plugins in the order of their names; a plugin that does not keep the contract does not get in.

    Attributes:
        revision: grows whenever the registry holds other plugins than before; only this process knows it.
        folder_plugins: those that come from folders, in the order in which they came, refused ones without a plugin.
        folder_state: what they were made from.
    """

    def __init__(self) -> None:
        self._plugins: dict[str, Plugin] = {}
        self._metadata: dict[str, PluginMetadata] = {}
        self.revision = 0
        self.folder_plugins: tuple[FolderPlugin, ...] = ()
        self.folder_state: Hashable = ()

    def __iter__(self) -> Iterator[Plugin]:
        return iter([self._plugins[name] for name in sorted(self._plugins)])

    def __len__(self) -> int:
        return len(self._plugins)

    def __contains__(self, name: object) -> bool:
        return name in self._plugins

    def installed(self) -> list[Plugin]:
        """Return the plugins of installed apps: those that stay as long as the process runs."""
        from_folders = {id(entry.plugin) for entry in self.folder_plugins}
        return [plugin for plugin in self if id(plugin) not in from_folders]

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
        problems = [*_own_problems(plugin), *clashes(plugin, self)]
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
        self._plugins = {**self._plugins, plugin.name: plugin}
        if metadata:
            self._metadata = {**self._metadata, plugin.name: metadata}
        self.revision += 1

    def unregister(self, name: str) -> None:
        """Forget a plugin; nothing happens if it is not there."""
        self._plugins = {other: plugin for other, plugin in self._plugins.items() if other != name}
        self._metadata = {other: metadata for other, metadata in self._metadata.items() if other != name}
        self.revision += 1

    def exchange(self, found: Iterable[FolderPlugin], state: Hashable) -> None:
        """Let these be the plugins that come from folders, instead of those before.

        Code wins over folders, and among these whoever came first; who loses is kept without its plugin, and with the
        reason. Other threads see all plugins of before or all of now.

        Args:
            found: all of them, in the order in which they came.
            state: what they were made from.
        """
        plugins = {plugin.name: plugin for plugin in self.installed()}
        metadata = {name: about for name, about in self._metadata.items() if name in plugins}
        folders: dict[str, str] = {}
        kept = []
        for entry in found:
            if entry.plugin and entry.metadata:
                problems = [
                    *_own_problems(entry.plugin),
                    *clashes(entry.plugin, plugins.values(), folders),
                    *compatibility_problems(entry.metadata),
                ]
                if problems:
                    kept.append(replace(entry, plugin=None, problems=(*entry.problems, *problems)))
                    continue
                plugins[entry.plugin.name] = entry.plugin
                metadata[entry.plugin.name] = entry.metadata
                folders[entry.plugin.name] = entry.folder
            kept.append(entry)
        self._plugins, self._metadata = plugins, metadata
        self.folder_plugins, self.folder_state = tuple(kept), state
        self.revision += 1


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


def clashes(plugin: Plugin, others: Iterable[Plugin], folders: Mapping[str, str] | None = None) -> Iterable[str]:
    """Yield what a plugin shares with others, naming the folder of those that come from one."""
    mine = _identity(plugin)
    for other in others:
        folder = (folders or {}).get(other.name)
        owner = f"the folder {folder}" if folder else f"{type(other).__module__}.{type(other).__qualname__}"
        for what, value in _identity(other).items():
            if value and mine.get(what) == value:
                yield f"{what} {value!r} is taken by {owner}"


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
