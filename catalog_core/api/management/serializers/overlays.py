"""What people have added to entities."""

from rest_framework import serializers


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
