"""Refreshes that people and programs ask for: how often they may, what they get back, and waiting for the outcome."""

import math
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from catalog_core.conf import catalog_settings
from catalog_core.exceptions import RefreshLimited, RefreshRefused
from catalog_core.jobs.models import JobState, RefreshJob
from catalog_core.jobs.queue import announce, request_refresh
from catalog_core.plugins.contract import Plugin
from catalog_core.sources.models import Source

REASON = "request"
"""Why such a job was asked for, as the job says it."""

_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """What became of a request to refresh all sources of a plugin.

    Attributes:
        jobs: one for each source that is going to be refreshed.
        limited: ids of sources whose last refresh was asked for too short a time ago.
    """

    jobs: tuple[RefreshJob, ...]
    limited: tuple[str, ...]


def ask_for_refresh(source: Source, *, requested_by: str, forced: bool = False) -> RefreshJob:
    """Ask for a refresh of a source; return the job, which may be one that waits already.

    Args:
        source: the source.
        requested_by: who asks.
        forced: read even if nothing has moved, and accept a sudden shrinkage.

    Raises:
        RefreshRefused: the source is disabled.
        RefreshLimited: the one before was asked for too short a time ago.
    """
    if not source.enabled:
        raise RefreshRefused(f'Source "{source.key}" is disabled; enable it, which refreshes it too.')
    now = timezone.now()
    if not _admitted(source, now):
        wait = _seconds_left([source], now)
        raise RefreshLimited(
            f'A refresh of source "{source.key}" was asked for a short time ago; ask again in {wait} seconds.',
            retry_after_seconds=wait,
        )
    return refresh_now(source, requested_by=requested_by, forced=forced)


def ask_for_all(plugin: Plugin, *, requested_by: str, forced: bool = False) -> Requested:
    """Ask for a refresh of every enabled source of a plugin.

    Raises:
        RefreshRefused: it has none.
        RefreshLimited: all of them were refreshed on request too short a time ago.
    """
    sources = list(Source.objects.visible().filter(plugin=plugin.name))
    if not sources:
        raise RefreshRefused(f"{plugin.name} has no enabled source that could be refreshed.")
    now = timezone.now()
    admitted = [source for source in sources if _admitted(source, now)]
    limited = [source for source in sources if source not in admitted]
    if not admitted:
        wait = _seconds_left(limited, now)
        raise RefreshLimited(
            f"Refreshes of all sources of {plugin.name} were asked for a short time ago; ask again in {wait} seconds.",
            retry_after_seconds=wait,
        )
    jobs = tuple(refresh_now(source, requested_by=requested_by, forced=forced) for source in admitted)
    return Requested(jobs=jobs, limited=tuple(source.key for source in limited))


def refresh_now(source: Source, *, requested_by: str, forced: bool = False) -> RefreshJob:
    """Ask for a refresh whatever was asked for before; return the job, which may be one that waits already."""
    job, _ = request_refresh(source, reason=REASON, requested_by=requested_by[:200], forced=forced)
    announce([job])
    return job


def await_attempt(job: RefreshJob, seconds: float) -> bool:
    """Wait until a job is over or has failed once more, at most so long; return whether it is so.

    ``job`` is brought up to date.
    """
    attempts = job.attempt_count
    until = time.monotonic() + seconds
    while not _was_tried(job, attempts):
        if time.monotonic() >= until:
            return False
        time.sleep(_POLL_SECONDS)
        job.refresh_from_db()
    return True


def refresh_result(job: RefreshJob) -> dict[str, Any]:
    """Return the RefreshResult of a job that was tried; ``duration`` is in nanoseconds."""
    failed = job.state in (JobState.FAILED, JobState.QUEUED)
    error = job.last_error if failed else job.message if job.state == JobState.CANCELED else ""
    return {
        "sourceId": job.source.key,
        "entitiesLoaded": job.entities_loaded,
        "entitiesRemoved": job.entities_removed,
        "duration": job.duration_ms * 1_000_000,
        "jobId": str(job.pk),
    } | ({"error": error} if error else {})


def _admitted(source: Source, now: datetime) -> bool:
    """Note that a refresh is asked for, if it is not too early; one statement, so replicas cannot both be first."""
    limit = timedelta(seconds=catalog_settings().refresh_limit_seconds)
    free = Q(refresh_asked_at=None) | Q(refresh_asked_at__lte=now - limit)
    return bool(Source.objects.filter(free, pk=source.pk).update(refresh_asked_at=now))


def _seconds_left(sources: Iterable[Source], now: datetime) -> int:
    """Return how long to wait until one of the sources may be refreshed again, in whole seconds, at least one."""
    limit = catalog_settings().refresh_limit_seconds
    keys = [source.pk for source in sources]
    asked = Source.objects.filter(pk__in=keys).exclude(refresh_asked_at=None).values_list("refresh_asked_at", flat=True)
    left = [limit - (now - moment).total_seconds() for moment in asked if moment]
    return max(1, math.ceil(min(left, default=0)))


def _was_tried(job: RefreshJob, attempts_before: int) -> bool:
    waits_for_retry = job.state == JobState.QUEUED and job.attempt_count > attempts_before
    return waits_for_retry or job.state in (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED)
