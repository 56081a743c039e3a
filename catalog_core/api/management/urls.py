"""The routes of the management API, below the base path of each catalog."""

from django.urls import URLPattern, path

from catalog_core.api.management.actions import (
    AssetActionsView,
    EntityActionView,
    OwnEntityActionView,
    SourceActionsView,
    SourceActionView,
)
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
from catalog_core.plugins.contract import ActionProvider, Plugin

_ROUTES: tuple[tuple[str, type[ManagementView]], ...] = (
    ("sources", SourcesView),
    ("validate-source", ValidateSourceView),
    ("plan-source", PlanSourceView),
    ("apply-source", ApplySourceView),
    ("sources/<path:source_id>:validate", ValidateNamedSourceView),
    ("sources/<path:source_id>:plan", PlanNamedSourceView),
    ("sources/<path:source_id>:rollback", SourceRollbackView),
    ("sources/<path:source_id>:action", SourceActionView),
    ("sources/<path:source_id>/enable", EnableSourceView),
    ("sources/<path:source_id>/revisions", SourceRevisionsView),
    ("sources/<path:source_id>", SourceView),
    ("refresh", RefreshAllView),
    ("refresh/<path:source_id>", RefreshSourceView),
    ("diagnostics", DiagnosticsView),
    ("actions/asset", AssetActionsView),
    ("actions/source", SourceActionsView),
    ("entities/<path:name>:action", EntityActionView),
    ("entities/<path:name>", EntityByNameView),
)
_ACTION_ROUTES: tuple[tuple[str, type[ManagementView]], ...] = (
    ("sources/<path:source_id>:action", SourceActionView),
    ("actions/asset", AssetActionsView),
    ("actions/source", SourceActionsView),
    ("entities/<path:name>:action", OwnEntityActionView),
)
"""The routes of a plugin that keeps sources and entities itself, and provides actions on them."""


def management_routes(plugin: Plugin) -> list[URLPattern]:
    """Return the management routes of one plugin: all where the core keeps the catalog, else those it provides."""
    if isinstance(plugin, CatalogPlugin):
        routes = _ROUTES
    else:
        routes = _ACTION_ROUTES if isinstance(plugin, ActionProvider) else ()
    return [path(f"management/{route}", bound(view, plugin)) for route, view in routes]
