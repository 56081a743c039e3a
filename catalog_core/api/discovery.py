"""``/api/plugins``: which catalogs this server has, how they are, and what can be done with them."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from catalog_core.api.conditional import entity_tag, json_answer, not_modified
from catalog_core.api.discovery_serializers import CapabilitiesSerializer, PluginListSerializer
from catalog_core.api.serializers import ErrorSerializer
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.documents import json_text
from catalog_core.entities.envelope import Lifecycle
from catalog_core.entities.view import lifecycle_counts
from catalog_core.exceptions import NotFound
from catalog_core.plugins.capabilities import capabilities_v2
from catalog_core.plugins.contract import (
    ActionProvider,
    CapabilitiesProvider,
    CLIHintsProvider,
    DiagnosticsProvider,
    Plugin,
    RefreshProvider,
    SourceManager,
    StatusProvider,
    UIHintsProvider,
)
from catalog_core.plugins.lifecycle import PluginStatus, plugin_statuses
from catalog_core.plugins.metadata import PluginMetadata
from catalog_core.plugins.registry import PluginRegistry, registry

logger = logging.getLogger(__name__)

T = TypeVar("T")


class PluginsView(APIView):
    """Discovery of all catalogs."""

    answers_conditionally = True

    @extend_schema(
        operation_id="listPlugins",
        tags=["discovery"],
        responses={200: PluginListSerializer},
        summary="List all plugins",
    )
    def get(self, request: Request) -> HttpResponse:
        """Return every plugin of this server, failed ones too, with its health, capabilities and hints."""
        return _answer(request._request, plugins_document(registry))


class CapabilitiesView(APIView):
    """Discovery of one catalog."""

    answers_conditionally = True

    @extend_schema(
        operation_id="getPluginCapabilities",
        tags=["discovery"],
        summary="Describe one plugin",
        parameters=[OpenApiParameter("plugin_name", str, OpenApiParameter.PATH, description="The name of the plugin.")],
        responses={200: CapabilitiesSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, plugin_name: str) -> HttpResponse:
        """Return the capabilities document (V2) of a plugin: its kinds, fields, filters, paths and hints."""
        plugin = registry.get(plugin_name)
        if plugin is None:
            raise NotFound(f'plugin "{plugin_name}" not found; /api/plugins lists what there is.')
        return _answer(request._request, capabilities_v2(plugin, registry.metadata(plugin_name)))


def plugins_document(plugins: PluginRegistry) -> dict[str, Any]:
    """Return the body of ``/api/plugins``."""
    counts = lifecycle_counts()
    entries = [_entry(status, plugins, counts.get(status.name, {})) for status in plugin_statuses(plugins)]
    entries.sort(key=lambda entry: "capabilitiesV2" not in entry)  # failed ones last; stable otherwise
    return {"plugins": entries, "count": len(entries)}


def is_healthy(plugin: Plugin) -> bool:
    """Ask a plugin whether it is well; one that cannot say is not."""
    return bool(_ask(plugin.healthy, False, plugin, "healthy", []))


def _answer(request: HttpRequest, document: Mapping[str, Any]) -> HttpResponse:
    content = json_text(document)
    etag = entity_tag(content)
    return not_modified(request, etag) or json_answer(content, etag)


def _entry(status: PluginStatus, plugins: PluginRegistry, counts: Mapping[str, int]) -> dict[str, Any]:
    plugin = status.plugin
    if plugin is None or not status.serving:
        return _failed_entry(status)
    problems: list[str] = []
    healthy = _ask(plugin.healthy, False, plugin, "healthy", problems)
    entry: dict[str, Any] = {
        "name": plugin.name,
        "version": plugin.version,
        "description": plugin.description,
        "basePath": status.base_path,
        "healthy": bool(healthy),
    }
    metadata = plugins.metadata(plugin.name)
    entry |= _capabilities(plugin, metadata, problems)
    entry["status"] = _status(plugin, status, problems)
    entry |= _management(plugin)
    if isinstance(plugin, UIHintsProvider) and (hints := _ask(plugin.ui_hints, None, plugin, "ui_hints", problems)):
        entry["uiHints"] = hints
    if isinstance(plugin, CLIHintsProvider) and (hints := _ask(plugin.cli_hints, None, plugin, "cli_hints", problems)):
        entry["cliHints"] = hints
    entry["entityCount"] = sum(counts.values())
    entry["lifecycleCounts"] = {phase: counts.get(phase, 0) for phase in Lifecycle.values}
    if metadata:
        entry["metadata"] = _metadata(metadata)
    if problems:
        entry["healthy"] = False
        entry["status"] |= {"lastError": problems[0]}
    return entry


def _failed_entry(status: PluginStatus) -> dict[str, Any]:
    plugin = status.plugin
    return {
        "name": status.name,
        "version": plugin.version if plugin else Plugin.version,
        "description": plugin.description if plugin else "",
        "basePath": status.base_path,
        "healthy": False,
        "status": {
            "enabled": True,
            "initialized": status.initialized,
            "serving": False,
            "lastError": status.error,
            "stage": status.stage,
        },
    }


def _capabilities(plugin: Plugin, metadata: PluginMetadata | None, problems: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if isinstance(plugin, CapabilitiesProvider):
        short = _ask(plugin.capabilities, None, plugin, "capabilities", problems)
        if short:
            kinds = list(short.get("entityKinds") or [])
            found |= {"entityKinds": kinds} if kinds else {}
            found["capabilities"] = {**dict(short), "entityKinds": kinds}
    empty: dict[str, Any] = {"schemaVersion": "v1", "plugin": {"name": plugin.name}, "entities": []}
    found["capabilitiesV2"] = _ask(
        lambda: capabilities_v2(plugin, metadata), empty, plugin, "capabilities_v2", problems
    )
    return found


def _status(plugin: Plugin, status: PluginStatus, problems: list[str]) -> dict[str, Any]:
    own: Mapping[str, Any] = {}
    if isinstance(plugin, StatusProvider):
        own = _ask(plugin.status, {}, plugin, "status", problems)
    trouble = {"lastError": status.error} if status.error else {}
    return {"enabled": True, "initialized": status.initialized, "serving": status.serving, **trouble, **own}


def _management(plugin: Plugin) -> dict[str, Any]:
    offered = {
        "sourceManager": isinstance(plugin, CatalogPlugin | SourceManager),
        "refresh": isinstance(plugin, CatalogPlugin | RefreshProvider),
        "diagnostics": isinstance(plugin, CatalogPlugin | DiagnosticsProvider),
        "actions": isinstance(plugin, CatalogPlugin | ActionProvider),
    }
    return {"management": offered} if any(offered.values()) else {}


def _metadata(metadata: PluginMetadata) -> dict[str, Any]:
    return {
        "displayName": metadata.display_name,
        "version": metadata.version,
        "owners": [{"team": team, "contact": contact} for team, contact in metadata.owners],
        "license": metadata.license,
        "repository": metadata.repository,
    }


def _ask(question: Callable[[], T], otherwise: T, plugin: Plugin, what: str, problems: list[str]) -> T:
    """Ask a plugin something; if it raises, go on without the answer and note that."""
    try:
        return question()
    except Exception as error:
        logger.exception("plugin %s: %s() failed", plugin.name, what)
        problems.append(f"{what}() raised {type(error).__name__}: {error}")
        return otherwise
