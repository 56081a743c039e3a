"""``/api/management/v1alpha1/configuration``: the configuration as a whole, its revisions, and going back to one."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from catalog_core.administration.changes import rollback
from catalog_core.administration.configuration_info import configuration_document, revision_document
from catalog_core.administration.reconciling import ask_for_reconcile
from catalog_core.api.management.base import IF_MATCH, REASON, PrivateView, answer
from catalog_core.api.management.bodies import circumstances_of
from catalog_core.api.management.changing import CHANGED, version_header
from catalog_core.api.management.revisions import revision_summary, wanted_version
from catalog_core.api.management.serializers import (
    ConfigurationSerializer,
    RevisionDetailSerializer,
    RevisionPageSerializer,
    RollbackSerializer,
    RolledBackSerializer,
    StatusSerializer,
)
from catalog_core.api.serializers import ErrorSerializer
from catalog_core.entities.paging import decode_token, encode_token, parse_page_size
from catalog_core.plugins.registry import registry
from catalog_core.sources.revisions import revision, revisions

_DEFAULT_PAGE, _LARGEST_PAGE = 20, 100
_SCOPE = "configuration revisions"
_TAG = "configuration"


class ConfigurationView(PrivateView):
    """The configuration in force."""

    @extend_schema(
        operation_id="getConfiguration",
        tags=[_TAG],
        summary="Get the configuration in force",
        responses={200: ConfigurationSerializer},
    )
    def get(self, request: Request) -> Response:
        """Return the configuration in force, secrets redacted; its version is in ``ETag`` too, for ``If-Match``."""
        document = configuration_document(registry)
        version = document["version"]
        return answer(document, headers={"ETag": f'"{version}"', **version_header(version)})


class RevisionsView(PrivateView):
    """The history of the configuration."""

    @extend_schema(
        operation_id="listConfigurationRevisions",
        tags=[_TAG],
        summary="List the configurations that were in force",
        parameters=[
            OpenApiParameter("pageSize", OpenApiTypes.INT, description="How many revisions a page holds at most."),
            OpenApiParameter("pageToken", OpenApiTypes.STR, description="`nextPageToken` of the page before."),
        ],
        responses={200: RevisionPageSerializer, 400: ErrorSerializer},
    )
    def get(self, request: Request) -> Response:
        """Return one page of the revisions, the newest first."""
        parameters = request.query_params
        size = parse_page_size(parameters.get("pageSize", ""), default=_DEFAULT_PAGE, maximum=_LARGEST_PAGE)
        token = parameters.get("pageToken", "")
        before = decode_token(token, _SCOPE)[0] if token else None
        found = revisions(before=before, limit=size + 1)
        next_token = encode_token((found[size - 1].pk,), _SCOPE) if len(found) > size else ""
        shown = [revision_summary(one) for one in found[:size]]
        return answer({"revisions": shown, "count": len(shown), "nextPageToken": next_token})


class RevisionView(PrivateView):
    """One configuration that was in force."""

    @extend_schema(
        operation_id="getConfigurationRevision",
        tags=[_TAG],
        summary="Tell what a revision changed",
        parameters=[OpenApiParameter("version", OpenApiTypes.STR, OpenApiParameter.PATH)],
        responses={200: RevisionDetailSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, version: str) -> Response:
        """Return a revision with its difference to the one before, secrets hidden."""
        found = revision(version)
        return answer({**revision_summary(found), **revision_document(found)})


class RollbackView(PrivateView):
    """Going back to an earlier configuration."""

    @extend_schema(
        operation_id="rollbackConfiguration",
        tags=[_TAG],
        summary="Restore the whole configuration as it was",
        parameters=[IF_MATCH, REASON],
        request=RollbackSerializer,
        responses={200: RolledBackSerializer, 404: ErrorSerializer, **CHANGED},
    )
    def post(self, request: Request) -> Response:
        """Restore every file byte for byte, and put it into force."""
        change = rollback(wanted_version(request), **circumstances_of(request))
        return answer({"status": "rolled_back", "version": change.version}, headers=version_header(change.version))


class ReconcileView(PrivateView):
    """A look at the configuration now."""

    @extend_schema(
        operation_id="reconcileConfiguration",
        tags=[_TAG],
        summary="Have the server look at its configuration now",
        request=None,
        responses={202: StatusSerializer, 503: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        """Tell a worker to make the system equal to the configuration, instead of waiting for the next tick."""
        ask_for_reconcile()
        return answer({"status": "queued"}, 202)
