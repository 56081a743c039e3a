"""``/healthz``, ``/livez`` and ``/readyz``."""

import time

from django.http import HttpResponse, JsonResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from catalog_core.api.serializers import ErrorSerializer, LivenessSerializer, ReadinessSerializer
from catalog_core.exceptions import InvalidQuery
from catalog_core.health import readiness
from catalog_core.plugins.registry import registry

_STARTED = time.monotonic()
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no")


class LivenessView(APIView):
    """Whether the process is alive. Asks nothing of anybody."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="getLiveness",
        tags=["health"],
        summary="Tell whether the process is alive",
        responses={200: LivenessSerializer},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return that the process is alive, and for how long."""
        return _answer({"status": "alive", "uptime": go_duration(time.monotonic() - _STARTED)}, 200)


class HealthView(LivenessView):
    """Liveness under the name that older clients know."""

    @extend_schema(
        operation_id="getHealth",
        tags=["health"],
        summary="Tell whether the process is alive, as `/livez` does",
        responses={200: LivenessSerializer},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return that the process is alive, and for how long."""
        return super().get(request)


class ReadinessView(APIView):
    """Whether the server can do its work."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="getReadiness",
        tags=["health"],
        summary="Tell whether the server can do its work",
        parameters=[
            OpenApiParameter("strict", OpenApiTypes.BOOL, description="Count a failed plugin as not ready."),
        ],
        responses={
            200: OpenApiResponse(ReadinessSerializer, "The server does its work."),
            400: ErrorSerializer,
            503: OpenApiResponse(ReadinessSerializer, "The server cannot do its work now; `components` says why."),
        },
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the state of the server, part by part; 503 while it cannot do its work."""
        ready, body = readiness(registry, strict=_flag(request, "strict"))
        return _answer(body, 200 if ready else 503)


def _flag(request: Request, name: str) -> bool:
    written = request.query_params.get(name, "").lower()
    if written not in ("", *_YES, *_NO):
        raise InvalidQuery(f"{written[:40]!r} is neither true nor false.", parameter=name)
    return written in _YES


def go_duration(seconds: float) -> str:
    """Return a duration to the second as clients of this API know it.

    >>> go_duration(0), go_duration(59.6), go_duration(155), go_duration(3605)
    ('0s', '1m0s', '2m35s', '1h0m5s')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h{minutes}m{rest}s"
    return f"{minutes}m{rest}s" if minutes else f"{rest}s"


def _answer(body: dict[str, object], status: int) -> HttpResponse:
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    # "Not ready" is an answer, not a failure: Django would log an error for every probe.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response
