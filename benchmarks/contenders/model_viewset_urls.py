"""Routes and views of the plain ModelViewSet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from rest_framework.pagination import PageNumberPagination
from rest_framework.routers import SimpleRouter
from rest_framework.serializers import ModelSerializer
from rest_framework.viewsets import ModelViewSet

from catalog_plugins.mcp.models import McpServer


class Pages(PageNumberPagination):
    """Pages by number, as large as the client says."""

    page_size_query_param = "page_size"
    max_page_size = 1000


class ServerSerializer(ModelSerializer):
    """What the catalog shows of an entity."""

    class Meta:
        """All the fields of the kind."""

        model = McpServer
        fields = (
            "id",
            "name",
            "external_id",
            "description",
            "custom_properties",
            "server_url",
            "transport_type",
            "tool_count",
            "resource_count",
            "prompt_count",
            "deployment_mode",
            "image",
            "endpoint",
            "supported_transports",
            "license",
            "provider",
            "logo",
            "category",
            "verified",
            "certified",
            "created_at",
            "updated_at",
        )


class ServerViewSet(ModelViewSet):
    """List and look-up, filtered by provider."""

    serializer_class = ServerSerializer
    pagination_class = Pages
    lookup_field = "name"

    def get_queryset(self) -> Any:
        """Return the entities, those of one provider if the client names one."""
        rows = McpServer.objects.order_by("name")
        asked = self.request.query_params
        if "provider" in asked:
            rows = rows.filter(provider=asked["provider"], tool_count__lt=int(asked["tools"]))
        return rows


def ready(request: HttpRequest) -> HttpResponse:
    """Say that the server answers."""
    return HttpResponse("ready")


router = SimpleRouter(trailing_slash=False)
router.register("servers", ServerViewSet, basename="server")
urlpatterns = [path("", ready), *router.urls]
