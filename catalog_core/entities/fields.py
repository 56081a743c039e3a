"""The kinds of fields that an entity can have: one place for storage, reading from a source, and JSON.

A plugin's model says all there is to say about its fields; everything else (documents, queries, OpenAPI, capabilities)
is derived from it here.
"""

import enum
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from django.db import models

from catalog_core.entities.models import ChildModel, EntityModel
from catalog_core.entities.query.literals import EPOCH
from catalog_core.plugins.declarations import FieldType


class _FacadeField(models.JSONField):
    """A JSON field that migrations know by its name in the facade, whatever module it is defined in."""

    empty: Callable[[], Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", type(self).empty)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Return what a migration writes down."""
        name, _, args, kwargs = super().deconstruct()
        return name, f"catalog_core.plugin.{type(self).__name__}", args, kwargs


class TextListField(_FacadeField):
    """A list of texts."""

    empty = list


class ObjectListField(_FacadeField):
    """A list of JSON objects of any shape."""

    empty = list


class ObjectField(_FacadeField):
    """A JSON object of any shape."""

    empty = dict


class FieldKind(enum.Enum):
    """What a field holds."""

    TEXT = "string"
    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TIME = "date"
    TEXT_LIST = "text list"
    OBJECT_LIST = "object list"
    OBJECT = "object"

    @property
    def json_type(self) -> FieldType:
        """The type as the capabilities document names it."""
        return _JSON_TYPES[self]


_JSON_TYPES: dict[FieldKind, FieldType] = {
    FieldKind.TEXT: "string",
    FieldKind.INTEGER: "integer",
    FieldKind.NUMBER: "number",
    FieldKind.BOOLEAN: "boolean",
    FieldKind.TIME: "date",
    FieldKind.TEXT_LIST: "array",
    FieldKind.OBJECT_LIST: "array",
    FieldKind.OBJECT: "object",
}

_KINDS: tuple[tuple[type[models.Field], FieldKind], ...] = (
    (TextListField, FieldKind.TEXT_LIST),
    (ObjectListField, FieldKind.OBJECT_LIST),
    (models.JSONField, FieldKind.OBJECT),
    (models.BooleanField, FieldKind.BOOLEAN),
    (models.IntegerField, FieldKind.INTEGER),
    (models.FloatField, FieldKind.NUMBER),
    (models.DateTimeField, FieldKind.TIME),
    (models.CharField, FieldKind.TEXT),
    (models.TextField, FieldKind.TEXT),
)


@dataclass(frozen=True, slots=True)
class EntityField:
    """One field of an entity beyond those that every entity has.

    Attributes:
        name: how JSON and data files call it.
        column: the attribute of the model.
        kind: what it holds.
        max_length: longest text in characters, if limited.
        help: what it means, one sentence.
        path: keys that lead to the value, if the column holds a JSON object with the values of several fields. A time
            is kept there as microseconds since 1970.
    """

    name: str
    column: str
    kind: FieldKind
    max_length: int | None = None
    help: str = ""
    path: tuple[str, ...] = ()

    def value_in(self, row: models.Model) -> Any:
        """Return the value that a row has; ``None`` or something empty if it has none."""
        value = getattr(row, self.column)
        for key in self.path:
            value = value.get(key)
        is_number = self.path and self.kind is FieldKind.TIME and value is not None
        return EPOCH + timedelta(microseconds=value) if is_number else value


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityPart:
    """A sort of parts of an entity that are rows of their own.

    Attributes:
        name: how queries and data files call the list of them.
        model: the model of the rows.
        fields: the fields that they have beyond those of every part.
        condition: which rows of the model are of this sort; all of them where left out.
    """

    name: str
    model: type[ChildModel]
    fields: tuple[EntityField, ...]
    condition: models.Q = field(default_factory=models.Q)


_BASE_FIELDS = {base: frozenset(field.name for field in base._meta.local_fields) for base in (EntityModel, ChildModel)}


@cache
def entity_fields(model: type[models.Model]) -> tuple[EntityField, ...]:
    """Return the fields that a plugin's model adds, in the order of their declaration.

    Raises:
        TypeError: a field is of a class that entities cannot have.
    """
    inherited = _BASE_FIELDS[ChildModel if issubclass(model, ChildModel) else EntityModel]
    return tuple(
        EntityField(
            name=camel_case(column.name),
            column=column.name,
            kind=_kind_of(column),
            max_length=getattr(column, "max_length", None),
            help=str(column.help_text),
        )
        for column in model._meta.concrete_fields
        if column.name not in inherited and not isinstance(column, models.ForeignKey)
    )


def camel_case(name: str) -> str:
    """Return the JSON name of a column.

    >>> camel_case("document_count"), camel_case("name")
    ('documentCount', 'name')
    """
    return re.sub(r"_([a-z0-9])", lambda match: match.group(1).upper(), name)


def _kind_of(field: models.Field) -> FieldKind:
    for field_class, kind in _KINDS:
        if isinstance(field, field_class):
            return kind
    raise TypeError(f"{field} is a {type(field).__name__}, which entities cannot have")
