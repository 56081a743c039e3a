"""``/api/assets``: the entities of all catalogs in one form."""

import uuid

from django.http import HttpResponse, QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from catalog_core.api.asset_serializers import AssetListSerializer, AssetSerializer
from catalog_core.api.conditional import entity_tag, json_answer, not_modified
from catalog_core.api.parameters import ASSET_PARAMETERS, asset_parameters, page_token, refuse_misspelt, several
from catalog_core.api.serializers import ErrorSerializer
from catalog_core.assets.listing import (
    DEFAULT_PAGE_SIZE,
    MAX_PAGE_SIZE,
    AssetFilter,
    AssetQuery,
    get_asset,
    get_asset_by_uid,
    list_assets,
)
from catalog_core.assets.queryable import ASSET_QUERY_FIELDS
from catalog_core.assets.view import assets_view
from catalog_core.entities.envelope import Asset
from catalog_core.entities.envelope.projection import API_VERSION
from catalog_core.entities.listing import Page
from catalog_core.exceptions import NotFound
from catalog_core.plugins.registry import registry

UID = OpenApiParameter("uid", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The uid of the asset.")


class AssetsView(APIView):
    """The assets of all catalogs."""

    answers_conditionally = True

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
        query = _asset_query(request.query_params)
        view = assets_view(registry)
        etag = entity_tag("assets", view.generation, query)
        return not_modified(request._request, etag) or json_answer(_body(list_assets(view, query)), etag)


class AssetView(APIView):
    """One asset, by kind and name."""

    answers_conditionally = True

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
        asset = get_asset(assets_view(registry), kind, name, source=request.query_params.get("source", ""))
        return _answer(request, asset)


class AssetByUidView(APIView):
    """One asset, by its uid."""

    answers_conditionally = True

    @extend_schema(
        operation_id="getAssetByUid",
        tags=["assets"],
        summary="Get one asset by its uid",
        parameters=[UID],
        responses={200: AssetSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, uid: str) -> HttpResponse:
        """Return the asset with that uid."""
        return _answer(request, get_asset_by_uid(assets_view(registry), asset_uid(uid)))


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


def asset_filter(parameters: QueryDict) -> AssetFilter:
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


def _asset_query(parameters: QueryDict) -> AssetQuery:
    refuse_misspelt(parameters, ASSET_PARAMETERS)
    return AssetQuery(
        filter=asset_filter(parameters),
        order_by=parameters.get("orderBy", ""),
        sort_order=parameters.get("sortOrder", ""),
        page_size=parameters.get("pageSize", ""),
        page_token=page_token(parameters),
    )


def _answer(request: Request, asset: Asset) -> HttpResponse:
    etag = entity_tag("asset", asset.document)
    return not_modified(request._request, etag) or json_answer(asset.document, etag)


def _body(page: Page) -> str:
    """Return the body of a list: finished documents, joined."""
    token = f'"nextPageToken":"{page.next_page_token}",' if page.next_page_token else ""
    return (
        f'{{"apiVersion":"{API_VERSION}","kind":"AssetList","items":[{",".join(page.documents)}],{token}'
        f'"pageSize":{page.page_size},"size":{len(page.documents)},"totalSize":{page.total}}}'
    )
