"""The plugins that are on this machine: bundled, installed, or in folders that somebody names."""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from catalog_core.plugins.discovery import BUNDLED_PACKAGE, plugin_apps
from catalog_core.tools.gen.governance import PluginFolder, plugin_folders


def bundled_plugins() -> list[PluginFolder]:
    """Return the folders of the plugins that come with the server, in the order of their names."""
    return [PluginFolder.read(folder) for package, folder in _installed() if package.startswith(f"{BUNDLED_PACKAGE}.")]


def plugins_by_name(folders: Iterable[Path] = ()) -> dict[str, PluginFolder]:
    """Return the folders of all plugins that have a readable ``plugin.yaml``, by the names of the plugins.

    Args:
        folders: folders of plugins, and folders that hold such; they count before what is installed.
    """
    found: dict[str, PluginFolder] = {}
    named = [path for folder in folders for path in plugin_folders(folder)]
    for path in [*named, *(folder for _, folder in _installed())]:
        folder = PluginFolder.read(path)
        if folder.plugin.value:
            found.setdefault(folder.plugin.value.name, folder)
    return found


def _installed() -> Iterator[tuple[str, Path]]:
    """Yield package and folder of every plugin app, without importing the app itself."""
    for dotted_name in plugin_apps():
        package = dotted_name.partition(".apps.")[0]
        try:
            spec = find_spec(package)
        except ImportError:  # a package around it cannot be imported; the server reports that, here it is not found
            continue
        if spec and spec.origin:
            yield package, Path(spec.origin).parent
