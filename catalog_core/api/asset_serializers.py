"""The shapes of assets, as OpenAPI describes them. Assets are stored documents; these say what is in them."""

from rest_framework import serializers

from catalog_core.api.serializers import AnyField
from catalog_core.entities.envelope import Health, Lifecycle


def _texts(help_text: str) -> serializers.DictField:
    return serializers.DictField(child=serializers.CharField(), required=False, help_text=help_text)


class AssetOwnerSerializer(serializers.Serializer):
    """Who stands behind an asset."""

    name = serializers.CharField(required=False)
    email = serializers.CharField(required=False)
    team = serializers.CharField(required=False)


class AssetSourceRefSerializer(serializers.Serializer):
    """The source that an asset comes from."""

    sourceId = serializers.CharField()
    sourceName = serializers.CharField(required=False)
    sourceType = serializers.CharField(required=False)


class AssetMetadataSerializer(serializers.Serializer):
    """What every asset has, whatever its kind."""

    uid = serializers.UUIDField(help_text="The same on every server and after every refresh; the id of the entity.")
    name = serializers.CharField(help_text="Unique among the assets of its kind and source.")
    displayName = serializers.CharField(required=False)
    description = serializers.CharField(required=False)
    labels = _texts("Labels, those of people included.")
    annotations = _texts("Notes under keys, those of people included.")
    tags = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Tags, those of people included."
    )
    createdAt = serializers.DateTimeField()
    updatedAt = serializers.DateTimeField()
    owner = AssetOwnerSerializer(required=False)
    sourceRef = AssetSourceRefSerializer()


class AssetConditionSerializer(serializers.Serializer):
    """Something that is true of an asset, or is not."""

    type = serializers.CharField()
    status = serializers.ChoiceField(["True", "False", "Unknown"])
    reason = serializers.CharField(required=False)
    message = serializers.CharField(required=False)


class AssetLinkSerializer(serializers.Serializer):
    """Another asset that this one refers to."""

    kind = serializers.CharField()
    name = serializers.CharField()
    uid = serializers.UUIDField(required=False)


class AssetLinksSerializer(serializers.Serializer):
    """What an asset leads to."""

    related = AssetLinkSerializer(many=True, required=False)


class AssetStatusSerializer(serializers.Serializer):
    """How an asset is."""

    lifecycle = serializers.ChoiceField(Lifecycle.choices)
    health = serializers.ChoiceField(Health.choices)
    conditions = AssetConditionSerializer(many=True, required=False)
    links = AssetLinksSerializer(required=False)


class AssetSerializer(serializers.Serializer):
    """An entity of any kind, in the envelope that all kinds have in common."""

    apiVersion = serializers.CharField()
    kind = serializers.CharField()
    metadata = AssetMetadataSerializer()
    spec = serializers.DictField(child=AnyField(), help_text="What is special about the kind.")
    status = AssetStatusSerializer()


class AssetListSerializer(serializers.Serializer):
    """One page of assets."""

    apiVersion = serializers.CharField()
    kind = serializers.ChoiceField(["AssetList"])
    items = AssetSerializer(many=True)
    nextPageToken = serializers.CharField(
        required=False, help_text="Leads to the next page, as `pageToken`; absent on the last one."
    )
    pageSize = serializers.IntegerField(help_text="How many assets a page holds at most.")
    size = serializers.IntegerField(help_text="How many assets are on this page.")
    totalSize = serializers.IntegerField(help_text="How many assets match, over all pages.")
