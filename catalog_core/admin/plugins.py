"""Plugins in the admin: which serve, which do not, and why; also those that the database has never heard of."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from catalog_core.admin.readonly import ReadOnlyAdmin, StaffSees, is_operator
from catalog_core.plugins.contract import default_base_path
from catalog_core.plugins.lifecycle import PluginStatus, plugin_statuses
from catalog_core.plugins.metadata import PluginMetadata
from catalog_core.plugins.models import PluginState
from catalog_core.plugins.registry import registry
from catalog_core.sources.models import Source


@admin.register(PluginState)
class PluginStateAdmin(ReadOnlyAdmin, StaffSees):
    """All plugins of this installation, whether or not a worker could try to bring them up."""

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show all plugins with their state; a failed one with the reason."""
        rows = [(status, _metadata(status.name)) for status in _statuses()]
        return self._page(request, "list", {"title": "Plugins", "rows": rows})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show one plugin: state, reason, traceback, what ``plugin.yaml`` says, its sources."""
        status = next((one for one in _statuses() if one.name == object_id), None)
        if status is None:
            raise Http404
        context = {
            "title": f"Plugin {status.name}",
            "status": status,
            "traceback": status.traceback if is_operator(request) else "",
            "facts": _facts(status),
            "state": PluginState.objects.filter(name=status.name).first(),
            "sources": Source.objects.configured().filter(plugin=status.name),
        }
        return self._page(request, "detail", context)

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/catalog_core/plugins/{name}.html", whole)


def _statuses() -> list[PluginStatus]:
    """Return how all plugins are, and those that only a worker with other packages knows."""
    known = plugin_statuses(registry)
    elsewhere = PluginState.objects.exclude(name__in=[status.name for status in known])
    remembered = [
        PluginStatus(
            name=state.name,
            plugin=None,
            base_path=default_base_path(state.name),
            serving=state.serving,
            initialized=state.serving,
            stage=state.stage,
            error=state.error,
            traceback=state.traceback,
        )
        for state in elsewhere
    ]
    return sorted(known + remembered, key=lambda status: status.name)


def _facts(status: PluginStatus) -> list[tuple[str, str]]:
    """Return what is known of a plugin, as pairs of what and value; what says nothing is left out."""
    metadata = _metadata(status.name)
    api = status.plugin.version if status.plugin else ""
    facts = (
        ("Description", metadata.description or getattr(status.plugin, "description", "")),
        ("Release", metadata.version),
        ("API version", api),
        ("Routes", status.base_path),
        ("Owners", _owners(metadata)),
        ("License", metadata.license),
        ("Repository", metadata.repository),
        ("Works with servers", _servers(metadata)),
        ("Types of source", ", ".join(metadata.providers)),
    )
    return [(what, value) for what, value in facts if value]


def _owners(metadata: PluginMetadata) -> str:
    """Return who answers for a plugin, and where they are reached."""
    return ", ".join(f"{team} ({contact})" if contact else team for team, contact in metadata.owners)


def _servers(metadata: PluginMetadata) -> str:
    """Return the versions of the server that a plugin works with, and its plugin API."""
    bounds = (
        f"from {metadata.min_server}" if metadata.min_server else "",
        f"up to {metadata.max_server}" if metadata.max_server else "",
        metadata.server_range,
        f"plugin API {metadata.framework_api}" if metadata.framework_api else "",
    )
    return ", ".join(bound for bound in bounds if bound)


def _metadata(name: str) -> PluginMetadata:
    """Return what the plugin's ``plugin.yaml`` says; nothing but the name where there is none."""
    return registry.metadata(name) or PluginMetadata(name=name)
