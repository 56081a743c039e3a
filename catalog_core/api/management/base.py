"""What the management views of all catalogs have in common: one set of views, bound to each plugin in turn."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from catalog_core.api.management.bodies import ObjectParser
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.plugins.contract import Plugin
from catalog_core.plugins.declarations import label_of
from catalog_core.security.permissions import IsOperator, MayRead, caller_of
from catalog_core.sources.models import MAX_REASON_CHARACTERS

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
_TEXT = OpenApiTypes.STR

SOURCE_ID = OpenApiParameter("source_id", _TEXT, OpenApiParameter.PATH, description="The id of the source.")
IF_MATCH = OpenApiParameter(
    "If-Match",
    _TEXT,
    OpenApiParameter.HEADER,
    description="The version of the configuration that the change is based on. If it is another by now: 409.",
)
REASON = OpenApiParameter(
    "reason", _TEXT, description=f"Why: kept with the revision. At most {MAX_REASON_CHARACTERS} characters."
)
FORCE = OpenApiParameter(
    "force", OpenApiTypes.BOOL, description="Read even if nothing has moved, and accept a sudden loss of entities."
)
CONNECT = OpenApiParameter("connect", OpenApiTypes.BOOL, description="Also read the source, and say what was found.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """How the OpenAPI document describes one operation.

    Attributes:
        id: its id, in which ``{kind}`` stands for the kind of the catalog.
        summary: one line.
        responses: by status; errors that any request may get are added.
        request: the serializer of the body; nothing if there is none.
        parameters: besides those in the path.
    """

    id: str
    summary: str
    responses: Mapping[int, Any]
    request: Any = None
    parameters: Sequence[OpenApiParameter] = field(default_factory=tuple)


class PrivateView(APIView):
    """A view of the administration: its answers are for the caller alone, and changes are for operators."""

    parser_classes = (ObjectParser,)
    readers_may_read: ClassVar[bool] = False
    """Whether everybody who may read the catalogs may GET this."""

    def get_permissions(self) -> list[BasePermission]:
        """Return who may do this."""
        is_reading = self.request.method in _SAFE_METHODS
        return [MayRead()] if is_reading and self.readers_may_read else [IsOperator()]

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Keep the answer out of all caches."""
        final = super().finalize_response(request, response, *args, **kwargs)
        final["Cache-Control"] = "no-store"
        return final


class ManagementView(PrivateView):
    """A view of the management API of one catalog. ``plugin`` is set by :func:`bound`."""

    plugin: ClassVar[CatalogPlugin]
    operations: ClassVar[Mapping[str, Operation]] = {}
    """By method in lower case."""

    @property
    def actor(self) -> str:
        """The name of the caller, for the record."""
        return caller_of(self.request).name

    @property
    def is_operator(self) -> bool:
        """Whether the caller is an operator."""
        return caller_of(self.request).is_operator


def bound(view: type[ManagementView], plugin: Plugin) -> Any:
    """Return the view function for one catalog, described for OpenAPI."""
    methods = [method for method in view.http_method_names if hasattr(view, method) and method != "options"]
    schemas = {
        method: _schema(view.operations[method], plugin) if method in view.operations else extend_schema(exclude=True)
        for method in methods
    }
    made: type[ManagementView] = type(f"{_kind(plugin)}{view.__name__}", (view,), {"plugin": plugin})
    return extend_schema_view(**schemas)(made).as_view()


def _kind(plugin: Plugin) -> str:
    """Return the kind of a catalog; for a plugin that declares none, a word made from its name."""
    return (
        plugin.kind if isinstance(plugin, CatalogPlugin) else label_of(plugin.name.replace("-", "_")).replace(" ", "")
    )


def _schema(operation: Operation, plugin: Plugin) -> Any:
    return extend_schema(
        operation_id=operation.id.format(kind=_kind(plugin)),
        summary=operation.summary,
        tags=[plugin.name],
        request=operation.request,
        parameters=list(operation.parameters),
        responses=dict(operation.responses),
    )


def answer(body: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return a JSON answer."""
    return Response(body, status=status, headers=dict(headers or {}))
