"""``/api/assets``: the entities of all catalogs in one form."""

import uuid

from django.http import HttpResponse
from django.utils.cache import patch_cache_control
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from catalog_core.api.asset_serializers import AssetListSerializer, AssetSerializer
from catalog_core.api.conditional import JSON, DirectlyReadable, Reading, entity_tag
from catalog_core.api.parameters import (
    ASSET_PARAMETERS,
    Parameters,
    asset_parameters,
    page_token,
    refuse_misspelt,
    several,
)
from catalog_core.api.serializers import ErrorSerializer
from catalog_core.assets.filtering import AssetFilter
from catalog_core.assets.listers import found_by_plugin
from catalog_core.assets.listing import (
    DEFAULT_PAGE_SIZE,
    MAX_PAGE_SIZE,
    AssetQuery,
    get_asset,
    get_asset_by_uid,
    list_assets,
)
from catalog_core.assets.queryable import ASSET_QUERY_FIELDS
from catalog_core.assets.view import AssetsView as Visible
from catalog_core.assets.view import assets_view
from catalog_core.entities.documents import json_text
from catalog_core.entities.envelope import Asset
from catalog_core.entities.envelope.projection import API_VERSION
from catalog_core.entities.listing import Page
from catalog_core.exceptions import NotFound
from catalog_core.plugins.registry import registry

UID = OpenApiParameter("uid", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The uid of the asset.")


class AllCatalogsView(DirectlyReadable, APIView):
    """What reads from all catalogs."""

    answers_conditionally = True

    @classmethod
    def visible(cls) -> Visible:
        """Return how readers see all catalogs now."""
        return assets_view(registry)


class AssetsView(AllCatalogsView):
    """The assets of all catalogs."""

    @extend_schema(
        operation_id="listAssets",
        tags=["assets"],
        summary="List assets of all kinds",
        parameters=asset_parameters(
            ASSET_QUERY_FIELDS, default_page_size=DEFAULT_PAGE_SIZE, max_page_size=MAX_PAGE_SIZE
        ),
        responses={200: AssetListSerializer, 400: ErrorSerializer},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return one page of the assets that match, of whatever catalog."""
        return self.answer(request._request, request.query_params)

    @classmethod
    def reading(cls, visible: Visible, parameters: Parameters, **named: str) -> Reading:
        """Return the page that the parameters ask for."""
        query = _asset_query(parameters)
        return Reading(
            etag=entity_tag("assets", visible.generation, query), body=lambda: _body(list_assets(visible, query))
        )


class AssetView(AllCatalogsView):
    """One asset, by kind and name."""

    @extend_schema(
        operation_id="getAsset",
        tags=["assets"],
        summary="Get one asset by kind and name",
        parameters=[
            OpenApiParameter("kind", str, OpenApiParameter.PATH, description="The kind, such as `Agent`."),
            OpenApiParameter(
                "name", str, OpenApiParameter.PATH, description="The name, percent-encoded. It may hold slashes."
            ),
            OpenApiParameter("source", str, description="The source, where several have an asset of that name."),
        ],
        responses={200: AssetSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, kind: str, name: str) -> HttpResponse:
        """Return the asset; where several sources have one, that of the first source, or of ``source``."""
        try:
            return self.answer(request._request, request.query_params, kind=kind, name=name)
        except NotFound:
            own = None if request.query_params.get("source") else found_by_plugin(registry, kind, name)
            if own is None:
                raise
            return _not_kept(json_text(own))

    @classmethod
    def reading(cls, visible: Visible, parameters: Parameters, **named: str) -> Reading:
        """Return the asset of the kind and name that stand in the path."""
        return _reading(get_asset(visible, named["kind"], named["name"], source=parameters.get("source", "")))


class AssetByUidView(AllCatalogsView):
    """One asset, by its uid."""

    @extend_schema(
        operation_id="getAssetByUid",
        tags=["assets"],
        summary="Get one asset by its uid",
        parameters=[UID],
        responses={200: AssetSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, uid: str) -> HttpResponse:
        """Return the asset with that uid."""
        return self.answer(request._request, request.query_params, uid=uid)

    @classmethod
    def reading(cls, visible: Visible, parameters: Parameters, **named: str) -> Reading:
        """Return the asset of the uid that stands in the path."""
        return _reading(get_asset_by_uid(visible, asset_uid(named["uid"])))


def asset_uid(text: str) -> uuid.UUID:
    """Return the uid that stands in a path.

    Raises:
        NotFound: the text is no uid, so no asset has it.
    """
    try:
        return uuid.UUID(text)
    except ValueError:
        hint = "An asset is asked for by its uid, or as /api/assets/{kind}/{name}."
        raise NotFound(f"{text[:80]!r} is no uid. {hint}") from None


def asset_filter(parameters: Parameters) -> AssetFilter:
    """Return which assets the parameters of a request mean."""
    return AssetFilter(
        kinds=several(parameters, "kind"),
        plugins=several(parameters, "plugin"),
        sources=several(parameters, "source"),
        source_labels=several(parameters, "sourceLabel"),
        lifecycles=several(parameters, "lifecycle"),
        tags=several(parameters, "tag"),
        labels=tuple(label for label in parameters.getlist("label") if label),
        filter_query=parameters.get("filterQuery", ""),
    )


def _asset_query(parameters: Parameters) -> AssetQuery:
    refuse_misspelt(parameters, ASSET_PARAMETERS)
    return AssetQuery(
        filter=asset_filter(parameters),
        q=parameters.get("q", ""),
        order_by=parameters.get("orderBy", ""),
        sort_order=parameters.get("sortOrder", ""),
        page_size=parameters.get("pageSize", ""),
        page_token=page_token(parameters),
    )


def _reading(asset: Asset) -> Reading:
    return Reading(etag=entity_tag("asset", asset.document), body=lambda: asset.document)


def _not_kept(content: str) -> HttpResponse:
    """Return what a plugin has just said: no generation tells when it says something else."""
    response = HttpResponse(content, content_type=JSON)
    patch_cache_control(response, no_store=True)
    return response


def _body(page: Page) -> str:
    """Return the body of a list: finished documents, joined."""
    token = f'"nextPageToken":"{page.next_page_token}",' if page.next_page_token else ""
    return (
        f'{{"apiVersion":"{API_VERSION}","kind":"AssetList","items":[{",".join(page.documents)}],{token}'
        f'"pageSize":{page.page_size},"size":{len(page.documents)},"totalSize":{page.total}}}'
    )
