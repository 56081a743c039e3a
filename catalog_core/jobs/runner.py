"""Carrying out one refresh job, from claim to final state."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

from django.db import connection

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.refresh import RefreshOutcome, refresh_source
from catalog_core.exceptions import RefreshSuperseded, SourceError
from catalog_core.jobs.models import JobState, RefreshJob
from catalog_core.jobs.queue import (
    LEASE_SECONDS,
    announce_next,
    check_held,
    claim,
    finish,
    note_progress,
    still_held,
)
from catalog_core.plugins.registry import PluginRegistry

logger = logging.getLogger(__name__)

_PROGRESS_SECONDS = 1.0


def run_job(job_id: str, plugins: PluginRegistry) -> RefreshJob | None:
    """Carry out a job, if it is free; return it in its final state, or nothing if it was not free."""
    job = claim(job_id)
    if job is None:
        return None
    source = job.source
    plugin = plugins.get(source.plugin)
    if not isinstance(plugin, CatalogPlugin) or source.removed_at or not source.enabled:
        finish(job, JobState.CANCELED, message="The source is not in use any more.")
    else:
        _run(job, plugin)
    announce_next(source)
    job.refresh_from_db()
    return job


def _run(job: RefreshJob, plugin: CatalogPlugin) -> None:
    began = monotonic()
    with _heartbeat(job) as lost:

        def fence() -> None:
            if not check_held(job):
                raise RefreshSuperseded("Another worker has taken this job over, or it was cancelled.")

        try:
            outcome = refresh_source(
                job.source,
                plugin,
                forced=job.forced,
                cancelled=lost.is_set,
                on_progress=_Progress(job),
                fence=fence,
            )
        except SourceError as error:
            _finish_failed(job, error, lost.is_set(), began)
        except RefreshSuperseded as error:
            finish(job, JobState.CANCELED, message=str(error)[:500], duration_ms=_since(began))
        else:
            _finish_succeeded(job, outcome, began)


def _finish_succeeded(job: RefreshJob, outcome: RefreshOutcome, began: float) -> None:
    finish(
        job,
        JobState.SUCCEEDED,
        message=outcome.summary[:500],
        entities_loaded=outcome.loaded,
        entities_removed=outcome.removed,
        duration_ms=_since(began),
    )


def _finish_failed(job: RefreshJob, error: SourceError, cancelled: bool, began: float) -> None:
    state = JobState.CANCELED if cancelled else JobState.FAILED
    finish(job, state, message="Refresh failed", last_error=str(error), duration_ms=_since(began))


class _Progress:
    """Writes progress to the job, at most once a second."""

    def __init__(self, job: RefreshJob) -> None:
        self._job = job
        self._next = 0.0

    def __call__(self, text: str) -> None:
        if monotonic() >= self._next:
            self._next = monotonic() + _PROGRESS_SECONDS
            note_progress(self._job, text)


@contextmanager
def _heartbeat(job: RefreshJob) -> Iterator[threading.Event]:
    """Keep the lease of a job while the body runs; yields an event that is set once the job is lost or cancelled."""
    lost, done = threading.Event(), threading.Event()

    def beat() -> None:
        try:
            while not done.wait(LEASE_SECONDS / 10):
                if not still_held(job):
                    lost.set()
                    return
        finally:
            connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat-{job.pk}", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        done.set()
        thread.join()


def _since(began: float) -> int:
    return round((monotonic() - began) * 1000)
