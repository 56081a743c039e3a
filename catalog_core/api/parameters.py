"""The query parameters of lists: the same for all catalogs, described for each with the names that it knows."""

from collections.abc import Iterable
from functools import lru_cache
from typing import TypeAlias

from django.utils.datastructures import MultiValueDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from catalog_core.api.openapi.shared import reference
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.envelope import Lifecycle
from catalog_core.entities.query import QueryFields
from catalog_core.entities.queryable import query_fields
from catalog_core.exceptions import InvalidQuery
from catalog_core.problems import did_you_mean

Parameters: TypeAlias = MultiValueDict[str, str]
"""The parameters of a request's query."""

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
ASSET_PARAMETERS = frozenset(
    (
        "kind",
        "plugin",
        "source",
        "sourceLabel",
        "lifecycle",
        "tag",
        "label",
        "filterQuery",
        "q",
        "orderBy",
        "sortOrder",
        "pageSize",
        "pageToken",
        "nextPageToken",
    )
)
SUGGESTION_PARAMETERS = ASSET_PARAMETERS - {"orderBy", "sortOrder", "pageToken", "nextPageToken"} | {"q", "facet"}
SEARCH_PARAMETERS = SUGGESTION_PARAMETERS | {"pageToken", "nextPageToken"}
_TEXT = OpenApiTypes.STR
_TEXTS = {"type": "array", "items": {"type": "string"}}


def list_parameters(plugin: CatalogPlugin) -> list[OpenApiParameter]:
    """Return the description of the list parameters of a catalog."""
    fields, shape = query_fields(plugin), plugin.list_shape
    custom = ", or `customProperties.` and a key"
    return [
        *_conditions(fields),
        *_order(fields, custom),
        *_paging(shape.default_page_size, shape.max_page_size),
        *_sources(),
    ]


def asset_parameters(fields: QueryFields, *, default_page_size: int, max_page_size: int) -> list[OpenApiParameter]:
    """Return the description of the parameters that lists over all kinds take."""
    return [
        *asset_filter_parameters(fields),
        _words("What to look for in an asset."),
        *_order(fields),
        *_paging(default_page_size, max_page_size),
    ]


def asset_filter_parameters(fields: QueryFields) -> list[OpenApiParameter]:
    """Return the description of the parameters that say which assets are meant."""
    described = {
        "kind": "Only assets of these kinds, such as `Agent`. Commas separate, too.",
        "plugin": "Only assets of these plugins. Commas separate, too.",
        "lifecycle": f"Only assets in one of these phases: {_listed(tuple(Lifecycle.values))}.",
        "tag": "Only assets with all of these tags.",
        "label": "Only assets with all of these labels, each `key=value`, or `key` for any value.",
    }
    named = [OpenApiParameter(name, _TEXTS, description=text) for name, text in described.items()]
    return [*named, *_sources(), _filter(fields)]


def search_parameters(fields: QueryFields, *, default_page_size: int, max_page_size: int) -> list[OpenApiParameter]:
    """Return the description of the parameters that a search over all kinds takes."""
    return [
        _words("What to look for; without it, all assets by name."),
        *asset_filter_parameters(fields),
        _facet(),
        *_paging(default_page_size, max_page_size),
    ]


def suggestion_parameters(fields: QueryFields, *, default_page_size: int, max_page_size: int) -> list[OpenApiParameter]:
    """Return the description of the parameters that suggestions take."""
    size = _paging(default_page_size, max_page_size)[0]
    return [_words("What has been typed so far."), *asset_filter_parameters(fields), _facet(), size]


def refuse_misspelt(parameters: Iterable[str], known: frozenset[str]) -> None:
    """Refuse a parameter whose name is nearly that of one in ``known``: it would be ignored.

    Raises:
        InvalidQuery: there is such a parameter; the text names the one that was meant.
    """
    for name in parameters:
        if name in known:
            continue
        meant = _by_folded_name(known).get(name.replace("_", "").replace("-", "").lower())
        if meant:
            raise InvalidQuery(f"there is no such parameter. {did_you_mean(meant, known)}", parameter=name)


@lru_cache
def _by_folded_name(known: frozenset[str]) -> dict[str, str]:
    return {name.lower(): name for name in known}


def page_token(parameters: Parameters) -> str:
    """Return the token of the page that is asked for, under either of its names; empty for the first page.

    Raises:
        InvalidQuery: both names are given and differ.
    """
    token, other = parameters.get("pageToken", ""), parameters.get("nextPageToken", "")
    if token and other and token != other:
        raise InvalidQuery("pageToken and nextPageToken are the same and differ; give one.", parameter="nextPageToken")
    return token or other


def several(parameters: Parameters, name: str) -> tuple[str, ...]:
    """Return the values of a parameter that may be given more than once, or with commas between the values."""
    if name not in parameters:
        return ()
    return tuple(part.strip() for value in parameters.getlist(name) for part in value.split(",") if part.strip())


def _filter(fields: QueryFields) -> OpenApiParameter:
    return OpenApiParameter(
        "filterQuery",
        _TEXT,
        description=f"A condition on {_listed(fields.names)}, with `=`, `!=`, `<`, `LIKE`, `IN`, `IS NULL`, `AND`,"
        " `OR`, `NOT` and so on.",
        examples=[OpenApiExample("Names that begin with a letter", "name LIKE 'k%'")],
    )


def _conditions(fields: QueryFields) -> tuple[OpenApiParameter, ...]:
    return (
        _filter(fields),
        OpenApiParameter("namedQuery", _TEXT, description="The name of a query that the configuration holds."),
        _words("What to look for in an entry."),
    )


def _words(purpose: str) -> OpenApiParameter:
    return OpenApiParameter(
        "q",
        _TEXT,
        description=f"{purpose} Words all have to occur, wherever, in any case; a part of a name will do."
        ' `"words in quotation marks"` follow each other, `kube*` stands for any ending, and what `-follows a minus`'
        " must not occur.",
        examples=[OpenApiExample("Words", "kubernetes -deprecated")],
    )


def _facet() -> OpenApiParameter:
    return OpenApiParameter(
        "facet",
        _TEXTS,
        description="Only assets with a value of a facet, written `license:MIT`; given more than once, values of one"
        " facet add to each other, but of `tags` each has to be there.",
    )


def _order(fields: QueryFields, further: str = "") -> tuple[OpenApiParameter, ...]:
    names = _listed(fields.sortable_names)
    return (
        OpenApiParameter(
            "orderBy",
            _TEXT,
            description=f"The field to order by, `name` where left out: {names}{further}.",
            examples=[OpenApiExample("By name", "name")],
        ),
        OpenApiParameter(
            "sortOrder", reference("schemas", "SortOrder"), description="The direction; `ASC` where left out."
        ),
    )


def _paging(default: int, maximum: int) -> tuple[OpenApiParameter, ...]:
    return (
        OpenApiParameter(
            "pageSize",
            OpenApiTypes.INT,
            default=default,
            description=f"How many entries a page holds at most; never more than {maximum}."
            f" Zero and less stand for {default}.",
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
