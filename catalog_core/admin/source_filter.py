"""Choosing among the sources of a list in the admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from catalog_core.sources.models import Source

MOST_SOURCES = 50
"""As many as people look through; the search of a list finds what belongs to the others by the id of their source."""


class SourceFilter(admin.SimpleListFilter):
    """The configured sources, those of one catalog where the list is that of one; only the first of very many."""

    title = "source"
    parameter_name = "source"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        """Return the sources to choose from, and the one that is chosen."""
        plugin = getattr(model_admin, "plugin", None)
        known = Source.objects.configured()
        if plugin:
            known = known.filter(plugin=plugin.name)
        shown = [*known[:MOST_SOURCES]]
        chosen = self._chosen()
        if chosen is not None and all(source.pk != chosen for source in shown):
            shown += known.filter(pk=chosen)
        return [(str(source.pk), source.key if plugin else str(source)) for source in shown]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return what belongs to the chosen source."""
        chosen = self._chosen()
        return queryset if chosen is None else queryset.filter(source=chosen)

    def _chosen(self) -> int | None:
        text = self.value() or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
