"""Sources: how they are, and how they are to be."""

from rest_framework import serializers

from catalog_core.sources.models import SourceState


class SourceStatusSerializer(serializers.Serializer):
    """How a source is."""

    state = serializers.ChoiceField(choices=SourceState.choices)
    entityCount = serializers.IntegerField()
    setAsideCount = serializers.IntegerField(required=False, help_text="Items that could not be taken over.")
    staleCount = serializers.IntegerField(required=False, help_text="Entities served in an earlier version.")
    lastRefreshTime = serializers.DateTimeField(required=False)
    lastRefreshStatus = serializers.ChoiceField(choices=["success", "error"], required=False)
    lastRefreshSummary = serializers.CharField(required=False)
    lastRefreshDuration = serializers.IntegerField(required=False, help_text="In nanoseconds.")
    lastSuccessTime = serializers.DateTimeField(required=False)
    nextRefreshTime = serializers.DateTimeField(required=False)
    error = serializers.CharField(required=False)
    errorCode = serializers.CharField(required=False)
    revision = serializers.CharField(required=False, help_text="What is served. For operators.")


class RefreshResultSerializer(serializers.Serializer):
    """The outcome of a refresh."""

    sourceId = serializers.CharField(required=False)
    entitiesLoaded = serializers.IntegerField()
    entitiesRemoved = serializers.IntegerField()
    duration = serializers.IntegerField(help_text="In nanoseconds.")
    jobId = serializers.UUIDField(required=False)
    status = serializers.CharField(required=False, help_text="`queued` while the refresh is not over.")
    error = serializers.CharField(required=False)


class SourceInfoSerializer(serializers.Serializer):
    """A source and how it is. What it is read from is for operators."""

    id = serializers.CharField()
    name = serializers.CharField()
    type = serializers.CharField()
    enabled = serializers.BooleanField()
    labels = serializers.ListField(child=serializers.CharField())
    properties = serializers.DictField(
        required=False, help_text="With secrets redacted; `content` is the text of the file of the source."
    )
    includedItems = serializers.ListField(child=serializers.CharField(), required=False)
    excludedItems = serializers.ListField(child=serializers.CharField(), required=False)
    status = SourceStatusSerializer()


class AppliedSourceSerializer(SourceInfoSerializer):
    """A source that was just applied."""

    refreshResult = RefreshResultSerializer(required=False)


class SourceListSerializer(serializers.Serializer):
    """The sources of a catalog, in the order of the configuration."""

    sources = SourceInfoSerializer(many=True)
    count = serializers.IntegerField()


class SourceConfigInputSerializer(serializers.Serializer):
    """A source as it is to be."""

    id = serializers.CharField()
    name = serializers.CharField()
    type = serializers.CharField()
    enabled = serializers.BooleanField(required=False)
    labels = serializers.ListField(child=serializers.CharField(), required=False)
    properties = serializers.DictField(required=False, help_text="`***REDACTED***` keeps the secret that is stored.")
    includedItems = serializers.ListField(child=serializers.CharField(), required=False)
    excludedItems = serializers.ListField(child=serializers.CharField(), required=False)
    refreshAfterApply = serializers.BooleanField(required=False)


class SourcePatchSerializer(serializers.Serializer):
    """A JSON merge patch (RFC 7396) of a source: what is left out stays, null removes."""

    name = serializers.CharField(required=False)
    type = serializers.CharField(required=False)
    enabled = serializers.BooleanField(required=False)
    labels = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True)
    properties = serializers.DictField(required=False, allow_null=True)
    includedItems = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True)
    excludedItems = serializers.ListField(child=serializers.CharField(), required=False, allow_null=True)
    refreshAfterApply = serializers.BooleanField(required=False)


class EnableSerializer(serializers.Serializer):
    """Whether the entities of a source are to be shown."""

    enabled = serializers.BooleanField()


class StatusSerializer(serializers.Serializer):
    """What was done."""

    status = serializers.CharField()
