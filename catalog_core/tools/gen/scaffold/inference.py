"""Properties worked out from a sample: what a kind has to look like for its items to be as they are."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from catalog_core.plugins.metadata.catalog_yaml import RESERVED_NAMES
from catalog_core.tools.gen.scaffold.naming import camel_case
from catalog_core.tools.gen.scaffold.properties import InvalidProperty, Property

MOST_SAMPLES = 12
"""Items of a sample that are taken over as sample data."""

_TIME = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?")


class InvalidSample(ValueError):
    """A sample file cannot be used; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a sample file shows.

    Attributes:
        properties: the properties of its items, in the order in which they first occur.
        items: the first items, with the names and types of the properties.
        notes: what is not as in the file, for people.
    """

    properties: tuple[Property, ...]
    items: tuple[dict[str, Any], ...]
    notes: tuple[str, ...]


def read_document(path: Path) -> Any:
    """Return the content of a YAML or JSON file.

    Raises:
        InvalidSample: it cannot be read.
    """
    try:
        content = path.read_bytes()
        return json.loads(content) if path.suffix == ".json" else yaml.safe_load(content)
    except OSError as error:
        raise InvalidSample(f"{path.name} cannot be read: {error.strerror}.") from None
    except (ValueError, yaml.YAMLError) as error:
        raise InvalidSample(f"{path.name} is neither YAML nor JSON: {' '.join(str(error).split())}") from None


def infer(document: Any, file: str) -> Sample:
    """Return what the items of a document have in common.

    Raises:
        InvalidSample: it holds no list of items, or items without a name of their own.
    """
    items = _items(document, file)
    _check_names(items, file)
    names, notes = _names(items)
    types = {key: _type_of([item[key] for item in items if item.get(key) is not None]) for key in names}
    properties = tuple(Property(name=name, type=types[key][0], items=types[key][1]) for key, name in names.items())
    columns = {prop.name: prop for prop in properties}
    taken = tuple(_fitted(item, names, columns) for item in items[:MOST_SAMPLES])
    if len(items) > MOST_SAMPLES:
        notes.append(f"the first {MOST_SAMPLES} of {len(items)} items are the sample data")
    return Sample(properties=properties, items=taken, notes=tuple(notes))


def _items(document: Any, file: str) -> list[dict[str, Any]]:
    candidates = {"": document} if isinstance(document, list) else dict(document if isinstance(document, dict) else {})
    lists = {
        key: value
        for key, value in candidates.items()
        if isinstance(value, list) and value and all(isinstance(item, dict) for item in value)
    }
    if len(lists) == 1:
        return [{str(key): value for key, value in item.items()} for item in next(iter(lists.values()))]
    if lists:
        raise InvalidSample(f"{file} holds several lists of items: {', '.join(sorted(map(str, lists)))}; keep one.")
    raise InvalidSample(f"{file} holds no list of items: a list of mappings, or a mapping with one such list.")


def _check_names(items: list[dict[str, Any]], file: str) -> None:
    names = [item.get("name") for item in items]
    for index, name in enumerate(names):
        if not isinstance(name, str | int) or isinstance(name, bool) or not str(name).strip():
            raise InvalidSample(f"{file}: item {index + 1} has no name; every item needs one of its own.")
        if str(name) in map(str, names[:index]):
            raise InvalidSample(f"{file}: item {index + 1} is called {name!r} as an earlier one is.")


def _names(items: Iterable[Mapping[str, Any]]) -> tuple[dict[str, str], list[str]]:
    """Return the property of each key, and what to say about keys that have another name or none."""
    names: dict[str, str] = {}
    notes = []
    for key in dict.fromkeys(key for item in items for key in item):
        name = camel_case(key)
        if name in RESERVED_NAMES:
            continue
        try:
            Property(name=name)
        except InvalidProperty as error:
            notes.append(f"the key {key!r} is left out: {str(error).partition(': ')[2]}")
            continue
        if name.lower() in {other.lower() for other in names.values()}:
            notes.append(f"the key {key!r} is left out: another one is called {name} already")
            continue
        names[key] = name
        if name != key:
            notes.append(f"the key {key!r} is called {name} in this catalog; data files have to say so too")
    return names, notes


def _type_of(values: list[Any]) -> tuple[str, str]:
    """Return the type of a property, and what it holds if it is an array."""
    kinds = {_kind(value) for value in values}
    if kinds == {"integer", "number"}:
        return "number", "string"
    if len(kinds) == 1:
        kind = kinds.pop()
        if kind == "array":
            objects = all(isinstance(part, dict) for value in values for part in value) and any(values)
            return "array", "object" if objects else "string"
        return kind, "string"
    return "string", "string"


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer" if -(2**63) <= value < 2**63 else "string"
    if isinstance(value, float):
        return "number" if math.isfinite(value) else "string"
    if isinstance(value, datetime | date) or (isinstance(value, str) and _is_time(value)):
        return "date"
    if isinstance(value, dict):
        return "object"
    return "array" if isinstance(value, list) else "string"


def _is_time(text: str) -> bool:
    if not _TIME.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _fitted(item: Mapping[str, Any], names: Mapping[str, str], columns: Mapping[str, Property]) -> dict[str, Any]:
    """Return an item under the names, and with the types, of the properties."""
    fitted: dict[str, Any] = {"name": str(item["name"])}
    for key, value in item.items():
        if key in names:
            if value is not None:
                fitted[names[key]] = _value(value, columns[names[key]])
        elif camel_case(key) in ("description", "externalId") and value is not None:
            fitted[camel_case(key)] = str(value)
        elif camel_case(key) == "customProperties" and isinstance(value, dict):
            fitted["customProperties"] = _plain(value)
    return fitted


def _value(value: Any, prop: Property) -> Any:
    value = _plain(value)
    if prop.kind == "array":
        parts = value if isinstance(value, list) else [value]
        return parts if prop.items == "object" else [_text(part) for part in parts]
    if prop.kind == "date":
        moment = datetime.fromisoformat(value)
        return moment.astimezone(UTC).isoformat() if moment.tzinfo else value
    return _text(value) if prop.kind == "string" else value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: YAML knows dates."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value
