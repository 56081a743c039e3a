"""All routes of the API. Those of plugins are mounted here, each behind a guard of its own."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.views import SpectacularSwaggerView
from rest_framework.routers import SimpleRouter

from catalog_core.api.asset_actions import AssetActionView, AssetsActionView
from catalog_core.api.assets import AssetByUidView, AssetsView, AssetView
from catalog_core.api.configuration import (
    ConfigurationView,
    ReconcileView,
    RevisionsView,
    RevisionView,
    RollbackView,
)
from catalog_core.api.discovery import CapabilitiesView, PluginsView
from catalog_core.api.errors import error_response
from catalog_core.api.folder_routes import FolderRoutes
from catalog_core.api.health import HealthView, LivenessView, ReadinessView
from catalog_core.api.home import HomeView
from catalog_core.api.jobs import CancelJobView, JobsView, JobView
from catalog_core.api.management.urls import management_routes
from catalog_core.api.openapi.views import SchemaView, plugin_schema_view
from catalog_core.api.overlays import OverlaysView, OverlayView
from catalog_core.api.relations import ImpactView, RelationsView
from catalog_core.api.search import SearchView, SuggestionsView
from catalog_core.api.search_page import SearchPageView
from catalog_core.plugins.contract import Plugin, base_path, default_base_path
from catalog_core.plugins.discovery import PluginFailure, failures
from catalog_core.plugins.registry import PluginRegistry, registry

PLUGIN_NAMESPACE_PREFIX = "plugin:"
"""Begins the URL namespace of a plugin's routes; what follows is its name. The gate in ``middleware`` goes by it."""


def plugin_routes(plugins: Iterable[Plugin]) -> list[URLResolver | URLPattern]:
    """Return the routes of all plugins; a plugin whose routes cannot be built answers 503 on all of its paths."""
    routes: list[URLResolver | URLPattern] = []
    for plugin in plugins:
        try:
            own = _own_routes(plugin)
        except Exception as error:  # noqa: BLE001 - plugin code: its routes must not take the others along
            failures.record(plugin.name, "routes", error)
            continue
        namespace = f"{PLUGIN_NAMESPACE_PREFIX}{plugin.name}"
        routes.append(path(f"{base_path(plugin)[1:]}/", include((own, plugin.name), namespace=namespace)))
    return routes


def failed_routes(found: Iterable[PluginFailure], plugins: PluginRegistry) -> list[URLPattern]:
    """Return routes that say, for each failed plugin, why it does not serve."""
    routes = []
    for failure in found:
        plugin = plugins.get(failure.name)
        base = base_path(plugin) if plugin else default_base_path(failure.name)
        routes.append(re_path(rf"^{base[1:]}(/.*)?$", _unavailable(failure)))
    return routes


def _own_routes(plugin: Plugin) -> list[Any]:
    router = SimpleRouter(trailing_slash=False, use_regex_path=False)
    plugin.register_routes(router)
    return [*router.urls, *management_routes(plugin), path("openapi", plugin_schema_view(plugin).as_view())]


def _unavailable(failure: PluginFailure) -> Any:
    @csrf_exempt
    def unavailable(request: HttpRequest, *args: str) -> HttpResponse:
        text = f"The plugin {failure.name} failed at {failure.stage}; /api/plugins and the server log say why."
        return error_response(503, "plugin_unavailable", text, headers={"Retry-After": "30"})

    return unavailable


_plugin_routes = plugin_routes(registry.installed())  # first: it finds out which plugins fail here

urlpatterns: list[URLResolver | URLPattern] = [
    path("", HomeView.as_view(), name="home"),
    path("search", SearchPageView.as_view(), name="search-page"),
    path("healthz", HealthView.as_view()),
    path("livez", LivenessView.as_view()),
    path("readyz", ReadinessView.as_view(), name="readyz"),
    path("api/plugins", PluginsView.as_view(), name="plugins"),
    path("api/plugins/<str:plugin_name>/capabilities", CapabilitiesView.as_view()),
    path("api/search", SearchView.as_view(), name="search"),
    path("api/search/suggestions", SuggestionsView.as_view(), name="suggestions"),
    path("api/assets", AssetsView.as_view(), name="assets"),
    path("api/assets:action", AssetsActionView.as_view()),
    path("api/assets/<str:uid>:action", AssetActionView.as_view()),
    path("api/assets/<str:uid>", AssetByUidView.as_view()),
    path("api/assets/<uuid:uid>/relations", RelationsView.as_view()),
    path("api/assets/<uuid:uid>/impact", ImpactView.as_view()),
    path("api/assets/<str:kind>/<path:name>", AssetView.as_view()),
    path("api/management/v1alpha1/configuration", ConfigurationView.as_view()),
    path("api/management/v1alpha1/configuration:rollback", RollbackView.as_view()),
    path("api/management/v1alpha1/configuration:reconcile", ReconcileView.as_view()),
    path("api/management/v1alpha1/configuration/revisions", RevisionsView.as_view()),
    path("api/management/v1alpha1/configuration/revisions/<str:version>", RevisionView.as_view()),
    path("api/management/v1alpha1/overlays", OverlaysView.as_view()),
    path("api/management/v1alpha1/overlays/<str:uid>", OverlayView.as_view()),
    path("api/jobs/v1alpha1/refresh", JobsView.as_view()),
    path("api/jobs/v1alpha1/refresh/<str:job_id>:cancel", CancelJobView.as_view()),
    path("api/jobs/v1alpha1/refresh/<str:job_id>", JobView.as_view()),
    path("api/schema", SchemaView.as_view(), name="schema"),
    path("api/docs", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    *_plugin_routes,
    *failed_routes(failures, registry),
    FolderRoutes(registry, plugin_routes, _unavailable),
]
