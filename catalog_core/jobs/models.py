"""Refresh jobs: the record of every refresh that was asked for. This table is the truth, the broker wakes workers."""

import uuid

from django.db import models

from catalog_core.sources.models import Source


class JobState(models.TextChoices):
    """Life of a job: queued, running, and one of three ends."""

    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


class RefreshJob(models.Model):
    """One refresh of one source: asked for, running or over.

    A running job is held by one worker until ``lease_until``, which that worker's heartbeat moves on. A job whose lease
    has run out may be taken over by any worker; ``attempt_count`` then grows and fences the former holder off.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="jobs")
    state = models.CharField(max_length=10, choices=JobState.choices, default=JobState.QUEUED)
    reason = models.CharField(max_length=50, help_text="Why it was asked for: configuration, interval, request, ...")
    forced = models.BooleanField(default=False, help_text="Read even if nothing moved, and accept a sudden shrinkage.")
    requested_by = models.CharField(max_length=200, default="system")
    requested_at = models.DateTimeField(auto_now_add=True)
    not_before = models.DateTimeField(help_text="A retry waits until this time.")
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    attempt_count = models.PositiveIntegerField(default=0)
    cancel_requested = models.BooleanField(default=False)
    progress = models.CharField(max_length=200, blank=True)
    bytes_read = models.PositiveBigIntegerField(default=0)
    items_read = models.PositiveIntegerField(default=0)
    items_written = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=500, blank=True)
    last_error = models.TextField(blank=True)
    entities_loaded = models.PositiveIntegerField(default=0)
    entities_removed = models.PositiveIntegerField(default=0)
    duration_ms = models.PositiveIntegerField(default=0)

    class Meta:
        """At most one job of a source waits and at most one runs: the database sees to it."""

        ordering = ("-requested_at", "-id")
        constraints = (
            models.UniqueConstraint(
                fields=("source",), condition=models.Q(state=JobState.QUEUED), name="job_one_queued_per_source"
            ),
            models.UniqueConstraint(
                fields=("source",), condition=models.Q(state=JobState.RUNNING), name="job_one_running_per_source"
            ),
        )
        indexes = (
            models.Index(fields=("state", "not_before"), name="job_state_not_before"),
            models.Index(fields=("-requested_at", "-id"), name="job_requested"),
        )

    def __str__(self) -> str:
        return f"refresh of {self.source}: {self.state}"
