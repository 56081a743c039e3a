"""Refresh jobs in the admin."""

from django.contrib import admin

from catalog_core.admin.readonly import ReadOnlyAdmin
from catalog_core.jobs.models import RefreshJob


@admin.register(RefreshJob)
class RefreshJobAdmin(ReadOnlyAdmin):
    """What was asked for, what runs, what came of it."""

    list_display = ("source", "state", "reason", "requested_by", "requested_at", "duration_ms", "progress", "message")
    list_filter = ("state", "reason", "source__plugin")
    list_select_related = ("source",)
    date_hierarchy = "requested_at"
