"""The entries under ``sources``."""

import re
from collections.abc import Iterator
from typing import Any

from catalog_core.sources.configuration.patterns import NamePatterns
from catalog_core.sources.configuration.reader import Reader
from catalog_core.sources.configuration.schema import SourceSpec
from catalog_core.sources.formats import Path, shortened

_KEYS = ("id", "name", "type", "enabled", "labels", "properties", "includedItems", "excludedItems")
USUAL_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")
"""Ids that make good paths: new sources have to have one, those in a file may have another."""
_LONGEST = {"id": 200, "name": 256, "type": 50}


def read_source(reader: Reader, path: Path, *, origin: str, position: int) -> SourceSpec | str:
    """Return the source that stands at ``path``; or its id, empty where unknown, if something is wrong with it."""
    errors_before = reader.errors
    reader.faults(path)
    fields = reader.fields(path, _KEYS)
    if not isinstance(reader.value(path), dict | None):
        return ""
    texts = {key: _short_text(reader, fields[key], key) for key in ("id", "name", "type") if key in fields}
    identity = texts.get("id", "").strip()
    if "id" not in fields or not isinstance(reader.value(fields["id"]), dict | list):
        _check_id(reader, fields.get("id", path), identity)
    properties = _properties(reader, fields["properties"]) if "properties" in fields else {}
    spec = SourceSpec(
        id=identity,
        name=texts.get("name", "").strip() or identity,
        type=texts.get("type", "").strip(),
        enabled=reader.boolean(fields["enabled"]) if "enabled" in fields else True,
        labels=reader.texts(fields["labels"]) if "labels" in fields else (),
        properties=properties,
        included_items=_patterns(reader, fields, "includedItems"),
        excluded_items=_patterns(reader, fields, "excludedItems"),
        origin=origin,
        file=reader.document.file,
        line=reader.document.position(path)[0],
        position=position,
        stated=frozenset(fields) - {key for key, text in texts.items() if not text.strip()},
        positions={name: reader.document.position((*fields["properties"], name)) for name in properties},
    )
    _check_overlap(reader, fields, spec)
    return spec if reader.errors == errors_before else identity


def _short_text(reader: Reader, path: Path, key: str) -> str:
    text = reader.text(path)
    if len(text) > _LONGEST[key]:
        message = f'"{key}" is longer than {_LONGEST[key]} characters.'
        reader.error(path, message, "too-long", "Shorten it.")
    return text


def _check_id(reader: Reader, path: Path, identity: str) -> None:
    if not identity:
        reader.error(path, "The source has no id, and is left out.", "missing-id", "Add id, unique in this catalog.")
    elif not USUAL_ID.fullmatch(identity):
        message = f'The id "{shortened(identity)}" is unusual.'
        hint = "Use lower-case letters, digits, - and _; other ids make awkward paths."
        reader.warning(path, message, "unusual-id", hint)


def _properties(reader: Reader, path: Path) -> dict[str, Any]:
    properties = reader.mapping(path)
    if any("\x00" in text for text in _texts_in(properties)):
        reader.error(path, "A property has a NUL character in it.", "control-character", "Remove it.")
    return properties


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        yield from (text for entry in value.values() for text in _texts_in(entry))
    elif isinstance(value, list):
        yield from (text for entry in value for text in _texts_in(entry))


def _patterns(reader: Reader, fields: dict[str, Path], key: str) -> tuple[str, ...]:
    if key not in fields:
        return ()
    patterns = reader.texts(fields[key])
    for position, pattern in enumerate(patterns):
        try:
            NamePatterns([pattern])
        except ValueError as error:
            reader.error((*fields[key], position), str(error), "bad-pattern", "Remove it, or write * for all names.")
    return patterns


def _check_overlap(reader: Reader, fields: dict[str, Path], spec: SourceSpec) -> None:
    for pattern in sorted(set(spec.included_items) & set(spec.excluded_items)):
        message = f'The pattern "{shortened(pattern)}" is both included and excluded; it excludes.'
        reader.warning(fields["excludedItems"], message, "pattern-twice", "Remove it from one of the two lists.")
