"""How the sources of a catalog are doing."""

from rest_framework import serializers

from catalog_core.sources.models import SourceState


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
