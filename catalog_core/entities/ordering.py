"""In which order a catalog is listed.

Texts order without regard to the case of ASCII letters, then by code point; numbers and times by value. Rows without a
value come last in both directions, and ``id`` decides between equals, so that the order is total and the same on every
database and at every call.

A list that is often asked for in the order of a required text wants an index on what :meth:`Ordering.keys` gives for
it: ``Index(AsciiLower("name"), BinaryText("name"), F("id"), name=…)``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    DateTimeField,
    F,
    Field,
    FloatField,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.expressions import OrderBy
from django.db.models.functions import Coalesce, Left, NullIf
from django.db.models.lookups import IsNull

from catalog_core.entities.query.compiler import compile_child_filter
from catalog_core.entities.query.conditions import value_of
from catalog_core.entities.query.expressions import AsciiLower, BinaryText, Compare, Operand
from catalog_core.entities.query.fields import Children, FieldType, QueryField, QueryFields, Target
from catalog_core.entities.query.nodes import Node
from catalog_core.entities.query.parser import parse_name
from catalog_core.exceptions import InvalidQuery
from catalog_core.problems import did_you_mean

_MODEL_FIELDS: Mapping[FieldType, Field] = MappingProxyType(
    {
        FieldType.TEXT: TextField(),
        FieldType.INTEGER: BigIntegerField(),
        FieldType.NUMBER: FloatField(),
        FieldType.BOOLEAN: BooleanField(),
        FieldType.TIME: DateTimeField(),
        FieldType.ID: UUIDField(),
    }
)


_CHILD_TYPES = frozenset({FieldType.TEXT, FieldType.INTEGER, FieldType.NUMBER, FieldType.TIME})
"""What the smallest of several values is known for; PostgreSQL knows none of booleans and UUIDs."""

TEXT_CHARACTERS = 256
"""How much of a text that need not be there decides its place: descriptions are long, and page tokens hold the text."""


@dataclass(frozen=True, slots=True)
class Ordering:
    """A total order of the rows of a catalog.

    Attributes:
        field: what decides first.
        value: its value, as an expression on the entity.
        descending: whether the largest comes first.
        key: the unique column that decides between equals, of type UUID.
    """

    field: QueryField
    value: Operand
    descending: bool = False
    key: str = "id"

    @property
    def fingerprint(self) -> str:
        """What tells this order from any other, for scopes of page tokens."""
        return f"{self.field.name}:{self.field.type.name}:{'desc' if self.descending else 'asc'}"

    @property
    def by_id_only(self) -> bool:
        """Whether the unique column alone decides."""
        return self.field.column in (self.key, "pk")

    @property
    def always_present(self) -> bool:
        """Whether every row has a value, so that none has to be put last."""
        return self.field.required or self.by_id_only

    @property
    def is_text(self) -> bool:
        """Whether texts are ordered, which takes two steps: without case, then with it."""
        return self.field.type is FieldType.TEXT

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the query set in this order."""
        return queryset.order_by(*self.order_by())

    def order_by(self) -> tuple[OrderBy, ...]:
        """Return what ``QuerySet.order_by`` takes."""
        absent = () if self.always_present else (OrderBy(self.absent()),)
        return (*absent, *(OrderBy(key, descending=self.descending) for key in self.keys()))

    def keys(self) -> tuple[Operand, ...]:
        """Return the expressions that decide among rows which have a value, all in the same direction."""
        if self.by_id_only:
            return (F(self.key),)
        return (*self._steps(self.value), F(self.key))

    def key_columns(self) -> tuple[Operand, ...]:
        """Return what to fetch of a row with ``values_list``, so that a page can begin after it."""
        return (F(self.key),) if self.by_id_only else (self.value, F(self.key))

    def constants(self, row: tuple[Any, ...]) -> tuple[Operand, ...]:
        """Return :meth:`keys` for the row whose :meth:`key_columns` are ``row``, with constants in place of columns."""
        constants = [Value(value, output_field=field) for value, field in zip(row, self.key_fields(), strict=True)]
        return self.keys_of(*constants)

    def keys_of(self, *columns: Operand) -> tuple[Operand, ...]:
        """Return :meth:`keys` for the row whose :meth:`key_columns` are ``columns``."""
        return columns if self.by_id_only else (*self._steps(columns[0]), columns[-1])

    def key_fields(self) -> tuple[Field, ...]:
        """Return fields of the types that :meth:`key_columns` have."""
        return (UUIDField(),) if self.by_id_only else (_model_field(self.field), UUIDField())

    def absent(self) -> Operand:
        """Return the condition that a row has no value."""
        if self.is_text:
            empty = Value("", output_field=TextField())
            return Compare(Coalesce(self.value, empty, output_field=TextField()), "=", empty)
        return IsNull(self.value, True)

    def _steps(self, value: Operand) -> tuple[Operand, ...]:
        return (AsciiLower(value), BinaryText(value)) if self.is_text else (value,)


def parse_order(
    order_by: str,
    sort_order: str,
    fields: QueryFields,
    *,
    default: str = "name",
    where: Node | None = None,
) -> Ordering:
    """Return the order that the parameters ``orderBy`` and ``sortOrder`` ask for.

    Args:
        order_by: the name of a field, or one of ``fields.order_names``; empty for ``default``.
        sort_order: ``ASC`` or ``DESC`` in any case; empty for ``ASC``.
        fields: what the catalog lets people order by.
        default: what orders where nobody asks for anything.
        where: the filter of the same request. A field of child rows orders by the smallest value of an entity's rows
            (the largest, if descending), counting only rows that satisfy the filter's conditions on them.

    Raises:
        InvalidQuery: there is no such field, it has no order, or ``sort_order`` is something else.
    """
    direction = sort_order.strip().upper() or "ASC"
    if direction not in ("ASC", "DESC"):
        raise InvalidQuery(f'"{sort_order[:40]}" is neither ASC nor DESC.', parameter="sortOrder")
    descending = direction == "DESC"
    target = _target(order_by.strip() or default, fields)
    if not target.child:
        return Ordering(target.field, _value(target.field), descending, fields.key)
    condition = compile_child_filter(where, fields, target.child)
    value = _bound(fields.children[target.child], target.field, condition, descending)
    return Ordering(target.field, value, descending, fields.key)


def _target(name: str, fields: QueryFields) -> Target:
    written = fields.order_names.get(name, name)
    target = fields.resolve(parse_name(written, parameter="orderBy"), parameter="orderBy")
    if not target.field.is_sortable or (target.child and target.field.type not in _CHILD_TYPES):
        hint = did_you_mean(name, fields.sortable_names)
        message = f"{target.field.name} is {target.field.type.value} and has no order. {hint}".rstrip()
        raise InvalidQuery(message, parameter="orderBy")
    return target


def _value(field: QueryField) -> Operand:
    value = value_of(field)
    return Left(value, TEXT_CHARACTERS) if field.type is FieldType.TEXT and not field.required else value


def _model_field(field: QueryField) -> Field:
    """Return what a value of the field is to the database."""
    return BigIntegerField() if field.type is FieldType.TIME and field.path else _MODEL_FIELDS[field.type]


def _bound(children: Children, field: QueryField, condition: Q, descending: bool) -> Operand:
    """Return the smallest or largest value that an entity's child rows have."""
    aggregate = Max if descending else Min
    model_field = _model_field(field)
    value = _value(field)
    if field.type is FieldType.TEXT:
        value = NullIf(BinaryText(value), Value("", output_field=TextField()))
    rows = children.rows().filter(**{children.foreign_key: OuterRef("pk")}).filter(condition)
    grouped = rows.order_by().values(children.foreign_key).annotate(bound=aggregate(value, output_field=model_field))
    return Subquery(grouped.values("bound"), output_field=model_field)
