"""Bringing a plugin in line with its ``catalog.yaml``, without touching what its author has edited."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path

from catalog_core.plugins.metadata.catalog_yaml import CATALOG_FILE
from catalog_core.tools.gen.scaffold.app_files import WHOLE_FILES
from catalog_core.tools.gen.scaffold.manifest import FILE_NAME, Manifest, read_manifest
from catalog_core.tools.gen.scaffold.migrations import PlannedMigration, plan_migration
from catalog_core.tools.gen.scaffold.parts import files_with, generated_parts, present_parts
from catalog_core.tools.gen.scaffold.places import dotted_name, holds_code
from catalog_core.tools.gen.scaffold.specification import CatalogSpecification


class NoCode(ValueError):
    """A plugin is made of its two files alone, so nothing is written from them; the text says what to do."""


class UnknownPart(ValueError):
    """Somebody named a file that is not generated; the text says which are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A part that both its author and ``catalog.yaml`` have changed. ``difference`` leads from the one to the other."""

    path: str
    difference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Regeneration:
    """What is to be done.

    Attributes:
        files: files to write, by path.
        changed: paths of the parts that become other than they are.
        conflicts: parts that stay as they are although they should be otherwise. If code is among them, nothing is
            written at all.
        migration: the next migration, if the tables have to change.
    """

    files: Mapping[str, str] = field(default_factory=dict)
    changed: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    migration: PlannedMigration | None = None


def plan_regeneration(
    folder: Path, spec: CatalogSpecification, *, keep: Iterable[str] = (), replace: Iterable[str] = ()
) -> Regeneration:
    """Return what brings the plugin in a folder in line with its ``catalog.yaml``.

    Args:
        folder: the folder of the plugin.
        spec: what its ``catalog.yaml`` says.
        keep: paths of files whose author has taken over by hand what ``catalog.yaml`` wants.
        replace: paths of files whose edits are given up.

    Raises:
        OSError: a file cannot be read.
        UnknownPart: ``keep`` or ``replace`` names a file that is not generated.
        UnreadableManifest: it is not known what was written before.
        MigrationImpossible: the next migration cannot be worked out.
        NoCode: there is no code in the folder.
    """
    if not holds_code(folder):
        raise NoCode(
            f"{folder} holds no code, so nothing has to be written: a server serves the catalog as it is. "
            f"To make an app of it: catalog-gen init --from {folder / CATALOG_FILE}"
        )
    wanted, present, manifest = generated_parts(spec), present_parts(folder), read_manifest(folder)
    kept, replaced = set(_parts_of(keep, wanted)), set(_parts_of(replace, wanted))
    decided = {path: _decision(path, wanted[path], present.get(path), manifest) for path in wanted}
    conflicts = [path for path, what in decided.items() if what == "conflict" and path not in kept | replaced]
    changed = {
        path: wanted[path]
        for path, what in decided.items()
        if what == "write" or (path in replaced and present.get(path) != wanted[path])
    }
    told = tuple(_conflict(path, present[path], wanted[path]) for path in sorted(conflicts))
    if not WHOLE_FILES.isdisjoint(conflicts):
        return Regeneration(conflicts=told)  # the code belongs together: half of it in line would not work
    files = files_with(folder, changed)
    is_in_line = "models.py" not in changed and manifest.wrote("models.py", present.get("models.py", ""))
    migration = None if is_in_line else plan_migration(folder, dotted_name(folder), files)
    known = manifest.with_texts({path: text for path, text in wanted.items() if path not in conflicts})
    everything = {**files, **({migration.path: migration.text} if migration else {})}
    if known != manifest:
        everything[FILE_NAME] = known.text()
    return Regeneration(
        files=everything,
        changed=tuple(sorted(changed)),
        conflicts=told,
        migration=migration,
    )


def _decision(path: str, wanted: str, present: str | None, manifest: Manifest) -> str:
    """Say what becomes of a part: ``write``, ``leave`` or ``conflict``."""
    if present == wanted:
        return "leave"
    if present is None:
        # A page without marks was made so by its author; a file that is gone is written again.
        return "leave" if "#" in path else "write"
    if manifest.wrote(path, present):
        return "write"
    return "leave" if manifest.wrote(path, wanted) else "conflict"


def _parts_of(named: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    for name in named:
        found = [path for path in known if path == name or path.partition("#")[0] == name]
        if not found:
            files = ", ".join(sorted({path.partition("#")[0] for path in known}))
            raise UnknownPart(f"{name} is not generated; generated are {files}.")
        yield from found


def _conflict(path: str, present: str, wanted: str) -> Conflict:
    lines = unified_diff(
        present.splitlines(keepends=True),
        wanted.splitlines(keepends=True),
        fromfile=f"{path} (as it is)",
        tofile=f"{path} (as catalog.yaml wants it)",
    )
    return Conflict(path=path, difference="".join(line if line.endswith("\n") else f"{line}\n" for line in lines))
