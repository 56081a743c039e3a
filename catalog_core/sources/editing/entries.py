"""Finding, writing and removing the entry of one source in one document."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog_core.sources.editing.rewriting import rewrite
from catalog_core.sources.formats import CONFIGURATION_LIMITS, Document

ENTRY_KEYS = ("id", "name", "type", "enabled", "labels", "properties", "includedItems", "excludedItems")
"""The keys of an entry, in the order in which new ones are written."""


def stated_entry(document: Document, section: str, source_id: str) -> dict[str, Any] | None:
    """Return the entry of a source as the document states it, if it does."""
    entries = _entries(document.value, section)
    index = _index(document, section, source_id)
    return None if index is None else entries[index]


def has_section(document: Document, section: str) -> bool:
    """Whether the document has a section of this name."""
    catalogs = document.value.get(spelled(document.value, "catalogs"))
    return isinstance(catalogs, dict) and section in catalogs


def put_entry(
    content: bytes,
    document: Document,
    section: str,
    source_id: str,
    entry: Mapping[str, Any],
    *,
    follows: Sequence[str] | None = None,
    max_bytes: int = CONFIGURATION_LIMITS.max_bytes,
) -> bytes:
    """Return the document with ``entry`` in the place of the entry that a source has, or as a further one.

    Args:
        content: the document.
        document: the same, parsed.
        section: the source key of the catalog; the section is made where it is missing.
        source_id: the id of the source.
        entry: the whole entry, under the keys that it is to have in the file.
        follows: ids behind all of which a further entry is to stand; behind all that there are, if absent.
        max_bytes: largest size of the document, in bytes.

    Raises:
        InvalidDocument: the document cannot be changed so without changing something else.
    """
    entries = list(_entries(document.value, section))
    index = _index(document, section, source_id)
    if index is None:
        entries.insert(len(entries) if follows is None else _behind(document, section, follows), dict(entry))
    else:
        entries[index] = dict(entry)
    return rewrite(content, _with_entries(document, section, entries), file=document.file, max_bytes=max_bytes)


def remove_entry(
    content: bytes,
    document: Document,
    section: str,
    source_id: str,
    *,
    max_bytes: int = CONFIGURATION_LIMITS.max_bytes,
) -> bytes:
    """Return the document without the entry of a source; the document itself if it has none.

    Raises:
        InvalidDocument: the entry cannot be taken out without changing something else.
    """
    entries = list(_entries(document.value, section))
    index = _index(document, section, source_id)
    if index is None:
        return content
    del entries[index]
    return rewrite(content, _with_entries(document, section, entries), file=document.file, max_bytes=max_bytes)


def spelled(mapping: Mapping[str, Any], name: str) -> str:
    """Return ``name`` as ``mapping`` spells it; the case of letters does not matter in these files."""
    return next((key for key in mapping if key.lower() == name.lower()), name)


def _entries(value: Any, section: str) -> list[Any]:
    catalogs = _inner(value, "catalogs")
    entries = _inner(catalogs.get(section), "sources", list) if isinstance(catalogs, dict) else []
    return entries


def _inner(value: Any, key: str, kind: type = dict) -> Any:
    found = value.get(spelled(value, key)) if isinstance(value, dict) else None
    return found if isinstance(found, kind) else kind()


def _index(document: Document, section: str, source_id: str) -> int | None:
    """Return which entry has the id; of two the first."""
    catalogs = spelled(document.value, "catalogs")
    for index, entry in enumerate(_entries(document.value, section)):
        if isinstance(entry, dict):
            key = spelled(entry, "id")
            sources = spelled(document.value[catalogs][section], "sources")
            if _id_text(document, (catalogs, section, sources, index, key), entry.get(key)) == source_id:
                return index
    return None


def _behind(document: Document, section: str, follows: Sequence[str]) -> int:
    places = [place for one in follows if (place := _index(document, section, one)) is not None]
    return max(places, default=-1) + 1


def _id_text(document: Document, path: tuple[str | int, ...], value: Any) -> str:
    """Return an id as the configuration understands it: a number is taken as it is written."""
    if isinstance(value, str):
        return value.strip()
    written = None if value is None or isinstance(value, dict | list) else document.text(path)
    return (written or "").strip()


def _with_entries(document: Document, section: str, entries: list[Any]) -> dict[str, Any]:
    """Return what the document would say with other entries; nothing that it shares with the document is changed."""
    value = dict(document.value)
    catalogs = spelled(value, "catalogs")
    sections = dict(value.get(catalogs) or {})
    there = dict(sections.get(section) or {})
    there[spelled(there, "sources")] = entries
    sections[section] = there
    value[catalogs] = sections
    return value
