"""``/``: the first page, for people in a browser and for programs that begin there."""

from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.exceptions import NotAuthenticated, PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog_core import server_version
from catalog_core.api.conditional import JSON, entity_tag, json_answer, not_modified
from catalog_core.api.discovery import is_healthy
from catalog_core.api.serializers import HomeSerializer
from catalog_core.entities.capabilities import list_path
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.documents import json_text
from catalog_core.entities.view import entity_counts
from catalog_core.health import readiness
from catalog_core.plugins.lifecycle import PluginStatus, plugin_statuses
from catalog_core.plugins.registry import registry
from catalog_core.sources.models import Source, SourceState

HTML = "text/html"
_IN_ORDER = (SourceState.AVAILABLE, SourceState.DISABLED, SourceState.LOADING)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogCard:
    """What the first page shows of one catalog.

    Attributes:
        name: the name of its plugin.
        title: what people call it.
        description: one sentence.
        state: whether its plugin serves, serves but says that it is not well, or does not serve.
        error: why it does not serve.
        stage: where it failed.
        count: how many entries readers see.
        sources: how many sources it has.
        troubled: how many of them are not quite well.
        list_path: where the list is; empty if there is none now.
        base_path: where its routes are.
    """

    name: str
    title: str
    description: str
    state: Literal["serving", "unhealthy", "failed"]
    error: str
    stage: str
    count: int
    sources: int
    troubled: int
    list_path: str
    base_path: str


class HomeView(APIView):
    """The first page as HTML, or as JSON for clients that do not ask for HTML."""

    answers_conditionally = True

    @extend_schema(
        operation_id="getHome",
        tags=["discovery"],
        summary="Begin here",
        responses={
            (200, JSON): HomeSerializer,
            (200, HTML): OpenApiResponse(OpenApiTypes.STR, "The same as a page, if `Accept` names `text/html`."),
        },
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the catalogs with their counts and health, and where to go next."""
        cards = catalog_cards()
        if _wants_html(request):
            return _marked(_page(request._request, cards))
        content = json_text(_document(cards))
        etag = entity_tag(content)
        return _marked(not_modified(request._request, etag) or json_answer(content, etag))

    def handle_exception(self, exc: Exception) -> Response:
        """Send people who have to log in first to the page where they can; others get the error."""
        if isinstance(exc, NotAuthenticated | PermissionDenied) and _wants_html(self.request):
            target = f"{reverse('admin:login')}?{urlencode({'next': reverse('home')})}"
            return Response(status=302, headers={"Location": target, "Vary": "Accept", "Cache-Control": "no-store"})
        return super().handle_exception(exc)


def catalog_cards() -> list[CatalogCard]:
    """Return what the first page shows of each catalog; those that do not serve last."""
    counts = entity_counts()
    states: dict[str, list[str]] = {}
    for plugin, state in Source.objects.configured().values_list("plugin", "state"):
        states.setdefault(plugin, []).append(state)
    cards = [
        _card(status, counts.get(status.name, 0), states.get(status.name, [])) for status in plugin_statuses(registry)
    ]
    return sorted(cards, key=lambda card: card.state == "failed")


def _wants_html(request: Request | HttpRequest) -> bool:
    return HTML in request.headers.get("Accept", "")


def _marked(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ("Accept",))
    return response


def _page(request: HttpRequest, cards: list[CatalogCard]) -> HttpResponse:
    ready, body = readiness(registry)
    components: dict[str, Any] = body["components"]
    context = {
        "cards": cards,
        "total": sum(card.count for card in cards),
        "ready": ready,
        "failed": sum(card.state != "serving" for card in cards),
        "components": components,
        "version": server_version(),
    }
    response = render(request, "catalog_core/home.html", context)
    response["Cache-Control"] = "no-cache"
    return response


def _card(status: PluginStatus, count: int, states: list[str]) -> CatalogCard:
    plugin = status.plugin
    catalog = plugin if isinstance(plugin, CatalogPlugin) else None
    serving = status.serving and plugin is not None
    return CatalogCard(
        name=status.name,
        title=(catalog.display_name if catalog else "") or status.name,
        description=plugin.description if plugin else "",
        state="failed" if not serving or plugin is None else "serving" if is_healthy(plugin) else "unhealthy",
        error="" if serving else status.error,
        stage="" if serving else status.stage,
        count=count,
        sources=len(states),
        troubled=sum(state not in _IN_ORDER for state in states),
        list_path=list_path(catalog) if catalog and serving else "",
        base_path=status.base_path,
    )


def _document(cards: list[CatalogCard]) -> dict[str, object]:
    return {
        "name": "Catalog of Catalogs",
        "version": server_version(),
        "catalogs": [
            {
                "name": card.name,
                "displayName": card.title,
                "description": card.description,
                "entityCount": card.count,
                "sources": card.sources,
                "healthy": card.state == "serving",
                "basePath": card.base_path,
            }
            | ({"list": card.list_path} if card.list_path else {})
            for card in cards
        ],
        "links": {
            "plugins": reverse("plugins"),
            "openapi": reverse("schema"),
            "documentation": reverse("docs"),
            "admin": reverse("admin:index"),
            "readiness": reverse("readyz"),
        },
    }
