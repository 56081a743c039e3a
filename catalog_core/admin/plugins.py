"""Plugins in the admin: which came up, which did not, and why."""

from django.contrib import admin

from catalog_core.admin.readonly import ReadOnlyAdmin
from catalog_core.plugins.metadata import PluginMetadata
from catalog_core.plugins.models import PluginState
from catalog_core.plugins.registry import registry
from catalog_core.sources.models import ConfigurationState


@admin.register(PluginState)
class PluginStateAdmin(ReadOnlyAdmin):
    """The plugins that a worker has tried to bring up; the traceback is there for failed ones."""

    list_display = ("name", "version", "release", "serving", "stage", "error", "owners", "tries", "changed_at")
    list_filter = ("serving", "stage")
    fieldsets = (
        (None, {"fields": ("name", "version", "serving", "stage", "error", "tries", "next_try_at", "changed_at")}),
        ("plugin.yaml", {"fields": ("release", "owners", "license", "repository", "servers")}),
        ("Traceback", {"fields": ("traceback",), "classes": ("collapse",)}),
    )

    @admin.display(description="release", empty_value="-")
    def release(self, state: PluginState) -> str:
        """The version of the plugin itself."""
        return _metadata(state).version

    @admin.display(empty_value="-")
    def owners(self, state: PluginState) -> str:
        """Who answers for it, and where they are reached."""
        return ", ".join(f"{team} ({contact})" if contact else team for team, contact in _metadata(state).owners)

    @admin.display(empty_value="-")
    def license(self, state: PluginState) -> str:
        """What it may be used for, as an SPDX expression."""
        return _metadata(state).license

    @admin.display(empty_value="-")
    def repository(self, state: PluginState) -> str:
        """Where its code is."""
        return _metadata(state).repository

    @admin.display(description="works with servers", empty_value="-")
    def servers(self, state: PluginState) -> str:
        """The versions of the server that it works with, and its plugin API."""
        metadata = _metadata(state)
        bounds = (
            f"from {metadata.min_server}" if metadata.min_server else "",
            f"up to {metadata.max_server}" if metadata.max_server else "",
            metadata.server_range,
            f"plugin API {metadata.framework_api}" if metadata.framework_api else "",
        )
        return ", ".join(bound for bound in bounds if bound)


@admin.register(ConfigurationState)
class ConfigurationStateAdmin(ReadOnlyAdmin):
    """The configuration in force, and what is wrong with the one on disk."""

    list_display = ("__str__", "summary", "applied_at", "checked_at", "error")
    fields = ("version", "applied_at", "checked_at", "duration_ms", "summary", "error", "problems", "sections")


def _metadata(state: PluginState) -> PluginMetadata:
    """Return what the plugin's ``plugin.yaml`` says; nothing but the name where there is none."""
    return registry.metadata(state.name) or PluginMetadata(name=state.name)
