"""The routes of the management API, below the base path of each catalog."""

from django.urls import URLPattern, path

from catalog_core.api.management.base import ManagementView, bound
from catalog_core.api.management.changing import ApplySourceView, EnableSourceView, SourceView
from catalog_core.api.management.checking import (
    PlanNamedSourceView,
    PlanSourceView,
    ValidateNamedSourceView,
    ValidateSourceView,
)
from catalog_core.api.management.reading import DiagnosticsView, EntityByNameView, SourcesView
from catalog_core.api.management.refreshing import RefreshAllView, RefreshSourceView
from catalog_core.api.management.revisions import SourceRevisionsView, SourceRollbackView
from catalog_core.entities.catalog import CatalogPlugin

_ROUTES: tuple[tuple[str, type[ManagementView]], ...] = (
    ("sources", SourcesView),
    ("validate-source", ValidateSourceView),
    ("plan-source", PlanSourceView),
    ("apply-source", ApplySourceView),
    ("sources/<str:source_id>:validate", ValidateNamedSourceView),
    ("sources/<str:source_id>:plan", PlanNamedSourceView),
    ("sources/<str:source_id>:rollback", SourceRollbackView),
    ("sources/<str:source_id>/enable", EnableSourceView),
    ("sources/<str:source_id>/revisions", SourceRevisionsView),
    ("sources/<str:source_id>", SourceView),
    ("refresh", RefreshAllView),
    ("refresh/<str:source_id>", RefreshSourceView),
    ("diagnostics", DiagnosticsView),
    ("entities/<path:name>", EntityByNameView),
)


def management_routes(plugin: CatalogPlugin) -> list[URLPattern]:
    """Return the management routes of one catalog."""
    return [path(f"management/{route}", bound(view, plugin)) for route, view in _ROUTES]
