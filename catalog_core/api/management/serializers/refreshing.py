"""Refreshes that were asked for."""

from rest_framework import serializers

from catalog_core.jobs.models import JobState


class RefreshRequestSerializer(serializers.Serializer):
    """How to refresh."""

    force = serializers.BooleanField(required=False, help_text="Accept a sudden loss of entities.")


class QueuedSerializer(serializers.Serializer):
    """A refresh that was asked for."""

    status = serializers.CharField()
    jobId = serializers.UUIDField()


class AllQueuedSerializer(QueuedSerializer):
    """Refreshes that were asked for."""

    jobIds = serializers.ListField(child=serializers.UUIDField())
    limited = serializers.ListField(
        child=serializers.CharField(), help_text="Sources that were left out, as they were refreshed a short time ago."
    )


class JobSerializer(serializers.Serializer):
    """A refresh job."""

    id = serializers.UUIDField()
    namespace = serializers.CharField()
    plugin = serializers.CharField()
    sourceId = serializers.CharField()
    requestedBy = serializers.CharField()
    requestedAt = serializers.DateTimeField()
    reason = serializers.CharField()
    forced = serializers.BooleanField()
    state = serializers.ChoiceField(choices=JobState.choices)
    attemptCount = serializers.IntegerField()
    notBefore = serializers.DateTimeField(required=False, help_text="When a waiting job is tried again.")
    cancelRequested = serializers.BooleanField(required=False)
    progress = serializers.CharField(required=False)
    bytesRead = serializers.IntegerField(required=False)
    itemsRead = serializers.IntegerField(required=False)
    itemsWritten = serializers.IntegerField(required=False)
    message = serializers.CharField(required=False)
    startedAt = serializers.DateTimeField(required=False)
    finishedAt = serializers.DateTimeField(required=False)
    lastError = serializers.CharField(required=False)
    entitiesLoaded = serializers.IntegerField(required=False)
    entitiesRemoved = serializers.IntegerField(required=False)
    durationMs = serializers.IntegerField(required=False)


class JobListSerializer(serializers.Serializer):
    """A page of refresh jobs, the newest first."""

    jobs = JobSerializer(many=True)
    nextPageToken = serializers.CharField(allow_blank=True)
    totalSize = serializers.IntegerField()


class CanceledSerializer(serializers.Serializer):
    """A job that was cancelled."""

    status = serializers.ChoiceField(
        choices=["canceled", "canceling"], help_text="`canceling`: it runs, and ends as soon as its worker looks."
    )
    jobId = serializers.UUIDField()
