"""Actions on assets, whatever their kind: on one, or on all that a filter finds."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog_core.api.assets import UID, asset_filter, asset_uid
from catalog_core.api.management.base import PrivateView, answer
from catalog_core.api.management.bodies import body_of
from catalog_core.api.management.serializers import (
    ActionRequestSerializer,
    ActionResultSerializer,
    BulkActionRequestSerializer,
    BulkActionResultSerializer,
    InvalidActionSerializer,
)
from catalog_core.api.parameters import asset_filter_parameters
from catalog_core.api.serializers import ErrorSerializer
from catalog_core.assets.actions import ActionRequest, Target, act_on_assets, act_on_entity
from catalog_core.assets.listing import get_asset_by_uid
from catalog_core.assets.queryable import ASSET_QUERY_FIELDS
from catalog_core.assets.view import assets_view
from catalog_core.exceptions import InvalidAction, InvalidQuery, PluginUnavailable
from catalog_core.plugins.registry import registry
from catalog_core.problems import did_you_mean
from catalog_core.security.permissions import caller_of

_FILTERS = frozenset(("kind", "plugin", "source", "sourceLabel", "lifecycle", "tag", "label", "filterQuery"))
"""The parameters of :func:`asset_filter`. Any other is refused, as an action on too much cannot be taken back."""


class AssetActionView(PrivateView):
    """Actions on one asset."""

    @extend_schema(
        operation_id="actOnAsset",
        tags=["assets"],
        summary="Carry out an action on one asset",
        parameters=[UID],
        request=ActionRequestSerializer,
        responses={
            200: ActionResultSerializer,
            400: InvalidActionSerializer,
            404: ErrorSerializer,
            409: ErrorSerializer,
        },
    )
    def post(self, request: Request, uid: str) -> Response:
        """Carry out an action, or tell with `dryRun` what it would do."""
        asked = ActionRequest.from_body(body_of(request))
        asset = get_asset_by_uid(assets_view(registry), asset_uid(uid))
        plugin = registry.get(asset.plugin)
        if plugin is None:  # taken out since the view was made
            raise PluginUnavailable(f"The plugin {asset.plugin} of this asset is not loaded.")
        target = Target(uid=asset.uid, name=asset.name, source=asset.source)
        return answer(act_on_entity(plugin, target, asked, actor=caller_of(request).name))


class AssetsActionView(PrivateView):
    """Actions on all assets that a filter finds."""

    @extend_schema(
        operation_id="actOnAssets",
        tags=["assets"],
        summary="Carry out an action on all assets that a filter finds",
        parameters=asset_filter_parameters(ASSET_QUERY_FIELDS),
        request=BulkActionRequestSerializer,
        responses={200: BulkActionResultSerializer, 400: InvalidActionSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Carry out an action on each, or tell with `dryRun` how many they are and what would become of the first."""
        body = body_of(request)
        asked = ActionRequest.from_body(body, "expected")
        for name in request.query_params:
            if name not in _FILTERS:
                raise InvalidQuery(f"there is no such filter. {did_you_mean(name, _FILTERS)}", parameter=name)
        return answer(
            act_on_assets(
                registry,
                assets_view(registry),
                asset_filter(request.query_params),
                asked,
                actor=caller_of(request).name,
                expected=_expected(body.get("expected")),
            )
        )


def _expected(given: object) -> int | None:
    if given is None or (isinstance(given, int) and not isinstance(given, bool) and given >= 0):
        return given
    raise InvalidAction([("expected", "it has to be a whole number: how many assets the filter finds.")])
