"""Statements that are compiled once and run many times with other values.

Building a query set and compiling it costs Django more than the database needs to answer. A statement is the finished
SQL of a query set, with marks among its parameters where values are put in: slots of a filter (``query.lifting``), and
the columns of the row that a page begins after.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Field, QuerySet

from catalog_core.entities.query.lifting import IntegerSlot, TextSlot


@dataclass(frozen=True, slots=True)
class RowSlot:
    """Stands for one column of the row that a page begins after."""

    index: int
    field: Field


@dataclass(frozen=True, slots=True)
class Statement:
    """A query with marks where values are put in.

    Attributes:
        sql: the text, with ``%s`` for each parameter.
        parameters: values and slots.
        converters: for each column what turns a value of the database into one of Python.
        slots: how many values of a filter are put in.
    """

    sql: str
    parameters: tuple[Any, ...]
    converters: tuple[tuple[Callable[[Any], Any], ...], ...]
    slots: frozenset[int]

    def rows(self, values: Sequence[Any] = (), row: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Return all rows as the database gives them.

        Args:
            values: what filter slots stand for.
            row: what row slots stand for.
        """
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [_put_in(parameter, values, row) for parameter in self.parameters])
            found: list[tuple[Any, ...]] = cursor.fetchall()
        return found

    def limited(self, count: int) -> "Statement":
        """Return the statement that gives the first rows only."""
        return Statement(f"{self.sql} LIMIT {count:d}", self.parameters, self.converters, self.slots)

    def converted(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Return a row with values of Python."""
        return tuple(_converted(value, converters) for value, converters in zip(row, self.converters, strict=True))

    def count(self, values: Sequence[Any] = ()) -> int:
        """Return how many rows there are."""
        sql = f"SELECT COUNT(*) FROM ({self.sql}) counted"  # noqa: S608 - text of a compiled query set
        found: int = Statement(sql, self.parameters, (), self.slots).rows(values)[0][0]
        return found


def compiled(queryset: QuerySet[Any]) -> Statement | None:
    """Return the statement of a ``values_list`` query set; ``None`` where it surely gives no row."""
    compiler = queryset.query.get_compiler(connection=connection)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return None
    converters = tuple(tuple(_converters(expression)) for expression, _, _ in compiler.select)
    slots = frozenset(mark.number for mark in parameters if isinstance(mark, TextSlot | IntegerSlot))
    return Statement(sql, tuple(parameters), converters, slots)


def _converters(expression: Any) -> list[Callable[[Any], Any]]:
    """Return what Django would do to a value of this column."""
    own = expression.get_db_converters(connection)
    converters = [*connection.ops.get_db_converters(expression), *own]
    return [partial(_convert, convert, expression) for convert in converters]


def _convert(convert: Callable[..., Any], expression: Any, value: Any) -> Any:
    return convert(value, expression, connection)


def _converted(value: Any, converters: Sequence[Callable[[Any], Any]]) -> Any:
    for convert in converters:
        value = convert(value)
    return value


def _put_in(parameter: Any, values: Sequence[Any], row: Sequence[Any]) -> Any:
    kind = type(parameter)
    if kind is RowSlot:
        return parameter.field.get_db_prep_value(row[parameter.index], connection, prepared=False)
    return values[parameter.number] if kind is TextSlot or kind is IntegerSlot else parameter
