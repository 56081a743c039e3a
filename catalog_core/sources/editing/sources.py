"""Writing and removing the entry of a source in a configuration that may stand in several files.

Each key of an entry is written in the file that decides about it: the last one that states it. So an override keeps
overriding, and a relative path keeps starting in the folder that it was written for.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog_core.exceptions import InvalidDocument
from catalog_core.problems import Problem
from catalog_core.sources.configuration import Configuration, SourceSpec, parse_configuration
from catalog_core.sources.documents import Documents, read_configuration
from catalog_core.sources.editing.entries import (
    ENTRY_KEYS,
    has_section,
    put_entry,
    remove_entry,
    spelled,
    stated_entry,
)
from catalog_core.sources.editing.opening import parsed as parsed_document
from catalog_core.sources.editing.rewriting import same
from catalog_core.sources.formats import CONFIGURATION_LIMITS, Document


def put_source(
    documents: Documents,
    section: str,
    entry: Mapping[str, Any],
    *,
    follows: Sequence[str] | None = None,
    max_bytes: int = CONFIGURATION_LIMITS.max_bytes,
) -> Documents:
    """Return the files changed so that a source is as ``entry`` says, and nothing else is other than before.

    Args:
        documents: the files.
        section: the source key of the catalog.
        entry: the whole entry; what it does not state holds by default.
        follows: ids behind all of which a new entry is to stand; behind all that there are, if absent.
        max_bytes: largest size of one file, in bytes.

    Raises:
        InvalidDocument: a file cannot be read, or cannot be changed so without changing something else.
    """
    identity = str(entry["id"])
    pages = [_Page.read(file, content, section, identity, max_bytes) for file, content in documents]
    if not any(page.holds for page in pages):
        ordered = {key: entry[key] for key in ENTRY_KEYS if key in entry}
        home = next((page for page in reversed(pages) if has_section(page.document, section)), pages[-1])
        changed = {home.file: ordered}
    else:
        changed = {page.file: page.wanted for page in _distributed(pages, entry)}
    result = tuple(
        (page.file, page.with_entry(section, identity, changed.get(page.file), follows, max_bytes)) for page in pages
    )
    _check_effect(documents, result, section, identity, entry, max_bytes)
    return result


def remove_source(
    documents: Documents, section: str, source_id: str, *, max_bytes: int = CONFIGURATION_LIMITS.max_bytes
) -> Documents:
    """Return the files without the entries of a source, in whichever of them it stands.

    Raises:
        InvalidDocument: a file cannot be read, or an entry cannot be taken out without changing something else.
    """
    pages = [_Page.read(file, content, section, source_id, max_bytes) for file, content in documents]
    result = tuple(
        (page.file, remove_entry(page.content, page.document, section, source_id, max_bytes=max_bytes))
        for page in pages
    )
    _check_effect(documents, result, section, source_id, None, max_bytes)
    return result


def is_stated(documents: Documents, section: str, source_id: str, *, max_bytes: int) -> bool:
    """Whether a file has an entry with this id, be it right or wrong."""
    return any(_Page.read(file, content, section, source_id, max_bytes).holds for file, content in documents)


@dataclass(slots=True)
class _Page:
    """One file, what it says about a source, and what it is to say."""

    file: Path
    content: bytes
    document: Document
    spec: SourceSpec | None
    wanted: dict[str, Any]
    holds: bool

    @classmethod
    def read(cls, file: Path, content: bytes, section: str, source_id: str, max_bytes: int) -> "_Page":
        parsed = parse_configuration(content, file=file.name, origin=str(file), max_bytes=max_bytes)
        document = parsed_document(content, file=file.name, max_bytes=max_bytes)
        found = stated_entry(document, section, source_id)
        return cls(
            file=file,
            content=content,
            document=document,
            spec=_find(parsed.configuration, section, source_id),
            wanted=dict(found or {}),
            holds=found is not None,
        )

    def states(self, key: str) -> bool:
        """Whether the file decides about a key of the entry."""
        return key in self.spec.stated if self.spec else spelled(self.wanted, key) in self.wanted

    def says(self, key: str, value: Any) -> bool:
        """Whether the entry means ``value`` by a key, however it is written."""
        return self.spec is not None and same(self.spec.as_dict()[key], value)

    def put(self, key: str, value: Any) -> None:
        """Write a key, where it belongs among those that the entry has."""
        name = spelled(self.wanted, key)
        if name in self.wanted:
            self.wanted[name] = value
            return
        place = ENTRY_KEYS.index(key)
        earlier = [one for one in self.wanted if one.lower() in {name.lower() for name in ENTRY_KEYS[:place]}]
        keys = list(self.wanted)
        at = keys.index(earlier[-1]) + 1 if earlier else len(keys)
        self.wanted = dict([*list(self.wanted.items())[:at], (key, value), *list(self.wanted.items())[at:]])

    def with_entry(
        self,
        section: str,
        source_id: str,
        entry: Mapping[str, Any] | None,
        follows: Sequence[str] | None,
        max_bytes: int,
    ) -> bytes:
        """Return the file with another entry of the source; as it is if there is none to write."""
        if entry is None:
            return self.content
        document = self.document
        return put_entry(self.content, document, section, source_id, entry, follows=follows, max_bytes=max_bytes)

    def drop(self, key: str) -> None:
        """Leave a key out."""
        self.wanted.pop(spelled(self.wanted, key), None)


def _distributed(pages: Sequence[_Page], entry: Mapping[str, Any]) -> Iterable[_Page]:
    """Set what each file that has the entry is to say, so that together they say ``entry``."""
    holders = [page for page in pages if page.holds]
    home = next((page for page in reversed(holders) if page.states("properties")), holders[0])
    for page in holders:
        for key in [one for one in page.wanted if one.lower() not in {name.lower() for name in ENTRY_KEYS}]:
            del page.wanted[key]
    for key in ENTRY_KEYS[1:]:
        stating = [page for page in holders if page.states(key)]
        if key not in entry:
            for page in stating:
                page.drop(key)
        elif stating:
            if not stating[-1].says(key, entry[key]):
                stating[-1].put(key, entry[key])
        elif not same(entry[key], _default(key, entry)):
            home.put(key, entry[key])
    return holders


def _default(key: str, entry: Mapping[str, Any]) -> Any:
    return SourceSpec(id=str(entry["id"]), name=str(entry["id"]), type="").as_dict()[key]


def _find(configuration: Configuration, section: str, source_id: str) -> SourceSpec | None:
    found = configuration.sections.get(section)
    return next((spec for spec in found.sources if spec.id == source_id), None) if found else None


def _check_effect(
    before: Documents, after: Documents, section: str, source_id: str, entry: Mapping[str, Any] | None, max_bytes: int
) -> None:
    """Raise unless the files mean what they meant before, but for the one entry, which is to be ``entry``."""
    old, new = _specs(before, max_bytes), _specs(after, max_bytes)
    old.pop((section, source_id), None)
    found = new.pop((section, source_id), None)
    wanted = None
    if entry is not None:
        blank = SourceSpec(id=source_id, name=str(entry.get("name") or source_id), type="").as_dict()
        wanted = {**blank, **entry}
    if not same(old, new) or not same(found, wanted):
        message = "The change would not have the effect that it is meant to have, so nothing was changed."
        hint = "Change the file itself; entries that stand twice or are faulty have to be mended first."
        raise InvalidDocument([Problem(message=message, rule="not-editable", hint=hint, file=after[-1][0].name)])


def _specs(documents: Documents, max_bytes: int) -> dict[tuple[str, str], dict[str, Any]]:
    configuration, _ = read_configuration(documents, max_bytes=max_bytes)
    return {
        (key, spec.id): spec.as_dict() for key, section in configuration.sections.items() for spec in section.sources
    }
