"""SQL for texts and conditions that means the same on SQLite and on PostgreSQL."""

from typing import Any, TypeAlias

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Subquery, TextField, Value
from django.db.models.expressions import Expression
from django.db.models.sql.compiler import SQLCompiler
from django.utils.deconstruct import deconstructible

from catalog_core.entities.query.patterns import Pattern

Sql: TypeAlias = tuple[str, tuple[Any, ...]]
"""What expressions compile to: the text with placeholders, and the parameters."""
Operand: TypeAlias = F | Expression | Subquery
"""What stands on one side of a condition."""


@deconstructible(path="catalog_core.plugin.BinaryText")  # migrations of plugins know it by the facade
class BinaryText(Func):
    """A text that compares by code point, whatever the collation of the database. Fit for indexes."""

    template = "%(expressions)s"
    arity = 1
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        """Name the collation that SQLite has by default."""
        return super().as_sql(compiler, connection, template='(%(expressions)s) COLLATE "C"', **context)


@deconstructible(path="catalog_core.plugin.AsciiLower")
class AsciiLower(Func):
    """A text with its ASCII letters in lower case, comparing by code point. Fit for indexes.

    Other letters stay as they are, because what is done to them depends on the database and its locale.
    """

    function = "LOWER"
    arity = 1
    output_field = TextField()

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        """Lower the text under the collation that knows ASCII only; the result keeps that collation."""
        return super().as_sql(compiler, connection, template='LOWER((%(expressions)s) COLLATE "C")', **context)


class Compare(Func):
    """A condition such as ``left < right``; unlike Django's lookups it leaves both sides as they are."""

    template = "(%(expressions)s)"
    output_field = BooleanField()

    def __init__(self, left: Operand, operator: str, right: Operand) -> None:
        super().__init__(left, right, arg_joiner=f" {operator} ")


class Placeholder(Value):
    """A parameter that stays as it is until the compiled statement is run; ``entities.statements`` puts values in."""

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        """Leave a mark among the parameters."""
        return "%s", (self.value,)


class Row(Func):
    """Several values side by side: a list for ``IN``, or a row that compares with another, the first deciding first.

    Both databases answer ``(a, b) > (1, 2)`` from an index on ``a, b``.
    """

    template = "(%(expressions)s)"


class Like(Func):
    """Whether a text matches a pattern as a whole."""

    output_field = BooleanField()

    def __init__(self, text: Operand, pattern: Pattern) -> None:
        super().__init__(text)
        self.pattern = pattern

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        """Use ``GLOB``, which minds case and has classes of characters."""
        sql, parameters = compiler.compile(self.get_source_expressions()[0])
        return f"({sql} GLOB %s)", (*parameters, self.pattern.glob())

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> Sql:
        """Use ``LIKE`` where case counts, else a regular expression that names the forms of each letter."""
        sql, parameters = compiler.compile(self.get_source_expressions()[0])
        if self.pattern.ignore_case:
            return f"({sql} ~ %s)", (*parameters, self.pattern.regex())
        return rf"({sql} LIKE %s ESCAPE '\')", (*parameters, self.pattern.like())


NEVER = Value(False, output_field=BooleanField())
"""The condition that no row satisfies."""
