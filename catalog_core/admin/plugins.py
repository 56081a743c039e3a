"""Plugins in the admin: which came up, which did not, and why."""

from django.contrib import admin

from catalog_core.admin.readonly import ReadOnlyAdmin
from catalog_core.plugins.models import PluginState
from catalog_core.sources.models import ConfigurationState


@admin.register(PluginState)
class PluginStateAdmin(ReadOnlyAdmin):
    """The plugins that a worker has tried to bring up; the traceback is there for failed ones."""

    list_display = ("name", "version", "serving", "stage", "error", "tries", "changed_at")
    list_filter = ("serving", "stage")
    fields = ("name", "version", "serving", "stage", "error", "tries", "next_try_at", "changed_at", "traceback")


@admin.register(ConfigurationState)
class ConfigurationStateAdmin(ReadOnlyAdmin):
    """The configuration in force, and what is wrong with the one on disk."""

    list_display = ("__str__", "summary", "applied_at", "checked_at", "error")
    fields = ("version", "applied_at", "checked_at", "duration_ms", "summary", "error", "problems", "sections")
