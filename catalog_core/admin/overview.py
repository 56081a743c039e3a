"""The overview on the first page of the admin: what needs somebody's attention."""

from typing import Any

from catalog_core.admin.looks import age, error_in_row, state_badge
from catalog_core.plugins.lifecycle import plugin_statuses
from catalog_core.plugins.registry import registry
from catalog_core.sources.models import ConfigurationState, Source, SourceState

_MOST_SOURCES = 10
_TROUBLED = (SourceState.ERROR, SourceState.PARTIALLY_AVAILABLE)


def overview(*, is_operator: bool) -> dict[str, Any]:
    """Return what the overview shows.

    Args:
        is_operator: whether errors are shown in full, and the configuration and the jobs at all.
    """
    troubled = Source.objects.visible().filter(state__in=_TROUBLED).order_by("state", "plugin", "position")
    shown = [
        (
            source,
            state_badge(source.state, source.get_state_display().lower()),
            age(source.last_success_at),
            error_in_row(source, is_operator=is_operator),
        )
        for source in troubled[:_MOST_SOURCES]
    ]
    return {
        "troubled": shown,
        "more_troubled": max(0, troubled.count() - _MOST_SOURCES),
        "failed_plugins": [status for status in plugin_statuses(registry) if not status.serving],
        "configuration": ConfigurationState.current() if is_operator else None,
        "is_operator": is_operator,
    }
