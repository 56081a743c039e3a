"""Choosing among the sources of a list in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog_core.sources.models import Source

MOST_SOURCES = 50
"""As many as people look through; the search of a list finds what belongs to the others by the id of their source."""


class SourceFilter(admin.SimpleListFilter):
    """The sources of the catalog whose list it is; only the first of very many."""

    title = "source"
    parameter_name = "source"

    def sources(self, model_admin: Any) -> QuerySet[Source]:
        """Return all sources that something in the list may belong to."""
        return Source.objects.configured().filter(plugin=model_admin.plugin.name)

    def label(self, source: Source) -> str:
        """Return what a source is called in the list."""
        return source.key

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        """Return the sources to choose from, and the one that is chosen."""
        known = self.sources(model_admin)
        shown = [*known[:MOST_SOURCES]]
        chosen = self._chosen()
        if chosen is not None and all(source.pk != chosen for source in shown):
            shown += known.filter(pk=chosen)
        return [(str(source.pk), self.label(source)) for source in shown]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return what belongs to the chosen source."""
        chosen = self._chosen()
        return queryset if chosen is None else queryset.filter(source=chosen)

    def _chosen(self) -> int | None:
        text = self.value() or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
