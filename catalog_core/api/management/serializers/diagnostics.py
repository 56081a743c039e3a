"""How the sources of a catalog are doing."""

from rest_framework import serializers

from catalog_core.sources.models import SourceState


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
