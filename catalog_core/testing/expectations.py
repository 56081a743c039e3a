"""What the answers of a list have to be, worked out in Python from the unfiltered list."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt
from typing import Any

from catalog_core.plugins.declarations import Filter

ORDERED_TEXT_CHARACTERS = 256
"""How much of a text decides its place in a list at the least."""

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {"=": eq, ">": gt, "<": lt, ">=": ge, "<=": le}


@dataclass(frozen=True, slots=True)
class Expectation:
    """A filter, and which items of a list it lets through.

    Attributes:
        query: the filter.
        wanted: the ids of the items that it has to let through.
        free: the ids of items about which nothing is said here.
    """

    query: str
    wanted: frozenset[str]
    free: frozenset[str] = frozenset()

    def is_met_by(self, found: Sequence[Mapping[str, Any]]) -> bool:
        """Say whether the items found are those that were wanted."""
        return {item["id"] for item in found} - self.free == self.wanted - self.free


def value_at(item: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a path with dots between its steps, ``None`` where there is nothing."""
    value: Any = item
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def values_at(item: Mapping[str, Any], path: str) -> list[Any]:
    """Return what stands at a path, one by one if it is a list."""
    value = value_at(item, path)
    if value is None:
        return []
    return list(value) if isinstance(value, list) else [value]


def expectations(filter_: Filter, items: Sequence[Mapping[str, Any]]) -> Iterator[Expectation]:
    """Give filters on a declared field, for each operator that it offers, with what they have to find."""
    values = {item["id"]: values_at(item, filter_.path or filter_.name) for item in items}
    candidates = sorted({value for found in values.values() for value in found}, key=repr)
    for value in candidates:
        for operator in filter_.offered_operators():
            yield from _expectation(filter_.name, operator, value, values)


def order_key(value: Any) -> Any:
    """Return what a value is ordered by: texts without regard to the case of ASCII letters, then by code point."""
    if not isinstance(value, str):
        return value
    text = value[:ORDERED_TEXT_CHARACTERS]
    return "".join(letter.lower() if letter.isascii() else letter for letter in text), text


def literal(value: Any) -> str:
    """Return a value as the filter language writes it."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
    return str(value)


def _expectation(name: str, operator: str, value: Any, values: Mapping[str, list[Any]]) -> Iterator[Expectation]:
    if operator in _COMPARISONS:
        compare = _COMPARISONS[operator]
        wanted = {key for key, found in values.items() if any(compare(other, value) for other in found)}
        yield Expectation(f"{name} {operator} {literal(value)}", frozenset(wanted))
    elif operator == "!=":
        # Whether an item without a value, or with several, differs from one value is for the query language to say.
        free = frozenset(key for key, found in values.items() if len(found) != 1)
        wanted = {key for key, found in values.items() if found and value not in found}
        yield Expectation(f"{name} != {literal(value)}", frozenset(wanted), free)
    elif operator == "LIKE" and isinstance(value, str) and value[:3].isalnum():
        start = value[:3]
        wanted = {key for key, found in values.items() if any(other.startswith(start) for other in found)}
        yield Expectation(f"{name} LIKE '{start}%'", frozenset(wanted))
