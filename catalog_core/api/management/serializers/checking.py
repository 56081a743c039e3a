"""What checks, connection tests and plans find."""

from rest_framework import serializers

from catalog_core.api.serializers import ErrorSerializer


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
