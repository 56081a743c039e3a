"""Carrying out one refresh job, from claim to final state."""

import logging
from time import monotonic

from catalog_core.conf import catalog_settings
from catalog_core.coordination.heartbeat import heartbeat
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.refresh import RefreshOutcome, refresh_source
from catalog_core.entities.refresh.progress import Progress
from catalog_core.exceptions import RefreshSuperseded, SourceError, SourceUnavailable
from catalog_core.jobs.models import JobState, RefreshJob
from catalog_core.jobs.queue import (
    announce_next,
    check_held,
    claim,
    finish,
    note_progress,
    retry_later,
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
    if job.cancel_requested:
        finish(job, JobState.CANCELED, message="Cancelled while it was running")
    elif not isinstance(plugin, CatalogPlugin) or source.removed_at or not source.enabled:
        finish(job, JobState.CANCELED, message="The source is not in use any more.")
    else:
        _run(job, plugin)
    announce_next(source)
    job.refresh_from_db()
    return job


def _run(job: RefreshJob, plugin: CatalogPlugin) -> None:
    began = monotonic()
    progress = _Progress(job)
    with heartbeat(f"job {job.pk}", lambda: still_held(job), catalog_settings().lease_seconds) as lost:

        def fence() -> None:
            if not check_held(job):
                raise RefreshSuperseded("Another worker has taken this job over, or it was cancelled.")

        try:
            outcome = refresh_source(
                job.source,
                plugin,
                forced=job.forced,
                cancelled=lost.is_set,
                on_progress=progress,
                fence=fence,
            )
        except SourceError as error:
            _finish_failed(job, error, lost.is_set(), _outcome(progress, began))
        except RefreshSuperseded as error:
            finish(job, JobState.CANCELED, message=str(error)[:500], **_outcome(progress, began))
        else:
            _finish_succeeded(job, outcome, _outcome(progress, began))


def _finish_succeeded(job: RefreshJob, outcome: RefreshOutcome, measured: dict[str, int]) -> None:
    finish(
        job,
        JobState.SUCCEEDED,
        message=outcome.summary[:500],
        last_error="",  # that of an earlier try is over, too
        entities_loaded=outcome.loaded,
        entities_removed=outcome.removed,
        items_written=outcome.written,
        **measured,
    )


def _finish_failed(job: RefreshJob, error: SourceError, cancelled: bool, measured: dict[str, int]) -> None:
    """End a job whose refresh failed, or let it wait for another try where the source may be back by then."""
    worth_retrying = isinstance(error, SourceUnavailable) and not cancelled
    least_seconds = getattr(error, "retry_after_seconds", None) or 0.0
    if worth_retrying and retry_later(job, str(error), least_seconds=least_seconds, **measured):
        return
    state = JobState.CANCELED if cancelled else JobState.FAILED
    finish(job, state, message="Refresh failed", last_error=str(error), **measured)


class _Progress:
    """Writes progress to the job, at most once a second, and remembers the last of it."""

    def __init__(self, job: RefreshJob) -> None:
        self._job = job
        self._next = 0.0
        self.last = Progress(step="")

    def __call__(self, progress: Progress) -> None:
        self.last = progress
        if monotonic() >= self._next:
            self._next = monotonic() + _PROGRESS_SECONDS
            note_progress(self._job, progress.step, bytes_read=progress.bytes_read, items_read=progress.items_read)


def _outcome(progress: _Progress, began: float) -> dict[str, int]:
    """Return what was measured of a refresh, whichever way it ended."""
    last = progress.last
    duration_ms = round((monotonic() - began) * 1000)
    return {"bytes_read": last.bytes_read, "items_read": last.items_read, "duration_ms": duration_ms}
