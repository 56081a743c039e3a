"""What people have added to entities: looking at it, and clearing it."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog_core.api.assets import UID, asset_uid
from catalog_core.api.management.base import PrivateView, answer
from catalog_core.api.management.serializers import (
    OverlayListSerializer,
    OverlaysDeletedSerializer,
    OverlaySerializer,
)
from catalog_core.api.parameters import page_token, refuse_misspelt
from catalog_core.api.serializers import ErrorSerializer
from catalog_core.assets.overlay_listing import OverlayQuery, chosen_overlays, list_overlays, with_orphan_mark
from catalog_core.assets.overlays import clear_overlay, remove_orphans
from catalog_core.entities.envelope import Overlay
from catalog_core.exceptions import InvalidQuery, NotFound
from catalog_core.plugins.registry import registry
from catalog_core.security.permissions import caller_of

_PARAMETERS = frozenset(("orphaned", "plugin", "source", "pageSize", "pageToken", "nextPageToken"))
_CHOICE = [
    OpenApiParameter("orphaned", OpenApiTypes.BOOL, description="Whether the entity is not there."),
    OpenApiParameter("plugin", OpenApiTypes.STR, description="Only overlays of this plugin."),
    OpenApiParameter("source", OpenApiTypes.STR, description="Only overlays of the sources with this id."),
]
_PAGING = [
    OpenApiParameter("pageSize", OpenApiTypes.INT, description="How many a page holds; 100 where left out."),
    OpenApiParameter("pageToken", OpenApiTypes.STR, description="`nextPageToken` of the page before."),
]


class OverlaysView(PrivateView):
    """All overlays."""

    @extend_schema(
        operation_id="listOverlays",
        tags=["assets"],
        summary="List what people have added to entities",
        parameters=[*_CHOICE, *_PAGING],
        responses={200: OverlayListSerializer, 400: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """Return one page of overlays, by plugin, source and name."""
        parameters = request.query_params
        refuse_misspelt(parameters, _PARAMETERS)
        page = list_overlays(
            _query(request), page_size=parameters.get("pageSize", ""), page_token=page_token(parameters)
        )
        told = [_told(overlay) for overlay in page.overlays]
        token = {"nextPageToken": page.next_page_token} if page.next_page_token else {}
        return answer({"overlays": told, "count": len(told), "totalSize": page.total, **token})

    @extend_schema(
        operation_id="deleteOrphanedOverlays",
        tags=["assets"],
        summary="Remove overlays whose entity is not there",
        parameters=_CHOICE,
        responses={200: OverlaysDeletedSerializer, 400: ErrorSerializer},
    )
    def delete(self, request: Request) -> Response:
        """Remove the overlays that `GET` with the same parameters lists; `orphaned=true` has to be among them."""
        refuse_misspelt(request.query_params, _PARAMETERS)
        query = _query(request)
        if query.orphaned is not True:
            raise InvalidQuery("only orphaned overlays are removed together; give orphaned=true.", parameter="orphaned")
        return answer({"status": "deleted", "deleted": remove_orphans(chosen_overlays(query))})


class OverlayView(PrivateView):
    """What people have added to one entity."""

    @extend_schema(
        operation_id="getOverlay",
        tags=["assets"],
        summary="Show what people have added to one entity",
        parameters=[UID],
        responses={200: OverlaySerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, uid: str) -> Response:
        """Return the overlay."""
        return answer(_told(_overlay(uid)))

    @extend_schema(
        operation_id="deleteOverlay",
        tags=["assets"],
        summary="Take back what people have added to one entity",
        parameters=[UID],
        responses={200: OverlaysDeletedSerializer, 404: ErrorSerializer},
    )
    def delete(self, request: Request, uid: str) -> Response:
        """Remove the overlay; readers then see what the source says."""
        clear_overlay(_overlay(uid), registry, actor=caller_of(request).name)
        return answer({"status": "deleted", "deleted": 1})


def _query(request: Request) -> OverlayQuery:
    given = request.query_params.get("orphaned", "").lower()
    if given not in ("", "true", "false"):
        raise InvalidQuery("it has to be true or false.", parameter="orphaned")
    return OverlayQuery(
        orphaned={"true": True, "false": False}.get(given),
        plugin=request.query_params.get("plugin", ""),
        source=request.query_params.get("source", ""),
    )


def _overlay(uid: str) -> Overlay:
    overlay = with_orphan_mark(Overlay.objects.filter(pk=asset_uid(uid))).first()
    if overlay is None:
        raise NotFound(f"nobody has added anything to an entity with the uid {uid[:80]}.")
    return overlay


def _told(overlay: Any) -> dict[str, Any]:
    return {
        "uid": str(overlay.uid),
        "plugin": overlay.plugin,
        "kind": overlay.kind,
        "sourceId": overlay.source_key,
        "name": overlay.name,
        "tags": overlay.tags,
        "labels": overlay.labels,
        "annotations": overlay.annotations,
        "lifecycle": overlay.lifecycle,
        "changedBy": overlay.changed_by,
        "createdAt": overlay.created_at.isoformat(),
        "changedAt": overlay.changed_at.isoformat(),
        "orphaned": overlay.is_orphan,
    }
