"""Filters that are answered from a list which is held in memory.

What most filters of people and of user interfaces ask is that a text has one of a few values, and perhaps something
more. Such a filter is a look into an index of the column, in memory as in the database, and memory is nearer. What
conditions mean is said in ``query.conditions`` for the database; here the same is said for values of Python, for the
few sorts that are worth it. All others, and everything while the list is not held, are left to the database.
"""

import operator
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.held import HeldColumn, HeldList, Rent, Row
from catalog_core.entities.prepared import PreparedList
from catalog_core.entities.query import FieldType, Node
from catalog_core.entities.query.lifting import IntegerSlot, TextSlot
from catalog_core.entities.query.nodes import Comparison, Operator, conjuncts
from catalog_core.entities.queryable import query_fields

_STATEMENT_ROWS = 20
"""A statement costs about as much as fetching so many rows."""
_MOST_CANDIDATES = 5_000
"""Where more rows would have to be looked at one by one, the database is asked: others are served meanwhile."""

_TYPES: Mapping[FieldType, type] = {FieldType.TEXT: str, FieldType.INTEGER: int, FieldType.BOOLEAN: bool}
"""Whose values Python compares as the databases do: texts by code point, whole numbers, truth."""
_HOLDS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.LESS: operator.lt,
    Operator.LESS_OR_EQUAL: operator.le,
    Operator.GREATER: operator.gt,
    Operator.GREATER_OR_EQUAL: operator.ge,
    Operator.IN: lambda value, among: value in among,
}

Places: TypeAlias = Sequence[int]


@dataclass(frozen=True, slots=True)
class HeldCondition:
    """A condition on one column; a row without a value does not satisfy it.

    Attributes:
        column: the field of the model.
        operator: what is asked of its value.
        operands: what it is compared with; slots stand for values that are given later.
        finds: whether an index of the column says which rows satisfy it.
    """

    column: str
    operator: Operator
    operands: tuple[Any, ...]
    finds: bool

    def found(self, column: HeldColumn, values: Sequence[Any]) -> Places:
        """Return the places of the rows that satisfy it, in ascending order."""
        places = [column.places.get(operand, ()) for operand in set(self._given(values))]
        return places[0] if len(places) == 1 else sorted(place for among in places for place in among)

    def kept(self, places: Places, column: HeldColumn, values: Sequence[Any]) -> Places:
        """Return those of the places whose rows satisfy it."""
        holds, given, of_row = _HOLDS[self.operator], self._given(values), column.values
        operand = given if self.operator is Operator.IN else given[0]
        return [place for place in places if of_row[place] is not None and holds(of_row[place], operand)]

    def _given(self, values: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(
            values[operand.number] if isinstance(operand, TextSlot | IntegerSlot) else operand
            for operand in self.operands
        )


class HeldFilter:
    """The entries of a list that satisfy some conditions, in the order of the list. Safe for threads.

    Args:
        prepared: those entries, for the database.
        conditions: all that they have to satisfy; one at least finds.
        whole: the list that they are part of.
    """

    def __init__(self, prepared: PreparedList, conditions: tuple[HeldCondition, ...], whole: HeldList) -> None:
        self._prepared = prepared
        self._conditions = conditions
        self._whole = whole
        self._rent = Rent(whole.size)
        self._parts: list[tuple[HeldCondition, HeldColumn]] = []  # the one that leaves fewest first; none: not held

    def rows(self, values: Sequence[Any], after: Row | None, limit: int) -> list[Row]:
        """Return rows as :meth:`PreparedList.rows` does: from memory, if they are there."""
        begin = self._whole.place_behind(after) if self._parts else None
        if begin is not None and (places := self._places(values)) is not None:
            first = bisect_left(places, begin)
            return self._whole.at(places[first : first + limit])
        rows = self._prepared.rows(values, after, limit)
        if not self._parts and self._rent.pay(len(rows) + _STATEMENT_ROWS):
            self._hold()
        return rows

    def count(self, values: Sequence[Any]) -> int:
        """Return how many entries there are."""
        places = self._places(values) if self._parts else None
        return self._prepared.count(values) if places is None else len(places)

    def _hold(self) -> None:
        if not self._whole.hold():
            return
        parts = [
            (condition, column)
            for condition in self._conditions
            if (column := self._whole.column(condition.column)) is not None
        ]
        if len(parts) == len(self._conditions):
            self._parts = sorted(parts, key=_selectivity, reverse=True)

    def _places(self, values: Sequence[Any]) -> Places | None:
        """Return the places of all entries; ``None`` if finding them takes too long."""
        (first, column), *further = self._parts
        places = first.found(column, values)
        if further and len(places) > _MOST_CANDIDATES:
            return None
        for condition, column in further:
            places = condition.kept(places, column, values)
        return places


def _selectivity(part: tuple[HeldCondition, HeldColumn]) -> int:
    """Return how many different values an index tells apart."""
    condition, column = part
    return len(column.places) if condition.finds else 0


def held_conditions(plugin: CatalogPlugin, node: Node | None) -> tuple[HeldCondition, ...]:
    """Return the conditions that a filter is made of, of which one finds; none if memory cannot answer it."""
    parts = conjuncts(node) if node is not None else ()
    conditions = [_condition(plugin, part) if isinstance(part, Comparison) else None for part in parts]
    known = tuple(condition for condition in conditions if condition)
    return known if len(known) == len(parts) and any(condition.finds for condition in known) else ()


def _condition(plugin: CatalogPlugin, comparison: Comparison) -> HeldCondition | None:
    target = query_fields(plugin).resolve(comparison.name)
    field, asked = target.field, comparison.operator
    if target.child or field.path or comparison.negated or asked not in _HOLDS or field.type not in _TYPES:
        return None
    type_, operands = _TYPES[field.type], tuple(literal.value for literal in comparison.literals)
    if not _is_compared_plainly(plugin, field.column) or not all(_is_plain(operand, type_) for operand in operands):
        return None
    finds = type_ is str and asked in (Operator.EQUAL, Operator.IN)
    return HeldCondition(field.column, asked, operands, finds)


def _is_compared_plainly(plugin: CatalogPlugin, column: str) -> bool:
    """Say whether a column is one of the entity's own table, with no order of texts of its own."""
    own = {field.name: field for field in plugin.model._meta.concrete_fields}
    return column in own and not getattr(own[column], "db_collation", None)


def _is_plain(operand: Any, type_: type) -> bool:
    """Say whether a value, or the slot for one, needs no reading before it is compared."""
    return isinstance(operand, type_) and isinstance(operand, bool) is (type_ is bool)
