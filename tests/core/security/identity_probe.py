"""Routes that say who calls: one for readers, one for operators."""

from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog_core.security.permissions import IsOperator, MayRead, caller_of


class Probe(APIView):
    def get_permissions(self):
        return [MayRead() if self.request.method in ("GET", "HEAD") else IsOperator()]

    def get(self, request: Request) -> Response:
        return Response(described(request))

    def post(self, request: Request) -> Response:
        return Response(described(request))


def described(request: Request | HttpRequest) -> dict[str, object]:
    caller = caller_of(request)
    return {
        "name": caller.name,
        "role": caller.role,
        "by": caller.identified_by,
        "groups": caller.groups,
        "https": request.is_secure(),
    }


def plain(request: HttpRequest) -> JsonResponse:
    """A view outside of the API, such as those of the Django admin."""
    return JsonResponse(described(request))


urlpatterns = [path("probe", Probe.as_view()), path("plain", plain), path("", include("catalog_project.urls"))]

handler403 = "catalog_core.api.errors.forbidden"
