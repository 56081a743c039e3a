"""Making instances of models, many at a time.

Django's constructor looks at every field by itself, and takes longer than everything else that is done to a row on its
way into the database. Where a model leaves that to Django, the same instance is made here from a template.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from django.db import models
from django.db.models.base import ModelState
from django.db.models.fields.related_descriptors import ForeignKeyDeferredAttribute
from django.db.models.query_utils import DeferredAttribute
from django.db.models.signals import post_init, pre_init

M = TypeVar("M", bound=models.Model)


def new_instance(model: type[M], values: Mapping[str, Any], related: Mapping[str, models.Model] | None = None) -> M:
    """Return ``model(**values, **related)``.

    Args:
        model: the model.
        values: values by the names of attributes; a foreign key by the name of its column, such as ``source_id``.
        related: instances that foreign keys lead to, by the names of these; their keys stand among the values.
    """
    template = _template(model)
    if template is None or not values.keys() <= template.names:
        return model(**{**values, **(related or {})})
    row = model.__new__(model)
    attributes = row.__dict__
    attributes["_state"] = state = ModelState()
    attributes.update(template.constants)
    for name, make in template.made:
        attributes[name] = make()
    attributes.update(values)
    if related:
        state.fields_cache = dict(related)
    return row


@dataclass(frozen=True, slots=True)
class _Template:
    """What a new instance of a model has where nothing else is said.

    Attributes:
        names: the attributes that its fields have.
        constants: values by attribute.
        made: what makes a value for each instance, by attribute.
    """

    names: frozenset[str]
    constants: Mapping[str, Any]
    made: tuple[tuple[str, Callable[[], Any]], ...]


@lru_cache
def _template(model: type[models.Model]) -> _Template | None:
    """Return the template of a model; nothing for one that does something of its own when an instance is made."""
    fields: tuple[models.Field, ...] = tuple(model._meta.concrete_fields)
    has_own_ways = model.__init__ is not models.Model.__init__ or any(
        signal.has_listeners(model) for signal in (pre_init, post_init)
    )
    if has_own_ways or not all(_is_simple(getattr(model, field.attname)) for field in fields):
        return None
    made = {field.attname: field.default for field in fields if field.has_default() and callable(field.default)}
    return _Template(
        names=frozenset(field.attname for field in fields),
        constants={field.attname: field.get_default() for field in fields if field.attname not in made},
        made=tuple(made.items()),
    )


def _is_simple(attribute: Any) -> bool:
    return type(attribute) in (DeferredAttribute, ForeignKeyDeferredAttribute)
