"""What filters have to find, worked out from the unfiltered list."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import eq, ge, gt, le, lt
from typing import Any

from catalog_core.tools.conformance.values import Item, comparable, identity, literal, values_at

MOST_VALUES = 12
"""So many values of a field are asked for, spread over those that occur."""
MOST_CHARACTERS = 400
"""Longer values are not asked for, as they would make long addresses."""

TEXT_OPERATORS = ("=", "!=", "LIKE")
SELECT_OPERATORS = ("=", "!=")
NUMBER_OPERATORS = ("=", ">", "<", ">=", "<=")

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {"=": eq, ">": gt, "<": lt, ">=": ge, "<=": le}


@dataclass(frozen=True, slots=True)
class Expectation:
    """A filter, and which entries of a list it lets through.

    Attributes:
        query: the filter.
        wanted: the entries that it has to let through, by their identity.
        free: the entries about which nothing is said here.
    """

    query: str
    wanted: frozenset[str]
    free: frozenset[str] = frozenset()

    def problem(self, found: Sequence[Item]) -> str:
        """Return what is wrong with the entries found; empty if nothing is."""
        names = {identity(item) for item in found}
        missing, surplus = self.wanted - self.free - names, names - self.free - self.wanted
        if not missing and not surplus:
            return ""
        return f"{self.query} finds {len(surplus)} that it should not and misses {len(missing)}"


def operators_of(filter_: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the operators that a filter of a V2 document offers; they follow from its type where it names none."""
    if named := filter_.get("operators"):
        return tuple(named)
    return {"text": TEXT_OPERATORS, "number": NUMBER_OPERATORS}.get(str(filter_.get("type")), SELECT_OPERATORS)


def expectations(filter_: Mapping[str, Any], path: str, items: Sequence[Item]) -> Iterator[Expectation]:
    """Yield filters on a field, for each operator that it offers and values that occur, with what they have to find.

    Args:
        filter_: the filter as the V2 document describes it.
        path: where its value stands in an entry.
        items: the unfiltered list.
    """
    values = {identity(item): values_at(item, path) for item in items}
    occurring = {repr(value): value for found in values.values() for value in found}
    if not comparable(list(occurring.values())):
        return
    for value in _spread([occurring[key] for key in sorted(occurring) if len(key) <= MOST_CHARACTERS]):
        for operator in operators_of(filter_):
            yield from _expectation(str(filter_["name"]), operator, value, values)


def _spread(values: list[Any]) -> list[Any]:
    """Return values from all over a list, at most so many."""
    if len(values) <= MOST_VALUES:
        return values
    return [values[index * (len(values) - 1) // (MOST_VALUES - 1)] for index in range(MOST_VALUES)]


def _expectation(name: str, operator: str, value: Any, values: Mapping[str, list[Any]]) -> Iterator[Expectation]:
    if operator in _COMPARISONS:
        compare = _COMPARISONS[operator]
        wanted = {key for key, found in values.items() if any(compare(other, value) for other in found)}
        yield Expectation(f"{name} {operator} {literal(value)}", frozenset(wanted))
    elif operator == "!=":
        # Whether an entry without a value, or with several, differs from one value is for the query language to say.
        free = frozenset(key for key, found in values.items() if len(found) != 1)
        wanted = {key for key, found in values.items() if found and value not in found}
        yield Expectation(f"{name} != {literal(value)}", frozenset(wanted), free)
    elif operator == "LIKE" and isinstance(value, str) and value[:3].isalnum():
        start = value[:3]
        wanted = {key for key, found in values.items() if any(other.startswith(start) for other in found)}
        yield Expectation(f"{name} LIKE '{start}%'", frozenset(wanted))
