"""``/``: the first page, for people in a browser and for programs that begin there."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.vary import vary_on_headers

from catalog_core import server_version
from catalog_core.api.conditional import entity_tag, json_answer, not_modified
from catalog_core.entities.capabilities import list_path
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.documents import json_text
from catalog_core.entities.view import entity_counts
from catalog_core.health import readiness
from catalog_core.plugins.lifecycle import PluginStatus, plugin_statuses
from catalog_core.plugins.registry import registry
from catalog_core.sources.models import Source, SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogCard:
    """What the first page shows of one catalog.

    Attributes:
        name: the name of its plugin.
        title: what people call it.
        description: one sentence.
        count: how many entries readers see.
        sources: how many sources it has.
        troubled: how many of them are not quite well.
        healthy: whether the plugin serves.
        list_path: where the list is; empty if the plugin has none.
        base_path: where its routes are.
    """

    name: str
    title: str
    description: str
    count: int
    sources: int
    troubled: int
    healthy: bool
    list_path: str
    base_path: str


@method_decorator(vary_on_headers("Accept"), name="dispatch")
class HomeView(View):
    """The first page as HTML, or as JSON for clients that ask for it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the catalogs with their counts and health, and where to go next."""
        cards = catalog_cards()
        if request.accepts("text/html") and "text/html" in request.headers.get("Accept", ""):
            ready, body = readiness(registry)
            context = {
                "cards": cards,
                "total": sum(card.count for card in cards),
                "ready": ready,
                "components": body["components"],
                "version": server_version(),
            }
            return render(request, "catalog_core/home.html", context)
        content = json_text(_document(request, cards))
        etag = entity_tag(content)
        return not_modified(request, etag) or json_answer(content, etag)


def catalog_cards() -> list[CatalogCard]:
    """Return what the first page shows of each catalog."""
    counts = entity_counts()
    states: dict[str, list[str]] = {}
    for plugin, state in Source.objects.configured().values_list("plugin", "state"):
        states.setdefault(plugin, []).append(state)
    return [_card(status, counts.get(status.name, 0), states.get(status.name, [])) for status in plugin_statuses(registry)]


def _card(status: PluginStatus, count: int, states: list[str]) -> CatalogCard:
    plugin = status.plugin
    catalog = plugin if isinstance(plugin, CatalogPlugin) else None
    well = (SourceState.AVAILABLE, SourceState.DISABLED, SourceState.LOADING)
    return CatalogCard(
        name=status.name,
        title=(catalog.display_name if catalog else "") or status.name,
        description=plugin.description if plugin else status.error,
        count=count,
        sources=len(states),
        troubled=sum(state not in well for state in states),
        healthy=status.serving,
        list_path=list_path(catalog) if catalog and status.serving else "",
        base_path=status.base_path,
    )


def _document(request: HttpRequest, cards: list[CatalogCard]) -> dict[str, object]:
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
                "healthy": card.healthy,
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
