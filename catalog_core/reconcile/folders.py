"""Folders with ``plugin.yaml`` and ``catalog.yaml``: what lies there is the wish, what the database holds is in force.

Only the reconciler looks into folders. It notes what it finds for all processes; each of these then has the plugins in
its registry at its next request or task (see ``entities/declared/in_force.py``).
"""

import hashlib
import logging
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from catalog_core.conf import catalog_settings
from catalog_core.entities.declared.in_force import build, synchronize
from catalog_core.entities.declared.models import DeclaredEntity
from catalog_core.entities.declared.plugin import DeclaredPlugin
from catalog_core.entities.generations import bump_generation
from catalog_core.entities.rendering import remove_assets, remove_assets_of
from catalog_core.exceptions import PluginDefinitionError
from catalog_core.plugins.contract import Plugin
from catalog_core.plugins.metadata import compatibility_problems
from catalog_core.plugins.metadata.catalog_yaml import CATALOG_FILE
from catalog_core.plugins.metadata.plugin_yaml import PLUGIN_FILE
from catalog_core.plugins.models import PluginFolder
from catalog_core.plugins.registry import PluginRegistry, clashes
from catalog_core.reconcile.sources import take_out_catalog
from catalog_core.sources.models import Source

logger = logging.getLogger(__name__)

MOST_FOLDERS = 500
"""Folders with plugins that are looked at; further ones are left out."""
_FILES = (PLUGIN_FILE, CATALOG_FILE)

Check = Callable[[Plugin], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenFolder:
    """What a folder holds now.

    Attributes:
        folder: where it is.
        root: the entry of the setting that it was found by.
        texts: the contents of ``plugin.yaml`` and ``catalog.yaml``.
        problem: why they could not be read; empty if they could.
    """

    folder: Path
    root: Path
    texts: tuple[str, str] = ("", "")
    problem: str = ""

    @property
    def digest(self) -> str:
        """What changes with the contents, and with the reason why there are none."""
        told = repr((self.texts, self.problem)).encode()
        return hashlib.blake2b(told, digest_size=16).hexdigest()


def is_taken_over() -> bool:
    """Say whether the database holds what the folders do. Reads small files and changes nothing."""
    seen, unreadable = look()
    wished = {str(one.folder): one.digest for one in seen}
    rows = PluginFolder.objects.present().values_list("folder", "root", "seen_digest")
    noted = {folder: digest for folder, root, digest in rows if folder in wished or root not in unreadable}
    return noted == wished


def take_over_folders(plugins: PluginRegistry, check: Check, *, starting: bool) -> bool:
    """Put into force what the folders hold; return whether any catalog is other than before.

    A version that is not valid is noted, and the last valid one stays in force. A folder that is gone takes its catalog
    along, with its sources and entities; its return brings all of it back.

    Args:
        plugins: the plugins of this process; they are brought up to date, too.
        check: a last look at a plugin before it is taken over; raises if the plugin cannot serve.
        starting: whether to judge again what was judged before: this version of the server may see it otherwise.
    """
    synchronize(plugins)
    seen, unreadable = look()
    with transaction.atomic():
        rows = {row.folder: row for row in PluginFolder.objects.present().select_for_update()}
        for one in seen:
            row = rows.pop(str(one.folder), None)
            if row is None or starting or row.seen_digest != one.digest:
                _take_over(one, row, plugins, check)
        for row in rows.values():
            if row.root not in unreadable:
                _note_removed(row, plugins)
        forgotten = timezone.now() - timedelta(days=catalog_settings().removed_source_days)
        PluginFolder.objects.filter(removed_at__lt=forgotten).delete()
    changed = synchronize(plugins)
    _remove_strangers(plugins)
    if changed or starting:
        _tell_left_out(plugins, unreadable)
    return changed


def look() -> tuple[list[SeenFolder], set[str]]:
    """Return what the folders of the setting hold, and the entries of the setting that cannot be looked into."""
    seen: dict[Path, SeenFolder] = {}
    unreadable = set()
    for root in catalog_settings().plugin_folders:
        try:
            for folder in _plugin_folders(root):
                seen.setdefault(folder, _read(folder, root))
        except OSError:
            unreadable.add(str(root))
    return list(seen.values())[:MOST_FOLDERS], unreadable


def _tell_left_out(plugins: PluginRegistry, unreadable: Iterable[str]) -> None:
    for root in sorted(unreadable):
        logger.warning("plugin folder %s: it cannot be looked into; what came from there stays in force", root)
    for entry in plugins.folder_plugins:
        if entry.plugin is None and entry.digest:
            logger.warning("plugin folder %s: %s", entry.folder, "; ".join(entry.problems))


def _plugin_folders(root: Path) -> Iterator[Path]:
    """Yield the folder itself if it holds a plugin, else the folders in it that do.

    Raises:
        OSError: it cannot be looked into.
    """
    if _holds_plugin(root):
        yield root
        return
    if not root.exists() and PluginFolder.objects.present().filter(folder=str(root)).exists():
        return  # a plugin's own folder, taken away
    for folder in sorted(root.iterdir()):
        if not folder.name.startswith(".") and _can_be_noted(folder) and folder.is_dir() and _holds_plugin(folder):
            yield folder


def _can_be_noted(folder: Path) -> bool:
    """Say whether the database can hold where a folder is: it takes text in UTF-8, of some length."""
    text = str(folder)
    return len(text) <= 1000 and text.isprintable()


def _holds_plugin(folder: Path) -> bool:
    try:
        return any((folder / name).exists() for name in _FILES)
    except PermissionError:
        return True  # reading it says what is wrong


def _read(folder: Path, root: Path) -> SeenFolder:
    try:
        plugin_yaml, catalog_yaml = (_content(folder / name) for name in _FILES)
    except OSError as error:
        file = Path(error.filename).name if error.filename else ""
        return SeenFolder(folder=folder, root=root, problem=f"{folder.name}/{file}: {error.strerror}")
    except ValueError as error:
        return SeenFolder(folder=folder, root=root, problem=f"{folder.name}/{error}")
    return SeenFolder(folder=folder, root=root, texts=(plugin_yaml, catalog_yaml))


def _content(file: Path) -> str:
    """Return the text of a file.

    Raises:
        OSError: it cannot be read.
        ValueError: it is something else than a text of a sensible size.
    """
    limit = catalog_settings().configuration_max_bytes
    status = file.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ValueError(f"{file.name}: this is no ordinary file")
    if status.st_size > limit:
        raise ValueError(f"{file.name}: it has {status.st_size} bytes, {limit} are allowed")
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError(f"{file.name}: it is not in UTF-8") from None


def _take_over(seen: SeenFolder, row: PluginFolder | None, plugins: PluginRegistry, check: Check) -> None:
    before = (row.digest, row.seen_digest, row.problems) if row else None
    try:
        plugin = _judged(seen, row, plugins, check)
    except PluginDefinitionError as error:
        row = row or PluginFolder(folder=str(seen.folder), root=str(seen.root))
        row.problems = [problem.replace("\0", "\\0") for problem in error.problems]  # no database keeps that character
    else:
        row = _row_for(seen, row, plugin, plugins)
        row.plugin_yaml, row.catalog_yaml = seen.texts
        row.digest, row.problems = seen.digest, []
    row.seen_digest = seen.digest
    if (row.digest, row.seen_digest, row.problems) == before:
        return
    row.save()
    if row.name:
        bump_generation(row.name)
    transaction.on_commit(partial(_log, row))


def _judged(seen: SeenFolder, row: PluginFolder | None, plugins: PluginRegistry, check: Check) -> DeclaredPlugin:
    """Return the plugin of a folder, if it can serve.

    One that clashes with others is refused if it would take the place of a version in force. Without such, it waits in
    the registry for the others to go.

    Raises:
        PluginDefinitionError: it cannot; every problem is listed.
    """
    if seen.problem:
        raise PluginDefinitionError([seen.problem])
    label = seen.folder.name
    built = build(*seen.texts, folder=label)
    plugin = built.plugin
    problems = [*plugin.declaration_problems(), *compatibility_problems(built.metadata)]
    if in_force := _in_force(row, plugins):
        problems += clashes(plugin, (other for other in plugins if other is not in_force))
    if problems:
        raise PluginDefinitionError(f"{label}: {problem}" for problem in problems)
    try:
        check(plugin)
    except Exception as error:  # whatever the making of its routes raises is the problem of this folder
        raise PluginDefinitionError([f"{label}: its routes cannot be made: {error}"]) from error
    return plugin


def _row_for(
    seen: SeenFolder, row: PluginFolder | None, plugin: DeclaredPlugin, plugins: PluginRegistry
) -> PluginFolder:
    """Return the row of a valid version. Another name or kind is another catalog: what was there is removed."""
    name, kind, folder = plugin.name, plugin.kind, str(seen.folder)
    if row and row.name and (row.name, row.kind) != (name, kind):
        _note_removed(row, plugins)
        row = None
    if row is None:
        returned = PluginFolder.objects.exclude(removed_at=None).filter(folder=folder, name=name, kind=kind)
        row = returned.first() or PluginFolder(folder=folder)
    row.root, row.name, row.kind, row.removed_at = str(seen.root), name, kind, None
    return row


def _in_force(row: PluginFolder | None, plugins: PluginRegistry) -> Plugin | None:
    """Return the plugin that a folder has in the registry, or nothing."""
    return next((entry.plugin for entry in plugins.folder_plugins if row and entry.key == row.pk), None)


def _note_removed(row: PluginFolder, plugins: PluginRegistry) -> None:
    """Take a folder out, with the sources and entities of its catalog unless somebody else serves under its name."""
    if row.name and plugins.get(row.name) in (None, _in_force(row, plugins)):
        for source in Source.objects.filter(plugin=row.name):
            remove_assets_of(source)
        DeclaredEntity._default_manager.filter(source__plugin=row.name).delete()
        take_out_catalog(row.name)
    row.removed_at = timezone.now()
    row.save()
    transaction.on_commit(partial(logger.info, "plugin folder %s: removed", row.label))


def _remove_strangers(plugins: PluginRegistry) -> None:
    """Remove entities that a folder's catalog has left to an app which has taken over its name."""
    names = [plugin.name for plugin in plugins.installed()]
    strangers = DeclaredEntity._default_manager.filter(source__plugin__in=names)
    if ids := list(strangers.values_list("id", flat=True)):
        remove_assets(ids)
        strangers.delete()


def _log(row: PluginFolder) -> None:
    """Say what came of a new version."""
    if row.problems:
        stays = " What was in force before stays in force." if row.digest else ""
        logger.warning("plugin folder %s: %s.%s", row.label, "; ".join(row.problems), stays)
    else:
        logger.info("plugin folder %s: the catalog %s is in force", row.label, row.name)
