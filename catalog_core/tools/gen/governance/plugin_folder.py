"""The folder of a plugin, read once for all checks."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from catalog_core.exceptions import InvalidDocument
from catalog_core.plugins.metadata import (
    CatalogConfig,
    Parsed,
    PluginMetadata,
    parse_catalog_yaml,
    parse_plugin_yaml,
)
from catalog_core.plugins.metadata.plugin_yaml import PLUGIN_FILE
from catalog_core.problems import Problem
from catalog_core.sources.formats import Document, parse_document
from catalog_core.tools.gen.scaffold.places import holds_code

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FileRead(Generic[T]):
    """A file of a plugin.

    Attributes:
        exists: whether it is there.
        document: what is written in it, as far as it is YAML.
        value: what it says, if it keeps the rules of its format.
        problems: what is wrong with it, and what is odd.
    """

    exists: bool
    document: Document | None = None
    value: T | None = None
    problems: tuple[Problem, ...] = ()

    def at(self, *path: str) -> Any:
        """Return what is written at a place, however wrong the rest of the file may be; ``None`` if nothing is."""
        value = self.document.value if self.document else None
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        return value


@dataclass(frozen=True, slots=True)
class PluginFolder:
    """The folder of a plugin.

    Attributes:
        path: where it is.
        shown: how people know it.
        plugin: its ``plugin.yaml``.
        catalog: its ``catalog.yaml``.
    """

    path: Path
    shown: str
    plugin: FileRead[PluginMetadata]
    catalog: FileRead[CatalogConfig]

    @property
    def has_code(self) -> bool:
        """Whether it is, or is to become, more than the two files."""
        is_alone = self.plugin.exists and self.catalog.exists and self.catalog.at("spec", "package") is None
        return not is_alone or (self.path / "tests").exists() or holds_code(self.path)

    @classmethod
    def read(cls, path: Path) -> "PluginFolder":
        """Read the folder at ``path``, which exists."""
        return cls(
            path=path,
            shown=shown_path(path),
            plugin=_read(path / "plugin.yaml", lambda content: parse_plugin_yaml(content)),
            catalog=_read(path / "catalog.yaml", lambda content: parse_catalog_yaml(content)),
        )


def plugin_folders(path: Path) -> list[Path]:
    """Return the folders of plugins that a path stands for: those in it, unless it is one itself or holds none."""
    inside = [] if (path / PLUGIN_FILE).exists() else sorted(file.parent for file in path.glob(f"*/{PLUGIN_FILE}"))
    return inside or [path]


def shown_path(path: Path) -> str:
    """Return how to call a path in output: relative to the current folder where it lies below it, else as given."""
    absolute = path.resolve()
    here = Path.cwd().resolve()
    if absolute.is_relative_to(here):
        return absolute.relative_to(here).as_posix()
    return path.as_posix()


def _read(path: Path, parse: Callable[[bytes], Parsed[T]]) -> FileRead[T]:
    if not path.is_file():
        message = f"There is no {path.name}."
        return FileRead(False, problems=(Problem(message=message, rule="missing-file", file=path.name),))
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"The file cannot be read: {error.strerror}."
        return FileRead(True, problems=(Problem(message=message, rule="unreadable", file=path.name),))
    document = None
    try:
        document = parse_document(content, file=path.name)
        parsed = parse(content)
    except InvalidDocument as error:
        return FileRead(True, document, problems=error.problems)
    return FileRead(True, document, parsed.value, parsed.warnings)
