"""Noting in the row of a source how a refresh went. Each note is one transaction, or part of the storing one."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.utils import timezone

from catalog_core.conf import catalog_settings
from catalog_core.entities.refresh.plan import RefreshPlan
from catalog_core.exceptions import RefreshSuperseded, SourceError, SourceFailed, SourceUnavailable
from catalog_core.sources.models import CONFIGURATION_FAULT, Source, SourceState
from catalog_core.sources.providers.base import Snapshot, Unchanged
from catalog_core.sources.reading import interval_seconds

logger = logging.getLogger(__name__)

_FIRST_RETRY_SECONDS = 30.0
_LONGEST_RETRY_SECONDS = 900.0
_FAILURE = (
    "state",
    "error",
    "error_code",
    "rejected",
    "last_refresh_at",
    "last_duration_ms",
    "last_summary",
    "failures",
    "next_refresh_at",
)
"""What a refresh that fails writes of a source."""
_SUCCESS = (
    *_FAILURE,
    "entity_count",
    "set_aside_count",
    "stale_count",
    "revision",
    "cursor",
    "translation",
    "read_digest",
    "last_success_at",
)
"""What a refresh that works writes. What the configuration says of a source belongs to the reconciler."""


class Clock:
    """When a refresh began, as a time of day and for measuring."""

    def __init__(self) -> None:
        self.began_at: datetime = timezone.now()
        self._began = monotonic()

    def elapsed_ms(self) -> int:
        """Return the milliseconds since then."""
        return round((monotonic() - self._began) * 1000)


def lock_source(source: Source) -> None:
    """Lock the row of a source until the end of the transaction; takes over what the reconciler noted meanwhile.

    Raises:
        RefreshSuperseded: the source is configured otherwise by now, disabled or removed.
    """
    same = Source.objects.select_for_update().filter(
        pk=source.pk, removed_at=None, enabled=True, spec_digest=source.spec_digest
    )
    noted = same.values_list("error_code", "error").first()
    if noted is None:
        raise RefreshSuperseded(
            f"The configuration of source {source.key!r} has changed meanwhile; nothing was stored."
        )
    source.error_code, source.error = noted


def note_success(
    source: Source, snapshot: Snapshot, plan: RefreshPlan, *, translation: str, summary: str, clock: Clock
) -> None:
    """Note that a snapshot was taken over. To be called in the transaction that stores it."""
    source.cursor, source.revision = dict(snapshot.cursor), snapshot.revision[:200]
    source.translation, source.read_digest = translation, source.spec_digest
    source.entity_count, source.set_aside_count = plan.total, plan.set_aside
    source.stale_count = len(plan.stale)
    _note_end(source, summary, clock)


def note_unchanged(source: Source, result: Unchanged, fence: Callable[[], None], clock: Clock) -> str:
    """Note that a source has not moved; return that in words."""
    words = "Nothing has moved"
    with transaction.atomic():
        fence()
        lock_source(source)
        source.cursor = dict(result.cursor)
        _note_end(source, f"{words}, {source.entity_count} entities", clock)
    return words


def note_failure(
    source: Source, error: SourceError, fence: Callable[[], None], clock: Clock, *, cause: Exception | None = None
) -> None:
    """Note that a refresh failed; log it if it did not fail in the same way before.

    Args:
        source: the source.
        error: what people are told.
        fence: raises if this worker must not write any more.
        clock: when the refresh began.
        cause: the bug behind the error, if it was one.
    """
    with transaction.atomic():
        fence()
        lock_source(source)
        if (source.error_code, source.error) != (error.code, str(error)):
            logger.log(logging.ERROR if cause else logging.WARNING, "source %s: %s", source, error, exc_info=cause)
        if source.error_code != CONFIGURATION_FAULT:
            source.error_code, source.error = error.code, str(error)
        source.state = SourceState.ERROR
        source.failures += 1
        source.last_refresh_at, source.last_summary = clock.began_at, "Refresh failed"
        source.last_duration_ms = clock.elapsed_ms()
        source.next_refresh_at = clock.began_at + timedelta(seconds=_retry_seconds(source, error))
        source.save(update_fields=_FAILURE)


def _note_end(source: Source, summary: str, clock: Clock) -> None:
    if source.error_code == CONFIGURATION_FAULT:  # the entry is still wrong; what was refreshed is the source as before
        source.state = SourceState.ERROR
    else:
        source.state = SourceState.PARTIALLY_AVAILABLE if source.set_aside_count else SourceState.AVAILABLE
        source.error = source.error_code = ""
    source.rejected = {}
    source.failures = 0
    source.last_refresh_at = source.last_success_at = clock.began_at
    source.last_duration_ms = clock.elapsed_ms()
    source.last_summary = summary[:300]
    interval = interval_seconds(source)
    source.next_refresh_at = clock.began_at + timedelta(seconds=interval) if interval else None
    source.save(update_fields=_SUCCESS)


def _retry_seconds(source: Source, error: SourceError) -> float:
    looking_is_cheap = interval_seconds(source) is None and not isinstance(error, SourceFailed)
    if looking_is_cheap:  # so it is done at every reconcile
        return catalog_settings().reconcile_seconds / 2
    pause: float = min(_FIRST_RETRY_SECONDS * 2 ** min(source.failures - 1, 10), _LONGEST_RETRY_SECONDS)
    asked = error.retry_after_seconds if isinstance(error, SourceUnavailable) else None
    return max(pause, asked or 0.0)
