"""Values in entities: where they stand, how the filter language writes them, in which order they come."""

from collections.abc import Mapping, Sequence
from typing import Any

ORDERED_TEXT_CHARACTERS = 256
"""How much of a text decides its place in a list at the least."""

Item = Mapping[str, Any]


def identity(item: Item) -> str:
    """Return what tells an entity from the others of its list."""
    known = item.get("id")
    return str(known) if known else f"{source_id(item)}/{item.get('name')}"


def source_id(item: Item) -> str:
    """Return the id of the source that an entity comes from; empty if it does not say."""
    return str(item.get("sourceId") or item.get("source_id") or "")


def value_at(item: Item, path: str) -> Any:
    """Return what stands at a path with dots between its steps, ``None`` where there is nothing."""
    value: Any = item
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def values_at(item: Item, path: str) -> list[Any]:
    """Return what stands at a path, one by one if it is a list."""
    value = value_at(item, path)
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def order_key(value: Any) -> Any:
    """Return what a value is ordered by: texts without regard to the case of ASCII letters, then by code point."""
    if not isinstance(value, str):
        return value
    text = value[:ORDERED_TEXT_CHARACTERS]
    return "".join(letter.lower() if letter.isascii() else letter for letter in text), text


def comparable(values: Sequence[Any]) -> bool:
    """Say whether values have an order among each other: all texts, all booleans or all numbers."""
    types = {"number" if type(value) in (int, float) else type(value).__name__ for value in values}
    return len(types) <= 1 and types <= {"number", "str", "bool"}


def literal(value: Any) -> str:
    """Return a value as the filter language writes it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return str(value)
