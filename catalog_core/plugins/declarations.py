"""The facts that a plugin declares about its kind, from which the core draws the capabilities document."""

import re
from dataclasses import dataclass
from typing import Any, Literal

FieldType = Literal["string", "integer", "number", "boolean", "array", "object", "date"]
Width = Literal["sm", "md", "lg"]
FilterType = Literal["text", "select", "multiselect", "boolean", "number"]
Display = Literal[
    "text",
    "markdown",
    "badge",
    "tags",
    "link",
    "repoRef",
    "imageRef",
    "dateTime",
    "code",
    "json",
    "secretRef",
]

TEXT_OPERATORS = ("=", "!=", "LIKE")
SELECT_OPERATORS = ("=", "!=")
NUMBER_OPERATORS = ("=", ">", "<", ">=", "<=")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list. What is left out follows from the field: label, path and type.

    Attributes:
        name: the field, or a name of its own if ``path`` is given.
        label: what stands above the column.
        width: how much room it wants.
        path: where the value stands in the entity, with dots between the steps.
        type: what the value is.
        sortable: whether clients should offer to order by it.
    """

    name: str
    label: str = ""
    width: Width | None = None
    path: str = ""
    type: FieldType | None = None
    sortable: bool = True


@dataclass(frozen=True, slots=True)
class Filter:
    """A field that clients should offer as a filter.

    Attributes:
        name: the field, or a name of its own if ``path`` is given.
        label: what stands beside the filter.
        type: how to ask for the value.
        options: the usual values; an item with another value is served, with a remark in the diagnostics.
        operators: the operators to offer; they follow from the type where left out.
        path: where the value stands in the entity, with dots between the steps.
    """

    name: str
    label: str = ""
    type: FilterType = "text"
    options: tuple[str, ...] = ()
    operators: tuple[str, ...] = ()
    path: str = ""

    def offered_operators(self) -> tuple[str, ...]:
        """Return the operators that a client should offer."""
        if self.operators:
            return self.operators
        return {"text": TEXT_OPERATORS, "number": NUMBER_OPERATORS}.get(self.type, SELECT_OPERATORS)


@dataclass(frozen=True, slots=True)
class Detail:
    """A field in a detail view, where its label or type do not follow from its name."""

    name: str
    label: str = ""
    type: FieldType | None = None
    path: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Fields that belong together in a detail view."""

    title: str
    fields: tuple[str | Detail, ...]


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A column in the V1 hints."""

    field: str
    label: str = ""
    sortable: bool = True
    filterable: bool = True


@dataclass(frozen=True, slots=True)
class ViewField:
    """How a field is shown by clients that follow the V2 user interface hints."""

    field: str
    label: str = ""
    display: Display | None = None
    width: Width | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UIHints:
    """Hints for richer user interfaces. Everything is optional; what is empty does not appear.

    Attributes:
        color: a colour as in CSS.
        list_columns: columns of the list view.
        title_field: the field that names a row.
        default_sort: field and direction, ``asc`` or ``desc``.
        default_filters: filter queries that a list begins with.
        detail_sections: titles and fields of the detail view.
        panels: further panels of the detail view.
        searchable_fields: fields that a search box looks into.
        facets: fields to count values of.
        primary_actions: ids of the actions to show first.
        secondary_actions: ids of the actions to show in a menu.
        confirmations: action ids and what to ask before they run.
    """

    color: str = ""
    title_field: str = ""
    list_columns: tuple[ViewField, ...] = ()
    default_sort: tuple[str, Literal["asc", "desc"]] | None = None
    default_filters: tuple[str, ...] = ()
    detail_sections: tuple[tuple[str, tuple[ViewField, ...]], ...] = ()
    panels: tuple[str, ...] = ()
    searchable_fields: tuple[str, ...] = ()
    facets: tuple[ViewField, ...] = ()
    primary_actions: tuple[str, ...] = ()
    secondary_actions: tuple[str, ...] = ()
    confirmations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A place in an entity that names an asset, of its own kind or another.

    What stands there may be the name of the asset, the id of a source, a slash and the name, or an object with ``name``
    and, where they are needed, ``kind`` and ``source``. A list stands for several.

    Attributes:
        path: where it stands in the entity, with dots between the steps and ``[]`` behind a step that is a list, such
            as ``tools[].skillRef``.
        kind: the kind of the asset, such as ``Skill``.
        relation: what the entity has to do with the asset, as a verb, such as ``uses``.
    """

    path: str
    kind: str
    relation: str

    @property
    def steps(self) -> tuple[str, ...]:
        """The keys that lead to the place."""
        return tuple(step.removesuffix("[]") for step in self.path.split("."))


def label_of(name: str) -> str:
    """Return a label made from a field name.

    >>> label_of("documentCount"), label_of("license_link"), label_of("serverURL")
    ('Document Count', 'License Link', 'Server URL')
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", name)
    return " ".join(word[:1].upper() + word[1:] for word in spaced.split())


def plural_of(kind: str) -> str:
    """Return the plural of a kind as it stands in paths, by the usual rules of English.

    >>> plural_of("Policy"), plural_of("Skill"), plural_of("Batch"), plural_of("Relay")
    ('policies', 'skills', 'batches', 'relays')
    """
    word = kind.lower()
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}es" if word.endswith(("s", "x", "z", "ch", "sh")) else f"{word}s"


def without_empty(**values: Any) -> dict[str, Any]:
    """Return the values that say something: neither ``None`` nor false nor empty."""
    return {key: value for key, value in values.items() if value}
