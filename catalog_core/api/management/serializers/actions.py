"""Acting upon entities, sources and assets."""

from rest_framework import serializers

from catalog_core.api.discovery_serializers import ActionDefinitionSerializer
from catalog_core.api.serializers import AnyField, ErrorSerializer


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


class ActionProblemSerializer(serializers.Serializer):
    """What is wrong with one field of a request for an action."""

    field = serializers.CharField(help_text="Such as `params.tags[0]`.")
    message = serializers.CharField(help_text="What is expected.")


class InvalidActionSerializer(ErrorSerializer):
    """A request for an action that cannot be understood."""

    problems = ActionProblemSerializer(many=True, required=False)


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
