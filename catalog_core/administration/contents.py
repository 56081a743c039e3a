"""The text of the file that a source is read from, for operators who look at it."""

from pathlib import Path, PurePath

from catalog_core.conf import catalog_settings
from catalog_core.sources.models import Source
from catalog_core.sources.providers.confinement import resolve_below

CONTENT_PROPERTY = "content"
"""The property under which the text is shown and, in requests, checked; it is never stored in the configuration."""
MAX_CONTENT_BYTES = 1024 * 1024
"""Larger files are not shown."""

_PATHS = ("yamlCatalogPath", "path")
_DATA_FILES = (".yaml", ".yml", ".json", ".jsonl", ".ndjson")


def source_content(source: Source) -> str | None:
    """Return the text of a source's file; nothing if it is no data file below the allowed folders.

    Files that are not named like data, and the configuration itself, are never shown: they may hold secrets.
    """
    if source.type != "yaml":
        return None
    path = content_path(
        source.origin, next((source.properties[key] for key in _PATHS if key in source.properties), None)
    )
    return _text(path) if path else None


def content_path(origin: str, written: object) -> Path | None:
    """Return the data file that ``written`` names, all symbolic links resolved, if it may be shown.

    Args:
        origin: the configuration file that names it; relative paths start in its folder.
        written: the path as it stands in the configuration.
    """
    if not isinstance(written, str) or PurePath(written).suffix.lower() not in _DATA_FILES:
        return None
    settings = catalog_settings()
    base_dir = Path(origin).parent
    real = resolve_below(base_dir / written, (base_dir, *settings.allowed_dirs))
    is_configuration = real in {file.resolve() for file in settings.sources_files}
    return None if real is None or is_configuration or real.suffix.lower() not in _DATA_FILES else real


def _text(path: Path) -> str | None:
    try:
        if not path.is_file() or path.stat().st_size > MAX_CONTENT_BYTES:
            return None
        return path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):  # the state of the source says what is wrong with its file
        return None
