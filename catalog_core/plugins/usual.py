"""What clients are told of a kind as long as nobody declares it otherwise: columns, filters, sections; they follow from
the properties that ``catalog.yaml`` lists.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

from catalog_core.plugins.declarations import Column, Filter, FilterType, Section

MOST_COLUMNS = 8
"""Columns of a list at the most; the other properties are in the details."""

_FILTER_TYPES: dict[str, FilterType] = {"integer": "number", "number": "number", "boolean": "boolean"}


class DescribedProperty(Protocol):
    """A property as far as these declarations depend on it."""

    @property
    def name(self) -> str:
        """What JSON calls it."""

    @property
    def label(self) -> str:
        """What stands above it in tables; may be empty."""

    @property
    def options(self) -> tuple[str, ...]:
        """Its usual values, if it has such."""

    @property
    def kind(self) -> str:
        """What it holds: string, integer, boolean, number, array, object or date."""

    @property
    def is_text(self) -> bool:
        """Whether text is searched for in it."""

    @property
    def is_scalar(self) -> bool:
        """Whether lists can be ordered by it."""


def usual_columns(properties: Iterable[DescribedProperty]) -> tuple[Column, ...]:
    """Return the columns of a list: the name, and what can be shown in a cell."""
    shown = [prop for prop in properties if prop.is_scalar or prop.is_text][: MOST_COLUMNS - 1]
    return (
        Column("name", "Name", "lg"),
        *(Column(prop.name, prop.label, sortable=prop.is_scalar) for prop in shown),
    )


def usual_filters(properties: Iterable[DescribedProperty]) -> tuple[Filter, ...]:
    """Return the filters that clients should offer."""
    found = [prop for prop in properties if prop.is_text or prop.kind in _FILTER_TYPES]
    return (Filter("name"), *map(_filter, found))


def usual_sections(properties: Sequence[DescribedProperty]) -> tuple[Section, ...]:
    """Return the sections of the detail view."""
    overview = ("name", "description", *(prop.name for prop in properties if prop.is_scalar))
    details = tuple(prop.name for prop in properties if not prop.is_scalar)
    return (Section("Overview", overview), *([Section("Details", details)] if details else []))


def usual_searchable(properties: Iterable[DescribedProperty]) -> tuple[str, ...]:
    """Return the fields that a search looks into."""
    return ("name", "description", *(prop.name for prop in properties if prop.is_text))


def _filter(prop: DescribedProperty) -> Filter:
    filter_type: FilterType = "select" if prop.options else _FILTER_TYPES.get(prop.kind, "text")
    return Filter(prop.name, prop.label, type=filter_type, options=prop.options)
