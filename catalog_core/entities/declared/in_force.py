"""The kinds without code that are in force, as the database says, in the registry of this process."""

import threading
from dataclasses import dataclass
from datetime import datetime

from catalog_core.entities.declared.plugin import DeclaredPlugin, plugin_of
from catalog_core.exceptions import InvalidDocument, PluginDefinitionError
from catalog_core.plugins.metadata import PluginMetadata, parse_catalog_yaml, parse_plugin_yaml
from catalog_core.plugins.models import PluginFolder
from catalog_core.plugins.registry import FolderPlugin, PluginRegistry

_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class BuiltPlugin:
    """What the two files of a folder make."""

    plugin: DeclaredPlugin
    metadata: PluginMetadata


def build(plugin_yaml: str, catalog_yaml: str, *, folder: str) -> BuiltPlugin:
    """Return what two files make. Pure; whether it fits this server, and other plugins, is for the registry to say.

    Args:
        plugin_yaml: the content of ``plugin.yaml``.
        catalog_yaml: the content of ``catalog.yaml``.
        folder: how messages call their folder.

    Raises:
        PluginDefinitionError: one of them breaks its rules, or they contradict each other; every problem is listed.
    """
    problems: list[str] = []
    metadata = config = None
    try:
        metadata = parse_plugin_yaml(plugin_yaml.encode(), file=f"{folder}/plugin.yaml").value
    except InvalidDocument as error:
        problems += map(str, error.problems)
    try:
        config = parse_catalog_yaml(catalog_yaml.encode(), file=f"{folder}/catalog.yaml").value
    except InvalidDocument as error:
        problems += map(str, error.problems)
    if metadata and config and metadata.name != config.name:
        problems.append(f"{folder}: plugin.yaml calls it {metadata.name!r}, catalog.yaml {config.name!r}")
    if problems or metadata is None or config is None:
        raise PluginDefinitionError(problems)
    return BuiltPlugin(plugin=plugin_of(config, metadata), metadata=metadata)


def synchronize(plugins: PluginRegistry) -> bool:
    """Make the plugins of folders in a registry those that are in force; return whether any is other than before.

    One query tells whether there is anything to do. What the folders hold now is not looked at: that is for the
    reconciler.

    Args:
        plugins: the registry; nothing else in it is touched.
    """
    if _state() == plugins.folder_state:
        return False
    with _lock:  # of two threads the later one reads what is at least as new
        state = _state()
        if state == plugins.folder_state:
            return False
        known = {(entry.key, entry.digest): entry for entry in plugins.folder_plugins}
        rows = PluginFolder.objects.present().order_by("pk")
        plugins.exchange([_entry(row, known.get((row.pk, row.digest))) for row in rows], state)
        return True


def _state() -> tuple[tuple[int, datetime], ...]:
    return tuple(PluginFolder.objects.present().order_by("pk").values_list("pk", "changed_at"))


def _entry(row: PluginFolder, before: FolderPlugin | None) -> FolderPlugin:
    """Return what a row says; a plugin that was built before is taken again, with all that follows from it."""
    plugin, metadata, problems = None, None, list(row.problems)
    if before and before.plugin:
        plugin, metadata = before.plugin, before.metadata
    elif row.digest:
        try:
            built = build(row.plugin_yaml, row.catalog_yaml, folder=row.label)
        except PluginDefinitionError as error:  # another version of this server has accepted it
            problems += error.problems
        else:
            plugin, metadata = built.plugin, built.metadata
    return FolderPlugin(
        key=row.pk,
        folder=row.label,
        digest=row.digest,
        plugin=plugin,
        metadata=metadata,
        name=row.name,
        problems=tuple(problems),
    )
