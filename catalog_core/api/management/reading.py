"""Looking at the sources and entities of a catalog."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from catalog_core.administration.source_info import diagnostics, source_list
from catalog_core.api.conditional import JSON
from catalog_core.api.management.base import ManagementView, Operation, answer
from catalog_core.api.management.serializers import DiagnosticsSerializer, SourceListSerializer
from catalog_core.api.serializers import ErrorSerializer
from catalog_core.entities.listing import get_entity
from catalog_core.entities.view import catalog_view

ENTITY_NAME = OpenApiParameter(
    "name", OpenApiTypes.STR, OpenApiParameter.PATH, description="The name; it may hold slashes."
)
ENTITY_SOURCE = OpenApiParameter("source", OpenApiTypes.STR, description="The source, where several have that name.")


class SourcesView(ManagementView):
    """All sources of a catalog."""

    readers_may_read = True
    operations = {
        "get": Operation(
            id="list{kind}Sources",
            summary="List the sources of the catalog",
            responses={200: SourceListSerializer},
        )
    }

    def get(self, request: Request) -> Response:
        """Return the sources in the order of the configuration; operators see what they are read from as well."""
        return answer(source_list(self.plugin, is_operator=self.is_operator))


class DiagnosticsView(ManagementView):
    """How the sources of a catalog are doing."""

    readers_may_read = True
    operations = {
        "get": Operation(
            id="get{kind}Diagnostics",
            summary="Tell how the sources of the catalog are doing",
            responses={200: DiagnosticsSerializer},
        )
    }

    def get(self, request: Request) -> Response:
        """Return state, counts and errors of each source; operators see every item that was set aside."""
        return answer(diagnostics(self.plugin, is_operator=self.is_operator))


class EntityByNameView(ManagementView):
    """One entity, whatever its native path."""

    readers_may_read = True
    operations = {
        "get": Operation(
            id="get{kind}ByName",
            summary="Get one entity by name alone",
            parameters=(ENTITY_NAME, ENTITY_SOURCE),
            responses={200: OpenApiTypes.OBJECT, 404: ErrorSerializer},
        )
    }

    def get(self, request: Request, name: str) -> HttpResponse:
        """Return the entity of that name, in the catalog's own shape."""
        source = request.query_params.get("source", "")
        document = get_entity(self.plugin, catalog_view(self.plugin.name), name, source=source)
        return HttpResponse(document, content_type=JSON)
