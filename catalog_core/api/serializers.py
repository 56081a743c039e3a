"""The shapes of answers, as OpenAPI describes them. Entities are stored documents; these say what is in them."""

from functools import lru_cache
from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.envelope import Lifecycle
from catalog_core.entities.fields import EntityField, FieldKind
from catalog_core.entities.queryable import KINDS_REMEMBERED

MILLISECONDS = "Milliseconds since 1970, as text."


@extend_schema_field({"type": "integer", "format": "int64"})
class WholeNumberField(serializers.IntegerField):
    """An integer of at most 64 bits."""


@extend_schema_field({})
class AnyField(serializers.JSONField):
    """Any JSON value."""


class ErrorSerializer(serializers.Serializer):
    """What went wrong, where, and what to do. Every error has this form."""

    error = serializers.CharField(help_text="The phrase of the status.")
    code = serializers.CharField(help_text="A stable word for programs.")
    message = serializers.CharField(help_text="What is wrong and what to do.")
    requestId = serializers.CharField(help_text="Ties the answer to the log of the server.")
    parameter = serializers.CharField(required=False, help_text="The query parameter that is wrong.")
    position = serializers.IntegerField(required=False, help_text="Where in it, in characters from 0.")


class LivenessSerializer(serializers.Serializer):
    """The process is alive."""

    status = serializers.ChoiceField(["alive"])
    uptime = serializers.CharField(help_text="For how long, such as `1h0m5s`.")


class ReadinessSerializer(serializers.Serializer):
    """Whether the server can do its work, part by part."""

    status = serializers.ChoiceField(["ready", "not_ready"])
    components = serializers.DictField(
        child=serializers.DictField(child=serializers.CharField()),
        help_text="Each has a `status`, and `details` or an `error` where there is more to say.",
    )


class HomeCatalogSerializer(serializers.Serializer):
    """One catalog of this server, in short."""

    name = serializers.CharField()
    displayName = serializers.CharField()
    description = serializers.CharField()
    entityCount = serializers.IntegerField()
    sources = serializers.IntegerField(help_text="How many sources it has.")
    healthy = serializers.BooleanField()
    basePath = serializers.CharField()
    list = serializers.CharField(required=False, help_text="Where its entries are listed.")


class HomeSerializer(serializers.Serializer):
    """What this server is, and where to go from here."""

    name = serializers.CharField()
    version = serializers.CharField()
    catalogs = HomeCatalogSerializer(many=True)
    links = serializers.DictField(child=serializers.CharField(), help_text="Paths to begin with.")


class OpenApiDocumentSerializer(serializers.Serializer):
    """An OpenAPI document (OpenAPI 3.0)."""

    openapi = serializers.CharField(help_text="The version of OpenAPI.")
    info = serializers.DictField(child=AnyField())
    servers = serializers.ListField(child=serializers.DictField(child=AnyField()))
    tags = serializers.ListField(child=serializers.DictField(child=AnyField()))
    paths = serializers.DictField(child=serializers.DictField(child=AnyField()))
    components = serializers.DictField(child=serializers.DictField(child=AnyField()))


def _metadata_value(name: str, key: str, value: serializers.Field, **further: serializers.Field) -> Any:
    members = {
        "__doc__": f"A custom property with its value under `{key}`.",
        "metadataType": serializers.ChoiceField([name]),
        key: value,
        **further,
    }
    return type(f"{name}Serializer", (serializers.Serializer,), members)


_METADATA_VALUES = {
    "MetadataStringValue": ("string_value", serializers.CharField, "Any text."),
    "MetadataIntValue": ("int_value", serializers.CharField, "A whole number of at most 64 bits, as text."),
    "MetadataDoubleValue": ("double_value", serializers.FloatField, "A number."),
    "MetadataBoolValue": ("bool_value", serializers.BooleanField, "True or false."),
    "MetadataStructValue": ("struct_value", serializers.CharField, "Base64 (RFC 4648)."),
}
MetadataValue = PolymorphicProxySerializer(
    component_name="MetadataValue",
    resource_type_field_name="metadataType",
    serializers={
        **{
            name: _metadata_value(name, key, field(help_text=help_text))
            for name, (key, field, help_text) in _METADATA_VALUES.items()
        },
        "MetadataProtoValue": _metadata_value(
            "MetadataProtoValue",
            "proto_value",
            serializers.CharField(help_text="Base64 (RFC 4648)."),
            type=serializers.CharField(required=False, help_text="The type of the message."),
        ),
    },
)
"""A custom property of catalogs that keep the types of such properties."""


def _overlay_fields() -> dict[str, serializers.Field]:
    """Return the fields that people can add to an entity of any kind."""
    texts = serializers.CharField
    return {
        "lifecycle": serializers.CharField(
            required=False, help_text=f"One of {', '.join(Lifecycle.values)}; absent where nobody has said: active."
        ),
        "tags": serializers.ListField(child=texts(), required=False, help_text="Tags, those of people included."),
        "labels": serializers.DictField(child=texts(), required=False, help_text="Labels, those of people included."),
        "annotations": serializers.DictField(
            child=texts(), required=False, help_text="Notes under keys, those of people included."
        ),
    }


@lru_cache(maxsize=KINDS_REMEMBERED)
def entity_serializer(plugin: CatalogPlugin) -> type[serializers.Serializer]:
    """Return the serializer that describes an entity of the plugin."""
    properties = MetadataValue if plugin.typed_custom_properties else AnyField()
    fields: dict[str, Any] = {
        "id": serializers.UUIDField(help_text="The same on every server and after every refresh."),
        "name": serializers.CharField(help_text="Unique within its source."),
        "externalId": serializers.CharField(required=False, help_text="Its id elsewhere."),
        "description": serializers.CharField(required=False, help_text="What it is."),
        **_overlay_fields(),
        **{declared.name: _field(declared) for declared in plugin.entity_fields()},
        "customProperties": serializers.DictField(
            child=properties, required=False, help_text="What its source says of it besides."
        ),
        plugin.source_id_name: serializers.CharField(help_text="The source that the entity comes from."),
    }
    if plugin.shows_times:
        fields["createTimeSinceEpoch"] = serializers.CharField(help_text=MILLISECONDS)
        fields["lastUpdateTimeSinceEpoch"] = serializers.CharField(help_text=MILLISECONDS)
    told = plugin.kind_description if plugin.shares_model else plugin.model.__doc__
    fields["__doc__"] = (told or plugin.kind).strip()
    return type(f"{plugin.kind}Serializer", (serializers.Serializer,), fields)


@lru_cache(maxsize=KINDS_REMEMBERED)
def page_serializer(plugin: CatalogPlugin) -> type[serializers.Serializer]:
    """Return the serializer that describes a page of the plugin's list."""
    always = plugin.list_shape.always_next_page_token
    where = "empty" if always else "absent"
    made = type(
        f"{plugin.kind}ListSerializer",
        (serializers.Serializer,),
        {
            "items": entity_serializer(plugin)(many=True),
            "nextPageToken": serializers.CharField(
                required=always, help_text=f"Leads to the next page, as `pageToken`; {where} on the last one."
            ),
            "pageSize": serializers.IntegerField(help_text="How many entries a page holds at most."),
            "size": serializers.IntegerField(
                help_text="How many entries match, over all pages."
                if plugin.list_shape.size == "total"
                else "How many entries are on this page."
            ),
            "totalSize": serializers.IntegerField(help_text="How many entries match, over all pages."),
            "__doc__": f"One page of {plugin.plural}.",
        },
    )
    return extend_schema_serializer(many=False)(made)


def _field(declared: EntityField) -> serializers.Field:
    options: dict[str, Any] = {"required": False, "help_text": declared.help or None}
    match declared.kind:
        case FieldKind.TEXT:
            return serializers.CharField(**options)
        case FieldKind.INTEGER:
            return WholeNumberField(**options)
        case FieldKind.NUMBER:
            return serializers.FloatField(**options)
        case FieldKind.BOOLEAN:
            return serializers.BooleanField(**options)
        case FieldKind.TIME:
            return serializers.DateTimeField(**options)
        case FieldKind.TEXT_LIST:
            return serializers.ListField(child=serializers.CharField(), **options)
        case FieldKind.OBJECT_LIST:
            return serializers.ListField(child=serializers.DictField(child=AnyField()), **options)
        case FieldKind.OBJECT:
            return serializers.DictField(child=AnyField(), **options)
