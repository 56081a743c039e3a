"""Asking for refreshes and taking them on. Each step is one conditional statement, so any number of workers may try."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from celery import current_app
from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from kombu.exceptions import OperationalError

from catalog_core.jobs.models import JobState, RefreshJob
from catalog_core.sources.models import Source

logger = logging.getLogger(__name__)

LEASE_SECONDS = 30.0
"""How long a worker holds a job without a sign of life."""
MAX_ATTEMPTS = 5
"""How often a job is taken up again after the worker that held it died."""
RETENTION = timedelta(days=7)

_TASK = "catalog_core.tasks.run_refresh_job"
_FINAL = (JobState.SUCCEEDED, JobState.FAILED, JobState.CANCELED)


def request_refresh(
    source: Source, *, reason: str, requested_by: str = "system", forced: bool = False
) -> tuple[RefreshJob, bool]:
    """Ask for a refresh; return the job and whether it is new.

    A job that waits already serves this request too; it becomes forced if this request is. To be followed by
    :func:`announce` once the transaction is over.
    """
    waiting = RefreshJob.objects.filter(source=source, state=JobState.QUEUED)
    for _ in range(3):
        if job := waiting.first():
            if forced and not job.forced:
                waiting.filter(pk=job.pk).update(forced=True)
            return job, False
        try:
            with transaction.atomic():
                job = RefreshJob.objects.create(
                    source=source, reason=reason, requested_by=requested_by, forced=forced, not_before=timezone.now()
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
    free = Q(state=JobState.QUEUED, not_before__lte=now) | Q(state=JobState.RUNNING, lease_until__lt=now)
    try:
        with transaction.atomic():
            taken = RefreshJob.objects.filter(free, pk=job_id).update(
                state=JobState.RUNNING,
                attempt_count=F("attempt_count") + 1,
                started_at=now,
                lease_until=now + timedelta(seconds=LEASE_SECONDS),
            )
    except IntegrityError:  # another job of this source is running
        return None
    return RefreshJob.objects.select_related("source").get(pk=job_id) if taken else None


def still_held(job: RefreshJob) -> bool:
    """Move the lease of a held job on; return false if it was lost or the job was cancelled."""
    until = timezone.now() + timedelta(seconds=LEASE_SECONDS)
    return bool(_held(job).filter(cancel_requested=False).update(lease_until=until))


def check_held(job: RefreshJob) -> bool:
    """Lock the job's row and say whether this worker still holds it. To be called in the storing transaction."""
    return _held(job).filter(cancel_requested=False).select_for_update().exists()


def finish(job: RefreshJob, state: JobState, **outcome: object) -> bool:
    """Bring a held job to its end; return false if it is not held any more."""
    return bool(_held(job).update(state=state, finished_at=timezone.now(), lease_until=None, progress="", **outcome))


def note_progress(job: RefreshJob, text: str) -> None:
    """Show how far a held job is."""
    _held(job).update(progress=text[:200])


def cancel(job: RefreshJob) -> bool:
    """Cancel a waiting job at once, a running one as soon as its worker looks; return false if it was over already."""
    now = timezone.now()
    waiting = RefreshJob.objects.filter(pk=job.pk, state=JobState.QUEUED)
    if waiting.update(state=JobState.CANCELED, finished_at=now, message="Cancelled before it began"):
        return True
    return bool(RefreshJob.objects.filter(pk=job.pk, state=JobState.RUNNING).update(cancel_requested=True))


def abandoned(now: datetime | None = None) -> list[RefreshJob]:
    """Return the jobs that should be running and are not: their message was lost, or their worker died."""
    now = now or timezone.now()
    lost = Q(state=JobState.QUEUED, not_before__lte=now, requested_at__lt=now - timedelta(seconds=5))
    dead = Q(state=JobState.RUNNING, lease_until__lt=now)
    _give_up(now)
    return list(RefreshJob.objects.filter(lost | dead))


def announce_next(source: Source) -> None:
    """Wake a worker for the job that waited for this source to become free, if there is one."""
    announce(RefreshJob.objects.filter(source=source, state=JobState.QUEUED, not_before__lte=timezone.now()))


def purge(now: datetime | None = None) -> int:
    """Forget jobs that ended long ago; return how many."""
    before = (now or timezone.now()) - RETENTION
    return RefreshJob.objects.filter(state__in=_FINAL, finished_at__lt=before).delete()[0]


def _give_up(now: datetime) -> None:
    RefreshJob.objects.filter(state=JobState.RUNNING, lease_until__lt=now, attempt_count__gte=MAX_ATTEMPTS).update(
        state=JobState.FAILED,
        finished_at=now,
        lease_until=None,
        last_error=f"{MAX_ATTEMPTS} workers died while they refreshed this source.",
    )


def _held(job: RefreshJob) -> QuerySet[RefreshJob]:
    return RefreshJob.objects.filter(pk=job.pk, state=JobState.RUNNING, attempt_count=job.attempt_count)


def _send(job_id: str) -> None:
    try:
        current_app.send_task(_TASK, args=[job_id])
    except (OperationalError, OSError) as error:
        logger.warning("job %s: the broker cannot be reached (%s); the next reconcile starts it", job_id, error)
