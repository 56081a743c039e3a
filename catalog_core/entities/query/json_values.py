# ruff: noqa: S608 - the SQL is put together from parts written here; keys and values are parameters
"""Values inside JSON columns, read alike on SQLite and on PostgreSQL.

A value of another type than the one asked for counts as absent (NULL), so that a catalog that holds texts and numbers
under the same key never makes a query fail. Keys may hold any character: they are passed as parameters, not as parts of
a path, whose quoting differs between versions of SQLite.
"""

from typing import Any, ClassVar

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigIntegerField, BooleanField, F, FloatField, Func, TextField
from django.db.models.sql.compiler import SQLCompiler

from catalog_core.entities.query.expressions import Operand, Sql

_DOUBLE = "1.7976931348623157e308"
"""The largest number of double precision; PostgreSQL fails when it has to convert a larger one."""
_INTEGER_CHARACTERS = 20
"""The longest text that counts as a whole number: 64 bits and a sign."""


class JsonValue(Func):
    """What is found under ``path`` in a JSON column; NULL if there is nothing.

    Subclasses say what of it they take: ``sqlite`` is SQL about the columns ``type`` and ``value`` of SQLite's
    ``json_each``, ``postgresql`` SQL about a jsonb ``value``.
    """

    sqlite: ClassVar[str]
    postgresql: ClassVar[str]

    def __init__(self, column: str, path: tuple[str, ...] = ()) -> None:
        super().__init__(F(column))
        self.path = path

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        """Take the value out of the only row of the walk."""
        walk, parameters = sqlite_walk(compiler.compile(self.get_source_expressions()[0]), self.path)
        return f"(SELECT {self.sqlite} FROM {walk})", parameters

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        """Take the value out of the only row of the walk."""
        walk, parameters = postgresql_walk(compiler.compile(self.get_source_expressions()[0]), self.path)
        return f"(SELECT {self.postgresql} FROM {walk})", parameters


class JsonText(JsonValue):
    """The value if it is a string."""

    output_field = TextField()
    sqlite = "CASE WHEN type = 'text' THEN value END"
    postgresql = "CASE WHEN jsonb_typeof(value) = 'string' THEN value #>> '{}' END"


class JsonNumber(JsonValue):
    """The value as a double if it is a number, or a string of at most 20 digits such as 64-bit integers are kept in."""

    output_field = FloatField()
    sqlite = (
        f"CASE WHEN type IN ('integer', 'real') AND value BETWEEN -{_DOUBLE} AND {_DOUBLE} THEN CAST(value AS REAL)"
        f" WHEN type = 'text' AND length(value) <= {_INTEGER_CHARACTERS}"
        " AND (value GLOB '[0-9]*' OR value GLOB '-[0-9]*') AND ltrim(value, '-') NOT GLOB '*[^0-9]*'"
        " THEN CAST(value AS REAL) END"
    )
    postgresql = (
        "CASE WHEN jsonb_typeof(value) = 'number'"
        f" THEN CASE WHEN value::numeric BETWEEN -{_DOUBLE} AND {_DOUBLE} THEN value::double precision END"
        f" WHEN jsonb_typeof(value) = 'string' AND length(value #>> '{{}}') <= {_INTEGER_CHARACTERS}"
        " AND (value #>> '{}') ~ '^-?[0-9]+$' THEN (value #>> '{}')::double precision END"
    )


class JsonInteger(JsonValue):
    """The value if it is a whole number of at most 64 bits, exactly; as a double it would lose its last digits."""

    output_field = BigIntegerField()
    sqlite = "CASE WHEN type = 'integer' AND typeof(value) = 'integer' THEN value END"
    postgresql = (
        "CASE WHEN jsonb_typeof(value) = 'number'"
        " THEN CASE WHEN value::numeric BETWEEN -9223372036854775808 AND 9223372036854775807"
        " AND trunc(value::numeric) = value::numeric THEN value::numeric::bigint END END"
    )


class JsonBoolean(JsonValue):
    """The value if it is a boolean."""

    output_field = BooleanField()
    sqlite = "CASE type WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"
    postgresql = "CASE WHEN jsonb_typeof(value) = 'boolean' THEN value::boolean END"


class JsonPresent(JsonValue):
    """True if there is a value other than null, an empty object and an empty list; else false or NULL."""

    output_field = BooleanField()
    sqlite = "type <> 'null' AND NOT (type IN ('object', 'array') AND value IN ('{}', '[]'))"
    postgresql = "value NOT IN ('null'::jsonb, '{}'::jsonb, '[]'::jsonb)"


class ElementText(Func):
    """The element that the condition of :class:`AnyElement` is about."""

    output_field = TextField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        """Name the element."""
        return "element.value", ()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        """Name the element, without the quotes of JSON."""
        return "(element.value #>> '{}')", ()


class AnyElement(Func):
    """Whether a text in the list under ``path`` in a JSON column satisfies ``condition``."""

    output_field = BooleanField()

    def __init__(self, column: str, path: tuple[str, ...], condition: Operand) -> None:
        super().__init__(F(column), condition)
        self.path = path

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        """Look at each element with ``json_each``."""
        column, condition = (compiler.compile(expression) for expression in self.get_source_expressions())
        walk, parameters = sqlite_walk(column, self.path)
        elements = "json_each(CASE WHEN found.type = 'array' THEN found.value ELSE '[]' END) AS element"
        where = f"element.type = 'text' AND {condition[0]}"
        return f"EXISTS (SELECT 1 FROM {walk}, {elements} WHERE {where})", (*parameters, *condition[1])

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        """Look at each element with ``jsonb_array_elements``."""
        column, condition = (compiler.compile(expression) for expression in self.get_source_expressions())
        walk, parameters = postgresql_walk(column, self.path)
        array = "CASE WHEN jsonb_typeof(found.value) = 'array' THEN found.value ELSE '[]'::jsonb END"
        elements = f"jsonb_array_elements({array}) AS element(value)"
        where = f"jsonb_typeof(element.value) = 'string' AND {condition[0]}"
        return f"EXISTS (SELECT 1 FROM {walk}, {elements} WHERE {where})", (*parameters, *condition[1])


def sqlite_walk(column: Sql, path: tuple[str, ...]) -> Sql:
    """Return a table expression ``found(type, value)`` with at most one row: what is under ``path`` in ``column``."""
    sql, parameters = column
    if not path:
        return f"(SELECT type, value FROM json_each('[' || {sql} || ']')) AS found", tuple(parameters)
    tables = [f"json_each({sql}) AS step0"]
    for depth in range(1, len(path)):
        outer = f"step{depth - 1}"
        tables.append(f"json_each(CASE WHEN {outer}.type = 'object' THEN {outer}.value ELSE '{{}}' END) AS step{depth}")
    keys = " AND ".join(f"step{depth}.key = %s" for depth in range(len(path)))
    last = f"step{len(path) - 1}"
    return f"(SELECT {last}.type, {last}.value FROM {', '.join(tables)} WHERE {keys}) AS found", (*parameters, *path)


def postgresql_walk(column: Sql, path: tuple[str, ...]) -> Sql:
    """Return a table expression ``found(value)`` with one row: what is under ``path`` in ``column``, or NULL.

    ``->`` given a text looks into objects only, never into arrays, as ``json_each`` does with text keys.
    """
    sql, parameters = column
    return f"(SELECT {sql}{' -> %s::text' * len(path)} AS value) AS found", (*parameters, *path)
