"""Asking for refreshes and taking them on. Each step is one conditional statement, so any number of workers may try."""

import logging
import random
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from catalog_core.conf import catalog_settings
from catalog_core.entities.refresh.outcome import Clock, note_failure
from catalog_core.exceptions import RefreshSuperseded, SourceFailed
from catalog_core.jobs.models import JobState, RefreshJob
from catalog_core.sources.models import Source

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 5
"""How often a job is taken up again after the worker that held it died."""
_FIRST_RETRY_SECONDS = 5.0
_LONGEST_RETRY_SECONDS = 600.0
_TASK = "catalog_core.tasks.run_refresh_job"
_FINAL = (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED)


def request_refresh(
    source: Source, *, reason: str, requested_by: str = "system", forced: bool = False
) -> tuple[RefreshJob, bool]:
    """Ask for a refresh; return the job and whether it is new.

    A job that waits already serves this request too: it waits no longer for its next try, and becomes forced if this
    request is. To be followed by :func:`announce` once the transaction is over.
    """
    now = timezone.now()
    waiting = RefreshJob.objects.filter(source=source, state=JobState.QUEUED)
    for _ in range(3):
        if job := waiting.first():
            if job.not_before > now or (forced and not job.forced):
                waiting.filter(pk=job.pk).update(not_before=min(now, job.not_before), forced=forced or job.forced)
            return job, False
        try:
            with transaction.atomic():
                job = RefreshJob.objects.create(
                    source=source, reason=reason, requested_by=requested_by, forced=forced, not_before=now
                )
        except IntegrityError:  # somebody else was quicker; or that one has begun meanwhile, then once more
            continue
        return job, True
    raise RuntimeError(f"The queue of source {source} is too busy to take another refresh; try again.")


def announce(jobs: Iterable[RefreshJob]) -> None:
    """Wake a worker for each job, after the transaction that made them.

    A broker that cannot be reached is no failure: the next reconcile looks for jobs that nobody has taken.
    """
    for job in jobs:
        transaction.on_commit(partial(_send, str(job.pk)))


def claim(job_id: str, now: datetime | None = None) -> RefreshJob | None:
    """Take a job on; return it, or nothing if it is taken, over, too early, or its source is being refreshed."""
    now = now or timezone.now()
    left_alone = Q(state=JobState.RUNNING, lease_until__lt=now, attempt_count__lt=MAX_ATTEMPTS)
    free = Q(state=JobState.QUEUED, not_before__lte=now) | left_alone
    try:
        with transaction.atomic():
            taken = RefreshJob.objects.filter(free, pk=job_id).update(
                state=JobState.RUNNING,
                attempt_count=F("attempt_count") + 1,
                started_at=now,
                message="",
                lease_until=_lease_end(now),
            )
    except IntegrityError:  # another job of this source is running
        return None
    return RefreshJob.objects.select_related("source").get(pk=job_id) if taken else None


def still_held(job: RefreshJob) -> bool:
    """Move the lease of a held job on; return false if it was lost or the job was cancelled."""
    return bool(_held(job).filter(cancel_requested=False).update(lease_until=_lease_end(timezone.now())))


def check_held(job: RefreshJob) -> bool:
    """Lock the job's row and say whether this worker still holds it. To be called in the storing transaction."""
    return _held(job).filter(cancel_requested=False).select_for_update().exists()


def finish(job: RefreshJob, state: JobState, **outcome: object) -> bool:
    """Bring a held job to its end; return false if it is not held any more."""
    return bool(_held(job).update(state=state, finished_at=timezone.now(), lease_until=None, progress="", **outcome))


def note_progress(job: RefreshJob, step: str, **counts: int) -> None:
    """Show how far a held job is: the step in words, and the counts that the job has columns for."""
    _held(job).update(progress=step[:200], **counts)


def retry_later(job: RefreshJob, error: str, *, least_seconds: float = 0.0, **outcome: object) -> bool:
    """Let a held job wait for another try; return false if it must not be tried again.

    The pauses grow, and differ by chance, so that many jobs that failed together do not come back together.

    Args:
        job: the job.
        error: why it failed.
        least_seconds: the pause that the upstream asked for, in seconds.
        outcome: further columns of the job to set.
    """
    if job.attempt_count >= catalog_settings().job_max_retries:
        return False
    pause = max(_retry_pause(job.attempt_count), least_seconds)
    not_before = timezone.now() + timedelta(seconds=pause)
    try:
        with transaction.atomic():
            kept = (
                _held(job)
                .filter(cancel_requested=False)
                .update(
                    state=JobState.QUEUED,
                    not_before=not_before,
                    lease_until=None,
                    progress="",
                    message=f"Tried {job.attempt_count} times, waits for another try"[:500],
                    last_error=error,
                    **outcome,
                )
            )
    except IntegrityError:  # a newer job of this source waits already, and tries what this one would
        return False
    if kept:
        transaction.on_commit(partial(_send, str(job.pk), pause))
    return bool(kept)


def _retry_pause(tries: int) -> float:
    longest = min(_FIRST_RETRY_SECONDS * 3.0 ** min(tries - 1, 10), _LONGEST_RETRY_SECONDS)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - chance, not secrecy


def cancel(job: RefreshJob) -> bool:
    """Cancel a waiting job at once, a running one as soon as its worker looks; return false if it was over already."""
    now = timezone.now()
    waiting = RefreshJob.objects.filter(pk=job.pk, state=JobState.QUEUED)
    if waiting.update(state=JobState.CANCELED, finished_at=now, message="Cancelled before it began"):
        return True
    return bool(RefreshJob.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_requested=True))


def abandoned(now: datetime | None = None) -> list[RefreshJob]:
    """Return the jobs that should be running and are not, as their message was lost or their worker died."""
    now = now or timezone.now()
    lost = Q(state=JobState.QUEUED, not_before__lte=now, requested_at__lt=now - timedelta(seconds=5))
    dead = Q(state=JobState.RUNNING, lease_until__lt=now)
    return list(RefreshJob.objects.filter(lost | dead))


def give_up(now: datetime | None = None) -> None:
    """End the jobs whose workers died again and again, and note that in their sources, which then pause."""
    now = now or timezone.now()
    text = f"{MAX_ATTEMPTS} workers died while they refreshed this source; the server log may say why."
    hopeless = RefreshJob.objects.filter(state=JobState.RUNNING, lease_until__lt=now, attempt_count__gte=MAX_ATTEMPTS)
    for job in hopeless.select_related("source"):
        ended = {"state": JobState.FAILED, "finished_at": now, "lease_until": None, "progress": "", "last_error": text}
        # A source that is configured otherwise by now is read anew, and has nothing to note.
        if hopeless.filter(pk=job.pk).update(**ended):
            with suppress(RefreshSuperseded):
                note_failure(job.source, SourceFailed(text), lambda: None, Clock())


def announce_next(source: Source) -> None:
    """Wake a worker for the job that waited for this source to become free, if there is one."""
    announce(RefreshJob.objects.filter(source=source, state=JobState.QUEUED, not_before__lte=timezone.now()))


def purge(now: datetime | None = None) -> int:
    """Forget jobs that ended long ago; return how many."""
    before = (now or timezone.now()) - timedelta(days=catalog_settings().job_retention_days)
    return RefreshJob.objects.filter(state__in=_FINAL, finished_at__lt=before).delete()[0]


def _lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=catalog_settings().lease_seconds)


def _held(job: RefreshJob) -> QuerySet[RefreshJob]:
    return RefreshJob.objects.filter(pk=job.pk, state=JobState.RUNNING, attempt_count=job.attempt_count)


def _send(job_id: str, countdown: float = 0.0) -> None:
    try:
        current_app.send_task(_TASK, args=[job_id], countdown=countdown or None)
    except (OperationalError, OSError) as error:
        logger.warning("job %s: the broker cannot be reached (%s); the next reconcile starts it", job_id, error)
