"""The shapes of the management API, as OpenAPI describes them. What comes in is checked by ``administration``."""

from rest_framework import serializers

from catalog_core.api.discovery_serializers import ActionDefinitionSerializer
from catalog_core.api.serializers import AnyField, ErrorSerializer
from catalog_core.jobs.models import JobState
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


class FindingSerializer(serializers.Serializer):
    """Something that is wrong."""

    field = serializers.CharField(required=False)
    message = serializers.CharField()
    rule = serializers.CharField(required=False)
    file = serializers.CharField(required=False)
    line = serializers.IntegerField(required=False)
    column = serializers.IntegerField(required=False)


class ItemFindingSerializer(FindingSerializer):
    """Something that is wrong with an item of a source."""

    item = serializers.CharField(required=False)


class LayerResultSerializer(serializers.Serializer):
    """What one layer of the validation found."""

    layer = serializers.CharField()
    valid = serializers.BooleanField()
    errors = FindingSerializer(many=True, required=False)  # type: ignore[assignment]  # the API calls it so


class ConnectionSerializer(serializers.Serializer):
    """What a connection test found."""

    ok = serializers.BooleanField()
    revision = serializers.CharField(required=False)
    files = serializers.IntegerField(required=False)
    entityCount = serializers.IntegerField(required=False)
    setAsideCount = serializers.IntegerField(required=False)
    names = serializers.ListField(child=serializers.CharField(), required=False)
    error = serializers.CharField(required=False)
    errorCode = serializers.CharField(required=False)


class ValidationResultSerializer(serializers.Serializer):
    """Whether a source may be applied, and why not."""

    valid = serializers.BooleanField()
    errors = FindingSerializer(many=True, required=False)  # type: ignore[assignment]  # the API calls it so
    warnings = FindingSerializer(many=True, required=False)
    connection = ConnectionSerializer(required=False)


class DetailedValidationResultSerializer(ValidationResultSerializer):
    """Whether a source may be applied, layer by layer."""

    layerResults = LayerResultSerializer(many=True)


class RejectedSourceSerializer(ErrorSerializer):
    """Why a source was not applied."""

    valid = serializers.BooleanField(required=False)
    errors = FindingSerializer(many=True, required=False)  # type: ignore[assignment]  # the API calls it so
    warnings = FindingSerializer(many=True, required=False)
    layerResults = LayerResultSerializer(many=True, required=False)
    problems = serializers.ListField(child=serializers.DictField(), required=False)


class NamesSerializer(serializers.Serializer):
    """Entities by name: how many, and the first of them."""

    count = serializers.IntegerField()
    names = serializers.ListField(child=serializers.CharField())


class ItemFindingsSerializer(serializers.Serializer):
    """Items with something wrong: how many, and the first of them."""

    count = serializers.IntegerField()
    items = ItemFindingSerializer(many=True)


class SourcePlanSerializer(serializers.Serializer):
    """What applying a source would change."""

    sourceId = serializers.CharField()
    sourceChange = serializers.ChoiceField(choices=["added", "changed", "none"])
    enabled = serializers.BooleanField()
    revision = serializers.CharField()
    itemsRead = serializers.IntegerField()
    entityCount = serializers.IntegerField(help_text="Entities that the source would have.")
    added = NamesSerializer()
    changed = NamesSerializer()
    removed = NamesSerializer()
    stale = NamesSerializer()
    unchanged = serializers.IntegerField()
    filtered = serializers.IntegerField(help_text="Items that the patterns leave out.")
    setAside = ItemFindingsSerializer()
    warnings = ItemFindingsSerializer()
    refused = serializers.CharField(required=False, help_text="Why nothing of this would be taken over.")


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


class UnresolvedReferenceSerializer(serializers.Serializer):
    """A reference that names no asset."""

    item = serializers.CharField(help_text="The name of the entity that has it.")
    relation = serializers.CharField(help_text="What the entity has to do with what it names, such as `uses`.")
    kind = serializers.CharField(help_text="The kind of what is named.")
    name = serializers.CharField(help_text="What is named.")
    source = serializers.CharField(  # type: ignore[assignment]  # the API calls it so
        required=False, help_text="The id of the source that is named with it."
    )


class SourceDiagnosisSerializer(serializers.Serializer):
    """How a source is doing."""

    id = serializers.CharField()
    name = serializers.CharField()
    state = serializers.ChoiceField(choices=SourceState.choices)
    entityCount = serializers.IntegerField()
    setAsideCount = serializers.IntegerField(required=False)
    staleCount = serializers.IntegerField(required=False)
    lastRefreshTime = serializers.DateTimeField(required=False)
    lastRefreshDuration = serializers.IntegerField(required=False, help_text="In nanoseconds.")
    lastSuccessTime = serializers.DateTimeField(required=False)
    error = serializers.CharField(required=False)
    errorCode = serializers.CharField(required=False)
    unresolvedReferenceCount = serializers.IntegerField(
        required=False, help_text="How many references of its entities name nothing that readers see."
    )
    unresolvedReferences = UnresolvedReferenceSerializer(
        many=True, required=False, help_text="The first of those references."
    )
    problemCounts = serializers.DictField(child=serializers.IntegerField(), help_text="How often each rule is broken.")
    problems = serializers.ListField(
        child=serializers.DictField(), required=False, help_text="Items set aside, and reservations. For operators."
    )


class SourceErrorSerializer(serializers.Serializer):
    """Why a source is in error."""

    source = serializers.CharField()  # type: ignore[assignment]  # the API calls it so
    message = serializers.CharField()
    time = serializers.DateTimeField(required=False)


class DiagnosticsSerializer(serializers.Serializer):
    """How the sources of a catalog are doing."""

    pluginName = serializers.CharField()
    sources = SourceDiagnosisSerializer(many=True)
    lastRefresh = serializers.DateTimeField(required=False)
    errors = SourceErrorSerializer(many=True)  # type: ignore[assignment]  # the API calls it so


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


class RevisionSerializer(serializers.Serializer):
    """A configuration that was in force."""

    version = serializers.CharField(help_text="The first 8 digits of the digest.")
    timestamp = serializers.DateTimeField()
    size = serializers.IntegerField(help_text="In bytes.")
    digest = serializers.CharField(help_text="SHA-256 of the configuration, in hexadecimal.")
    actor = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)


class RevisionListSerializer(serializers.Serializer):
    """Configurations that were in force, the newest first."""

    revisions = RevisionSerializer(many=True)
    count = serializers.IntegerField()


class RevisionPageSerializer(RevisionListSerializer):
    """A page of the configurations that were in force, the newest first."""

    nextPageToken = serializers.CharField(allow_blank=True)


class RevisionDetailSerializer(RevisionSerializer):
    """A configuration that was in force, and what it changed."""

    files = serializers.ListField(child=serializers.CharField())
    diff = serializers.CharField(allow_blank=True, help_text="Unified, against the one before; secrets are hidden.")


class RollbackSerializer(serializers.Serializer):
    """Which revision to go back to."""

    version = serializers.CharField(help_text="The digest of the revision, or at least its first 8 digits.")


class RolledBackSerializer(StatusSerializer):
    """A rollback that was done."""

    version = serializers.CharField(help_text="The digest of the configuration in force now.")


class ConfigurationSerializer(serializers.Serializer):
    """The configuration in force."""

    version = serializers.CharField(allow_blank=True)
    store = serializers.CharField(help_text="Where it is kept: file, database, k8s or none.")
    writable = serializers.BooleanField()
    readOnlyReason = serializers.CharField(required=False)
    appliedAt = serializers.DateTimeField(required=False)
    checkedAt = serializers.DateTimeField(required=False)
    summary = serializers.CharField(required=False)
    error = serializers.CharField(required=False, help_text="Why what the store holds now is not in force.")
    problems = FindingSerializer(many=True, help_text="What is wrong with single entries.")
    catalogs = serializers.DictField(child=serializers.DictField(), help_text="The sources, by key of the catalog.")


class ActionRequestSerializer(serializers.Serializer):
    """An action that is asked for."""

    action = serializers.CharField(help_text="The id of the action.")
    dryRun = serializers.BooleanField(required=False, help_text="Tell only what would happen.")
    params = serializers.DictField(
        child=AnyField(), required=False, help_text="What the schema `parameters` of the action describes."
    )


class ActionResultSerializer(serializers.Serializer):
    """What came of an action."""

    action = serializers.CharField()
    status = serializers.ChoiceField(["completed", "dry-run", "error", "queued"])
    message = serializers.CharField(required=False, help_text="The same for people.")
    data = serializers.DictField(  # type: ignore[assignment]  # the document calls it so
        child=AnyField(), required=False, help_text="The same for programs."
    )


class ActionListSerializer(serializers.Serializer):
    """The actions of one scope."""

    actions = ActionDefinitionSerializer(many=True)
    count = serializers.IntegerField()


class BulkActionRequestSerializer(ActionRequestSerializer):
    """An action on all assets that a filter finds."""

    expected = serializers.IntegerField(
        required=False,
        min_value=0,
        help_text="How many assets the filter has to find; nothing happens if it is others.",
    )


class BulkOutcomeSerializer(serializers.Serializer):
    """What came of an action on one of many assets."""

    uid = serializers.UUIDField()
    kind = serializers.CharField()
    name = serializers.CharField()
    sourceId = serializers.CharField()
    status = serializers.ChoiceField(["completed", "dry-run", "error"])
    message = serializers.CharField(required=False)


class BulkDataSerializer(serializers.Serializer):
    """What came of an action on many assets."""

    matched = serializers.IntegerField(help_text="How many assets the filter finds.")
    limit = serializers.IntegerField(help_text="How many can be acted upon at once.")
    succeeded = serializers.IntegerField()
    failed = serializers.IntegerField()
    results = BulkOutcomeSerializer(many=True, help_text="One by one; of a dry-run, the first 100.")


class BulkActionResultSerializer(serializers.Serializer):
    """What came of an action on many assets; `error` if it failed on any."""

    action = serializers.CharField()
    status = serializers.ChoiceField(["completed", "dry-run", "error"])
    message = serializers.CharField()
    data = BulkDataSerializer()  # type: ignore[assignment]  # the document calls it so


class OverlaySerializer(serializers.Serializer):
    """What people have added to one entity of one source."""

    uid = serializers.UUIDField(help_text="The id of the entity.")
    plugin = serializers.CharField()
    kind = serializers.CharField()
    sourceId = serializers.CharField()
    name = serializers.CharField()
    tags = serializers.ListField(child=serializers.CharField())
    labels = serializers.DictField(child=serializers.CharField())
    annotations = serializers.DictField(child=serializers.CharField())
    lifecycle = serializers.CharField(help_text="Empty where the source has its say.")
    changedBy = serializers.CharField(help_text="Who changed it last.")
    createdAt = serializers.DateTimeField()
    changedAt = serializers.DateTimeField()
    orphaned = serializers.BooleanField(help_text="Whether the entity is not there.")


class OverlayListSerializer(serializers.Serializer):
    """One page of overlays."""

    overlays = OverlaySerializer(many=True)
    count = serializers.IntegerField(help_text="How many are on this page.")
    totalSize = serializers.IntegerField()
    nextPageToken = serializers.CharField(required=False)


class OverlaysDeletedSerializer(serializers.Serializer):
    """How many overlays were removed."""

    status = serializers.ChoiceField(["deleted"])
    deleted = serializers.IntegerField()
