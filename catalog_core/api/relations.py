"""What assets have to do with each other: ``/api/assets/{uid}/relations`` and ``/impact``."""

import uuid
from typing import get_args

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from catalog_core.api.assets import UID
from catalog_core.api.conditional import entity_tag, json_answer, not_modified
from catalog_core.api.serializers import ErrorSerializer
from catalog_core.assets.relations import Direction, impact_of, relations_of
from catalog_core.assets.view import assets_view
from catalog_core.assets.walking import MAX_DEPTH, MAX_RELATIONS
from catalog_core.entities.documents import json_text
from catalog_core.exceptions import InvalidQuery
from catalog_core.plugins.registry import registry

_DIRECTIONS: tuple[Direction, ...] = get_args(Direction)


class AssetNodeSerializer(serializers.Serializer):
    """An asset, in short."""

    uid = serializers.UUIDField()
    kind = serializers.CharField()
    name = serializers.CharField()
    plugin = serializers.CharField(help_text="The catalog it is in.")
    source = serializers.CharField(help_text="The id of its source.")  # type: ignore[assignment]  # the API calls it so


class RelationTargetSerializer(serializers.Serializer):
    """What an asset refers to: another asset, or a name that no asset has."""

    uid = serializers.UUIDField(required=False, help_text="Absent where no asset has the name.")
    kind = serializers.CharField()
    name = serializers.CharField()
    plugin = serializers.CharField(required=False)
    source = serializers.CharField(required=False)  # type: ignore[assignment]  # the API calls it so
    unresolved = serializers.BooleanField(required=False, help_text="True where no asset has the name.")


class RelationSerializer(serializers.Serializer):
    """That one asset refers to another."""

    relation = serializers.CharField(help_text="What the one has to do with the other, such as `uses`.")
    to = RelationTargetSerializer()
    direction = serializers.ChoiceField(["out", "in"], help_text="How it was met, seen from the asset asked about.")
    depth = serializers.IntegerField(help_text="How many steps from the asset asked about, from 1.")

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields, with the one whose name is a word of Python."""
        return {"from": AssetNodeSerializer(help_text="The asset that refers."), **super().get_fields()}


class RelationsSerializer(serializers.Serializer):
    """The relations of an asset."""

    asset = AssetNodeSerializer()
    relations = RelationSerializer(many=True, help_text="Those nearer to the asset first.")
    count = serializers.IntegerField(help_text="How many relations are listed.")
    truncated = serializers.BooleanField(
        help_text=f"Whether there are more; an answer lists at most {MAX_RELATIONS:,}."
    )
    notFollowed = serializers.IntegerField(
        help_text="How many assets were met whose own relations were not looked at; a greater `depth` does."
    )


class DependencyStepSerializer(AssetNodeSerializer):
    """One step on the way from an asset to another that it needs."""

    relation = serializers.CharField(help_text="What the asset before has to do with this one.")


class DependantSerializer(AssetNodeSerializer):
    """An asset that would break."""

    depth = serializers.IntegerField(help_text="How many steps there are from it to the asset asked about.")
    path = DependencyStepSerializer(many=True, help_text="The steps; the last leads to the asset asked about.")


class ImpactSerializer(serializers.Serializer):
    """What would break if an asset went away."""

    asset = AssetNodeSerializer()
    breaks = serializers.BooleanField(help_text="Whether anything would break.")
    count = serializers.IntegerField(help_text="How many assets would break.")
    countByKind = serializers.DictField(child=serializers.IntegerField(), help_text="The same for each kind.")
    dependants = DependantSerializer(many=True, help_text="What would break, nearer assets first.")
    standIns = AssetNodeSerializer(many=True, help_text="Assets of other sources that would be meant in its place.")
    redirected = serializers.IntegerField(help_text="How many assets would use one of those instead, and not break.")
    truncated = serializers.BooleanField(
        help_text=f"Whether more may break: {MAX_RELATIONS:,} relations and chains of {MAX_DEPTH} are followed."
    )


class RelationsView(APIView):
    """The relations of one asset."""

    answers_conditionally = True

    @extend_schema(
        operation_id="getAssetRelations",
        tags=["assets"],
        summary="List what an asset refers to and what refers to it",
        parameters=[
            UID,
            OpenApiParameter(
                "direction",
                OpenApiTypes.STR,
                enum=_DIRECTIONS,
                default="both",
                description="`out` for what the asset refers to, `in` for what refers to it.",
            ),
            OpenApiParameter(
                "depth",
                {"type": "integer", "minimum": 1, "maximum": MAX_DEPTH},
                default=1,
                description=f"How many steps to follow, from 1 to {MAX_DEPTH}.",
            ),
        ],
        responses={200: RelationsSerializer, 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, uid: uuid.UUID) -> HttpResponse:
        """Return the relations of the asset as they are now; what names no asset is marked as unresolved."""
        direction, depth, view = _direction(request), _depth(request), assets_view(registry)
        etag = entity_tag("relations", view.generation, uid, direction, depth)
        return not_modified(request._request, etag) or json_answer(
            json_text(relations_of(uid, direction=direction, depth=depth, view=view).as_dict()), etag
        )


class ImpactView(APIView):
    """What depends on one asset."""

    answers_conditionally = True

    @extend_schema(
        operation_id="getAssetImpact",
        tags=["assets"],
        summary="Tell what would break without an asset",
        parameters=[UID],
        responses={200: ImpactSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, uid: uuid.UUID) -> HttpResponse:
        """Return the assets of all kinds that need this one, directly or through others, each with the way to it."""
        view = assets_view(registry)
        etag = entity_tag("impact", view.generation, uid)
        return not_modified(request._request, etag) or json_answer(json_text(impact_of(uid, view=view).as_dict()), etag)


def _direction(request: Request) -> Direction:
    asked = request.query_params.get("direction") or "both"
    for direction in _DIRECTIONS:
        if asked == direction:
            return direction
    raise InvalidQuery(f"a direction is one of {', '.join(_DIRECTIONS)}.", parameter="direction")


def _depth(request: Request) -> int:
    asked = request.query_params.get("depth") or "1"
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 10 and 1 <= int(asked) <= MAX_DEPTH):
        raise InvalidQuery(f"a depth is a whole number from 1 to {MAX_DEPTH}.", parameter="depth")
    return int(asked)
