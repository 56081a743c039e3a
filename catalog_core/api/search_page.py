"""``/search``: the search as a page, for people in a browser."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from catalog_core.api.search import search_query
from catalog_core.assets.search import Facet, Hit, SearchResult, search
from catalog_core.assets.view import assets_view
from catalog_core.exceptions import InvalidQuery
from catalog_core.plugins.registry import registry

_CHOICES = ("kind", "lifecycle", "tags", "license", "provider")
"""The facets that the page offers to choose from."""


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit as the page shows it; texts that are marked are finished HTML."""

    hit: Hit
    name: str | SafeString
    description: str | SafeString


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet as a link that chooses it, or takes the choice back."""

    value: str
    count: int
    is_exact: bool
    is_chosen: bool
    address: str


class SearchPageView(APIView):
    """A page with a search box, and below it what was found."""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """Return the page; what cannot be understood is said on it."""
        parameters = request.query_params
        context: dict[str, object] = {"q": parameters.get("q", "")}
        status = 200
        try:
            query = search_query(parameters)
            result = search(assets_view(registry), query, registry)
            context |= _found(parameters, result)
        except InvalidQuery as error:
            context["error"], status = str(error), 400
        response = render(_plain(request), "catalog_core/search.html", context, status=status)
        response["Cache-Control"] = "no-cache"
        return response


def _plain(request: Request) -> HttpRequest:
    return request._request


def _found(parameters: QueryDict, result: SearchResult) -> dict[str, object]:
    facets = [(facet.field, _choices(parameters, facet)) for facet in result.facets if facet.field in _CHOICES]
    return {
        "hits": [_shown(hit) for hit in result.hits],
        "total": result.total,
        "is_exact": result.is_exact,
        "facets": [(field, choices) for field, choices in facets if choices],
        "next": _address(parameters, pageToken=result.next_page_token) if result.next_page_token else "",
    }


def _shown(hit: Hit) -> ShownHit:
    marked = {field: mark_safe(text) for field, text in hit.highlights.items()}  # noqa: S308 - all but marks is escaped
    return ShownHit(hit, marked.get("name", hit.asset.name), marked.get("description", hit.description))


def _choices(parameters: QueryDict, facet: Facet) -> list[Choice]:
    chosen = parameters.getlist("facet")
    choices = []
    for value in facet.values:
        written = f"{facet.field}:{value.value}"
        others = [one for one in chosen if one != written]
        wanted = others if value.is_chosen else [*chosen, written]
        choices.append(
            Choice(value.value, value.count, facet.is_exact, value.is_chosen, _address(parameters, facet=wanted))
        )
    return choices


def _address(parameters: QueryDict, **changes: str | list[str]) -> str:
    changed = parameters.copy()
    changed.pop("pageToken", None)
    for name, value in changes.items():
        changed.setlist(name, value if isinstance(value, list) else [value])
    return f"{reverse('search-page')}?{changed.urlencode()}"
