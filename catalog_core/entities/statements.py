"""Statements that are compiled once and run many times with other values.

Building a query set and compiling it costs Django more than the database needs to answer. A statement is the finished
SQL of a query set, with marks among its parameters where values are put in: slots of a filter (``query.lifting``), and
the columns of the row that a page begins after.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.backends.sqlite3.base import FORMAT_QMARK_REGEX
from django.db.models import Field, QuerySet, TextField, UUIDField

from catalog_core.entities.query.lifting import IntegerSlot, TextSlot

_UNCONVERTED = (TextField, UUIDField)
"""Columns whose values are good for a place in a page token as the database gives them; SQLite gives UUIDs as text."""


@dataclass(frozen=True, slots=True)
class RowSlot:
    """Stands for one column of the row that a page begins after."""

    index: int
    field: Field

    def value_in(self, row: Sequence[Any]) -> Any:
        """Return what goes to the database in its place."""
        value = row[self.index]
        if isinstance(self.field, TextField):
            return value
        return self.field.get_db_prep_value(value, connection, prepared=False)


@dataclass(frozen=True, slots=True)
class LimitSlot:
    """Stands for the number of rows that are wanted at most."""


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

    def rows(self, values: Sequence[Any] = (), row: Sequence[Any] = (), limit: int = 0) -> list[tuple[Any, ...]]:
        """Return rows as the database gives them.

        Args:
            values: what filter slots stand for.
            row: what row slots stand for.
            limit: how many rows are wanted at most, if the statement is :meth:`limited`.
        """
        return _fetched(self.sql, [_put_in(parameter, values, row, limit) for parameter in self.parameters])

    def limited(self) -> "Statement":
        """Return the statement that gives the first rows only."""
        return Statement(f"{self.sql} LIMIT %s", (*self.parameters, LimitSlot()), self.converters, self.slots)

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
    if isinstance(expression.output_field, _UNCONVERTED):
        return []
    own = expression.get_db_converters(connection)
    converters = [*connection.ops.get_db_converters(expression), *own]
    return [partial(_convert, convert, expression) for convert in converters]


def _convert(convert: Callable[..., Any], expression: Any, value: Any) -> Any:
    return convert(value, expression, connection)


def _converted(value: Any, converters: Sequence[Callable[[Any], Any]]) -> Any:
    for convert in converters:
        value = convert(value)
    return value


def _put_in(parameter: Any, values: Sequence[Any], row: Sequence[Any], limit: int) -> Any:
    kind = type(parameter)
    if kind is RowSlot:
        return parameter.value_in(row)
    if kind is LimitSlot:
        return limit
    return values[parameter.number] if kind is TextSlot or kind is IntegerSlot else parameter


def _fetched(sql: str, parameters: list[Any]) -> list[tuple[Any, ...]]:
    """Return all rows of a query.

    A cursor of Django's costs about as much as a small query: it is wrapped several times, and rewrites the marks of
    the statement at each run. So the driver is asked directly, unless somebody wants to see the queries.

    Raises:
        django.db.Error: what the database says against it.
    """
    database = connections[DEFAULT_DB_ALIAS]
    found: list[tuple[Any, ...]]
    if database.queries_logged or database.execute_wrappers:
        with database.cursor() as cursor:
            cursor.execute(sql, parameters)
            found = cursor.fetchall()
        return found
    database.ensure_connection()
    database.validate_no_broken_transaction()
    with database.wrap_database_errors:
        found = database.connection.execute(_for_driver(sql, database.vendor), parameters).fetchall()
    return found


@lru_cache(maxsize=1024)
def _for_driver(sql: str, vendor: str) -> str:
    """Return a statement with the marks of the driver, as Django's cursor would write it."""
    return FORMAT_QMARK_REGEX.sub("?", sql).replace("%%", "%") if vendor == "sqlite" else sql
