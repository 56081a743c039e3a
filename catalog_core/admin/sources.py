"""Sources in the admin: how they are, and refreshing them."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog_core.admin.readonly import ReadOnlyAdmin
from catalog_core.jobs.queue import announce, request_refresh
from catalog_core.sources.models import SetAside, Source, SourceState

_COLOURS = {
    SourceState.AVAILABLE: "#14693a",
    SourceState.PARTIALLY_AVAILABLE: "#8a5a00",
    SourceState.ERROR: "#a3231b",
    SourceState.LOADING: "#0b57a8",
    SourceState.DISABLED: "#5a6675",
}


class SetAsideInline(admin.TabularInline):
    """What could not be taken over, and why."""

    model = SetAside
    extra = 0
    can_delete = False
    fields = ("item_name", "place", "rule", "message", "hint")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody adds."""
        return False

    @admin.display(description="where")
    def place(self, row: SetAside) -> str:
        """Return file and line."""
        return ":".join(str(part) for part in (row.problem.get("file"), row.problem.get("line")) if part)

    def rule(self, row: SetAside) -> str:
        """Return the rule that is broken."""
        return str(row.problem.get("rule", ""))

    def message(self, row: SetAside) -> str:
        """Return what is wrong."""
        return str(row.problem.get("message", ""))

    def hint(self, row: SetAside) -> str:
        """Return what to do."""
        return str(row.problem.get("hint", ""))


@admin.register(Source)
class SourceAdmin(ReadOnlyAdmin):
    """Sources with their state at a glance."""

    list_display = (
        "key",
        "plugin",
        "type",
        "coloured_state",
        "entity_count",
        "set_aside_count",
        "last_success_at",
        "error",
    )
    list_filter = ("plugin", "state", "type", "enabled")
    search_fields = ("key", "name", "plugin")
    inlines = (SetAsideInline,)
    actions = ("refresh", "force_refresh")
    fields = (
        ("plugin", "key", "name", "type"),
        ("enabled", "labels"),
        ("included_items", "excluded_items"),
        ("coloured_state", "error"),
        ("entity_count", "set_aside_count", "stale_count"),
        ("revision", "last_summary"),
        ("last_refresh_at", "last_success_at", "next_refresh_at", "last_duration_ms"),
    )
    readonly_fields = ("coloured_state",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """Leave out the sources that the configuration does not name any more."""
        return super().get_queryset(request).filter(removed_at=None)

    def has_refresh_permission(self, request: HttpRequest) -> bool:
        """Whoever may change sources may have them refreshed."""
        return bool(request.user.has_perm("catalog_core.change_source"))

    @admin.display(description="state", ordering="state")
    def coloured_state(self, row: Source) -> SafeString:
        """Return the state in its colour."""
        colour = _COLOURS.get(SourceState(row.state), "")
        return format_html('<b style="color:{}">{}</b>', colour, row.get_state_display())

    @admin.action(description="Refresh the selected sources", permissions=["refresh"])
    def refresh(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        """Ask for a refresh of each enabled source among them."""
        self._request(request, queryset, forced=False)

    @admin.action(
        description="Refresh the selected sources even if nothing moved or much is gone", permissions=["refresh"]
    )
    def force_refresh(self, request: HttpRequest, queryset: QuerySet[Source]) -> None:
        """Ask for a forced refresh of each enabled source among them."""
        self._request(request, queryset, forced=True)

    def _request(self, request: HttpRequest, queryset: QuerySet[Source], *, forced: bool) -> None:
        sources = list(queryset.filter(enabled=True))
        user = request.user.get_username()
        announce(request_refresh(source, reason="request", requested_by=user, forced=forced)[0] for source in sources)
        left_out = queryset.count() - len(sources)
        text = f"{len(sources)} refreshes asked for."
        self.message_user(
            request, f"{text} {left_out} disabled sources were left out." if left_out else text, messages.SUCCESS
        )
