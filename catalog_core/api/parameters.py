"""The query parameters of lists: the same for all catalogs, described for each with the names that it knows."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from catalog_core.api.openapi.shared import reference
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.queryable import query_fields

LIST_PARAMETERS = frozenset(
    (
        "filterQuery",
        "namedQuery",
        "q",
        "orderBy",
        "sortOrder",
        "pageSize",
        "pageToken",
        "nextPageToken",
        "source",
        "sourceLabel",
    )
)
_TEXT = OpenApiTypes.STR
_TEXTS = {"type": "array", "items": {"type": "string"}}


def list_parameters(plugin: CatalogPlugin) -> list[OpenApiParameter]:
    """Return the description of the list parameters of a catalog."""
    return [*_conditions(plugin), *_order(plugin), *_paging(plugin), *_sources()]


def _conditions(plugin: CatalogPlugin) -> tuple[OpenApiParameter, ...]:
    names = _listed(query_fields(plugin).names)
    return (
        OpenApiParameter(
            "filterQuery",
            _TEXT,
            description=f"A condition on {names}, with `=`, `!=`, `<`, `LIKE`, `IN`, `IS NULL`, `AND`, `OR`, `NOT` and"
            " so on.",
            examples=[OpenApiExample("Names that begin with a letter", "name LIKE 'k%'")],
        ),
        OpenApiParameter("namedQuery", _TEXT, description="The name of a query that the configuration holds."),
        OpenApiParameter("q", _TEXT, description="Words that all have to occur in an entry, wherever, in any case."),
    )


def _order(plugin: CatalogPlugin) -> tuple[OpenApiParameter, ...]:
    names = _listed(query_fields(plugin).sortable_names)
    return (
        OpenApiParameter(
            "orderBy",
            _TEXT,
            description=f"The field to order by, `name` where left out: {names}, or `customProperties.` and a key.",
            examples=[OpenApiExample("By name", "name")],
        ),
        OpenApiParameter(
            "sortOrder", reference("schemas", "SortOrder"), description="The direction; `ASC` where left out."
        ),
    )


def _paging(plugin: CatalogPlugin) -> tuple[OpenApiParameter, ...]:
    shape = plugin.list_shape
    return (
        OpenApiParameter(
            "pageSize",
            OpenApiTypes.INT,
            default=shape.default_page_size,
            description=f"How many entries a page holds at most; never more than {shape.max_page_size}."
            f" Zero and less stand for {shape.default_page_size}.",
        ),
        OpenApiParameter(
            "pageToken", _TEXT, description="`nextPageToken` of the page before, with the same condition and order."
        ),
        OpenApiParameter("nextPageToken", _TEXT, description="Another name of `pageToken`."),
    )


def _sources() -> tuple[OpenApiParameter, ...]:
    return (
        OpenApiParameter(
            "source", _TEXTS, description="Only entries of the sources with these ids. Commas separate, too."
        ),
        OpenApiParameter(
            "sourceLabel",
            _TEXTS,
            description="Only entries of sources with one of these labels, in any case; `null` stands for sources"
            " without. Not together with `source`.",
        ),
    )


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)
