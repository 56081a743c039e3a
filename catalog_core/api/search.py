"""``/api/search``: looking for assets of all kinds."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from catalog_core.api.assets import AllCatalogsView, asset_filter
from catalog_core.api.conditional import Reading, entity_tag
from catalog_core.api.parameters import (
    SEARCH_PARAMETERS,
    SUGGESTION_PARAMETERS,
    Parameters,
    page_token,
    refuse_misspelt,
    search_parameters,
    suggestion_parameters,
)
from catalog_core.api.search_serializers import SearchResultSerializer, SuggestionsSerializer
from catalog_core.api.serializers import ErrorSerializer
from catalog_core.assets.queryable import ASSET_QUERY_FIELDS
from catalog_core.assets.search import (
    MAX_SUGGESTIONS,
    Facet,
    Hit,
    SearchQuery,
    SearchResult,
    Suggestion,
    asset_path,
    search,
    suggest,
    with_chosen,
)
from catalog_core.assets.view import AssetsView as Visible
from catalog_core.entities.documents import json_text
from catalog_core.entities.paging import parse_page_size
from catalog_core.entities.search_index import parse_search
from catalog_core.plugins.registry import registry

DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
DEFAULT_SUGGESTIONS = 8


class SearchView(AllCatalogsView):
    """The search over all catalogs."""

    @extend_schema(
        operation_id="search",
        tags=["assets"],
        summary="Search the assets of all catalogs",
        parameters=search_parameters(
            ASSET_QUERY_FIELDS, default_page_size=DEFAULT_PAGE_SIZE, max_page_size=MAX_PAGE_SIZE
        ),
        responses={200: SearchResultSerializer, 400: ErrorSerializer},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return one page of what was found, the best first, and how many matches have which values."""
        return self.answer(request._request, request.query_params)

    @classmethod
    def reading(cls, visible: Visible, parameters: Parameters, **named: str) -> Reading:
        """Return the page of hits that the parameters ask for."""
        query = search_query(parameters)
        return Reading(
            etag=entity_tag("search", visible.generation, query),
            body=lambda: json_text(_document(search(visible, query, registry), query)),
        )


class SuggestionsView(AllCatalogsView):
    """Names to offer to somebody who is typing."""

    @extend_schema(
        operation_id="suggest",
        tags=["assets"],
        summary="Suggest names of assets while somebody types",
        parameters=suggestion_parameters(
            ASSET_QUERY_FIELDS, default_page_size=DEFAULT_SUGGESTIONS, max_page_size=MAX_SUGGESTIONS
        ),
        responses={200: SuggestionsSerializer, 400: ErrorSerializer},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return names of assets that what has been typed leads to; none as long as nothing has."""
        return self.answer(request._request, request.query_params)

    @classmethod
    def reading(cls, visible: Visible, parameters: Parameters, **named: str) -> Reading:
        """Return the names that the parameters lead to."""
        refuse_misspelt(parameters, SUGGESTION_PARAMETERS)
        query = _query(parameters, DEFAULT_SUGGESTIONS, MAX_SUGGESTIONS)
        return Reading(
            etag=entity_tag("suggestions", visible.generation, query),
            body=lambda: json_text({"suggestions": [_suggestion(found) for found in suggest(visible, query)]}),
        )


def search_query(parameters: Parameters) -> SearchQuery:
    """Return what the parameters of a search ask for.

    Raises:
        InvalidQuery: a parameter cannot be understood.
    """
    refuse_misspelt(parameters, SEARCH_PARAMETERS)
    return _query(parameters, DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE)


def _query(parameters: Parameters, default_size: int, max_size: int) -> SearchQuery:
    wanted, chosen = with_chosen(asset_filter(parameters), parameters.getlist("facet"))
    return SearchQuery(
        search=parse_search(parameters.get("q", "")),
        filter=wanted,
        chosen=chosen,
        page_size=parse_page_size(parameters.get("pageSize", ""), default=default_size, maximum=max_size),
        page_token=page_token(parameters),
    )


def _document(result: SearchResult, query: SearchQuery) -> dict[str, Any]:
    document: dict[str, Any] = {"items": [_hit(hit) for hit in result.hits], "facets": _facets(result.facets)}
    if result.next_page_token:
        document["nextPageToken"] = result.next_page_token
    return document | {
        "pageSize": query.page_size,
        "size": len(result.hits),
        "totalSize": result.total,
        "totalIsExact": result.is_exact,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    asset = hit.asset
    links = {"asset": asset_path(asset.uid), "entity": hit.entity_path}
    optional = {
        "displayName": asset.display_name,
        "description": hit.description,
        "tags": [tag for tag in asset.tags if isinstance(tag, str)],
        "matchedIn": hit.matched_in,
        "highlights": hit.highlights,
    }
    return {
        "uid": asset.uid,
        "kind": asset.kind,
        "plugin": asset.plugin,
        "name": asset.name,
        "sourceId": hit.source,
        "lifecycle": asset.lifecycle,
        **{key: value for key, value in optional.items() if value},
        "links": {key: path for key, path in links.items() if path},
    }


def _facets(facets: Sequence[Facet]) -> list[dict[str, Any]]:
    return [
        {
            "field": facet.field,
            "values": [
                {"value": value.value, "count": value.count} | ({"selected": True} if value.is_chosen else {})
                for value in facet.values
            ],
            "countsAreExact": facet.is_exact,
        }
        | ({"furtherValues": facet.further} if facet.further else {})
        for facet in facets
    ]


def _suggestion(found: Suggestion) -> dict[str, Any]:
    suggestion = {"text": found.asset.name, "kind": found.asset.kind, "uid": found.asset.uid}
    return suggestion | ({"highlight": found.highlight} if found.highlight else {})
