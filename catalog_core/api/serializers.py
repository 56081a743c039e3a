"""The shapes of answers, as OpenAPI describes them. Entities are served as stored documents; these say what is in them."""

from functools import cache
from typing import Any

from rest_framework import serializers

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.fields import EntityField, FieldKind, entity_fields


class ErrorSerializer(serializers.Serializer):
    """What went wrong, where, and what to do."""

    error = serializers.CharField(help_text="The phrase of the status.")
    code = serializers.CharField(help_text="A stable word for programs.")
    message = serializers.CharField(help_text="What is wrong and what to do.")
    requestId = serializers.CharField(help_text="Ties the answer to the log of the server.")
    parameter = serializers.CharField(required=False, help_text="The query parameter that is wrong.")
    position = serializers.IntegerField(required=False, help_text="Where in it, in characters from 0.")


class PluginStatusSerializer(serializers.Serializer):
    """How a plugin is."""

    enabled = serializers.BooleanField()
    initialized = serializers.BooleanField()
    serving = serializers.BooleanField()
    lastError = serializers.CharField(required=False)
    stage = serializers.CharField(required=False, help_text="Where it failed.")


class PluginManagementSerializer(serializers.Serializer):
    """What can be managed."""

    sourceManager = serializers.BooleanField()
    refresh = serializers.BooleanField()
    diagnostics = serializers.BooleanField()
    actions = serializers.BooleanField()


class ShortCapabilitiesSerializer(serializers.Serializer):
    """The V1 capabilities."""

    entityKinds = serializers.ListField(child=serializers.CharField())
    listEntities = serializers.BooleanField()
    getEntity = serializers.BooleanField()
    listSources = serializers.BooleanField()
    artifacts = serializers.BooleanField()


class ColumnSerializer(serializers.Serializer):
    """A column of a list."""

    name = serializers.CharField()
    displayName = serializers.CharField()
    path = serializers.CharField(help_text="Where the value stands in an entity, with dots between the steps.")
    type = serializers.CharField()
    sortable = serializers.BooleanField(required=False)
    width = serializers.CharField(required=False)


class FilterFieldSerializer(serializers.Serializer):
    """A field to filter by."""

    name = serializers.CharField()
    displayName = serializers.CharField()
    type = serializers.CharField()
    options = serializers.ListField(child=serializers.CharField(), required=False)
    operators = serializers.ListField(child=serializers.CharField(), required=False)


class DetailFieldSerializer(serializers.Serializer):
    """A field of a detail view."""

    name = serializers.CharField()
    displayName = serializers.CharField()
    path = serializers.CharField()
    type = serializers.CharField()
    section = serializers.CharField(required=False)


class EntityFieldsSerializer(serializers.Serializer):
    """The fields of a kind."""

    columns = ColumnSerializer(many=True)
    filterFields = FilterFieldSerializer(many=True, required=False)
    detailFields = DetailFieldSerializer(many=True, required=False)


class EntityEndpointsSerializer(serializers.Serializer):
    """Where the entities of a kind are."""

    list = serializers.CharField()
    get = serializers.CharField()
    action = serializers.CharField(required=False)


class EntityCapabilitiesSerializer(serializers.Serializer):
    """One kind of a catalog."""

    kind = serializers.CharField()
    plural = serializers.CharField()
    displayName = serializers.CharField()
    description = serializers.CharField(required=False)
    endpoints = EntityEndpointsSerializer()
    fields = EntityFieldsSerializer()  # type: ignore[assignment]  # the document calls it so
    uiHints = serializers.DictField(required=False)
    actions = serializers.ListField(child=serializers.CharField(), required=False)
    governance = serializers.DictField()


class PluginMetaSerializer(serializers.Serializer):
    """What a plugin says of itself."""

    name = serializers.CharField()
    version = serializers.CharField()
    description = serializers.CharField()
    displayName = serializers.CharField(required=False)
    icon = serializers.CharField(required=False)


class SourceCapabilitiesSerializer(serializers.Serializer):
    """What can be done with the sources of a catalog."""

    manageable = serializers.BooleanField()
    refreshable = serializers.BooleanField()
    types = serializers.ListField(child=serializers.CharField(), required=False)


class CapabilitiesSerializer(serializers.Serializer):
    """The V2 capabilities document."""

    schemaVersion = serializers.CharField()
    plugin = PluginMetaSerializer()
    entities = EntityCapabilitiesSerializer(many=True)
    sources = SourceCapabilitiesSerializer(required=False)
    actions = serializers.ListField(child=serializers.DictField(), required=False)


class PluginSerializer(serializers.Serializer):
    """One plugin of this server."""

    name = serializers.CharField()
    version = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    basePath = serializers.CharField()
    healthy = serializers.BooleanField()
    entityKinds = serializers.ListField(child=serializers.CharField(), required=False)
    entityCount = serializers.IntegerField(required=False)
    capabilities = ShortCapabilitiesSerializer(required=False)
    capabilitiesV2 = CapabilitiesSerializer(required=False)
    status = PluginStatusSerializer()
    management = PluginManagementSerializer(required=False)
    uiHints = serializers.DictField(required=False)
    cliHints = serializers.DictField(required=False)
    metadata = serializers.DictField(required=False)


class PluginListSerializer(serializers.Serializer):
    """All plugins of this server."""

    plugins = PluginSerializer(many=True)
    count = serializers.IntegerField()


class LivenessSerializer(serializers.Serializer):
    """The process is alive."""

    status = serializers.CharField()
    uptime = serializers.CharField()


class ReadinessSerializer(serializers.Serializer):
    """Whether the server can do its work, part by part."""

    status = serializers.CharField()
    components = serializers.DictField(child=serializers.DictField(child=serializers.CharField()))


@cache
def entity_serializer(plugin: CatalogPlugin) -> type[serializers.Serializer]:
    """Return the serializer that describes an entity of the plugin."""
    fields: dict[str, Any] = {
        "id": serializers.UUIDField(help_text="The same on every server and after every refresh."),
        "name": serializers.CharField(),
        "externalId": serializers.CharField(required=False),
        "description": serializers.CharField(required=False),
        **{declared.name: _field(declared) for declared in entity_fields(plugin.model)},
        "customProperties": serializers.DictField(child=serializers.JSONField(), required=False),
        plugin.source_id_name: serializers.CharField(help_text="The source that the entity comes from."),
    }
    if plugin.shows_times:
        help_text = "Milliseconds since 1970, as text."
        fields["createTimeSinceEpoch"] = serializers.CharField(help_text=help_text)
        fields["lastUpdateTimeSinceEpoch"] = serializers.CharField(help_text=help_text)
    fields["__doc__"] = (plugin.model.__doc__ or plugin.kind).strip()
    return type(f"{plugin.kind}Serializer", (serializers.Serializer,), fields)


@cache
def page_serializer(plugin: CatalogPlugin) -> type[serializers.Serializer]:
    """Return the serializer that describes a page of the plugin's list."""
    always = plugin.list_shape.always_next_page_token
    return type(
        f"{plugin.kind}ListSerializer",
        (serializers.Serializer,),
        {
            "items": entity_serializer(plugin)(many=True),
            "nextPageToken": serializers.CharField(
                required=always, allow_blank=True, help_text="Leads to the next page; empty or absent on the last one."
            ),
            "pageSize": serializers.IntegerField(help_text="How many entries a page holds at most."),
            "size": serializers.IntegerField(
                help_text="How many entries match."
                if plugin.list_shape.size == "total"
                else "How many entries are on this page."
            ),
            "totalSize": serializers.IntegerField(help_text="How many entries match, over all pages."),
            "__doc__": f"One page of {plugin.plural}.",
        },
    )


def _field(declared: EntityField) -> serializers.Field:
    options: dict[str, Any] = {"required": False, "help_text": declared.help or None}
    match declared.kind:
        case FieldKind.TEXT:
            return serializers.CharField(**options)
        case FieldKind.INTEGER:
            return serializers.IntegerField(**options)
        case FieldKind.NUMBER:
            return serializers.FloatField(**options)
        case FieldKind.BOOLEAN:
            return serializers.BooleanField(**options)
        case FieldKind.TIME:
            return serializers.DateTimeField(**options)
        case FieldKind.TEXT_LIST:
            return serializers.ListField(child=serializers.CharField(), **options)
        case FieldKind.OBJECT_LIST:
            return serializers.ListField(child=serializers.DictField(child=serializers.JSONField()), **options)
        case FieldKind.OBJECT:
            return serializers.DictField(child=serializers.JSONField(), **options)
