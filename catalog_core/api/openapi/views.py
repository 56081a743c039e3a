"""Where the documents are served."""

from functools import lru_cache
from typing import Any, ClassVar

import yaml
from django.http import HttpResponse
from django.utils.cache import patch_vary_headers
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.views import APIView

from catalog_core.api.conditional import JSON, entity_tag, json_answer, not_modified
from catalog_core.api.openapi.document import plugin_document, server_document
from catalog_core.api.openapi.shared import SCHEMAS, reference
from catalog_core.api.serializers import ErrorSerializer, OpenApiDocumentSerializer
from catalog_core.entities.documents import json_text
from catalog_core.exceptions import InvalidQuery
from catalog_core.plugins.contract import Plugin
from catalog_core.plugins.registry import registry
from catalog_core.problems import did_you_mean

OPENAPI_YAML = "application/yaml"
FORMATS = tuple(SCHEMAS["DocumentFormat"]["enum"])
_DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_DESCRIPTION: dict[str, Any] = {
    "parameters": [
        OpenApiParameter(
            "format",
            reference("schemas", "DocumentFormat"),
            description="The form of the document; where left out, YAML if `Accept` asks for it, else JSON.",
        )
    ],
    "responses": {
        (200, JSON): OpenApiDocumentSerializer,
        (200, OPENAPI_YAML): OpenApiDocumentSerializer,
        400: ErrorSerializer,
    },
}


class SchemaView(APIView):
    """The document of the whole server."""

    answers_conditionally = True

    @extend_schema(operation_id="getSchema", tags=["discovery"], summary="Describe the whole API", **_DESCRIPTION)
    def get(self, request: Request) -> HttpResponse:
        """Return the OpenAPI document of the whole server."""
        return _answer(request, "")


class PluginSchemaView(APIView):
    """The document of one plugin."""

    answers_conditionally = True
    plugin_name: ClassVar[str]

    def get(self, request: Request) -> HttpResponse:
        """Return the OpenAPI document of this catalog alone."""
        return _answer(request, self.plugin_name)


def plugin_schema_view(plugin: Plugin) -> type[PluginSchemaView]:
    """Return the view that serves the document of one plugin."""
    schema = extend_schema(
        operation_id=f"get{plugin.name.replace('-', '_').title().replace('_', '')}Schema",
        tags=[plugin.name],
        summary="Describe the API of this catalog",
        **_DESCRIPTION,
    )
    made = type("PluginSchemaView", (PluginSchemaView,), {"plugin_name": plugin.name})
    return extend_schema_view(get=schema)(made)


@lru_cache(maxsize=64)
def _rendered(plugin_name: str, as_yaml: bool, revision: int) -> tuple[str, str]:
    """Return a document and its entity tag; made once for each set of plugins."""
    document = plugin_document(plugin_name) if plugin_name else server_document()
    content = (
        yaml.dump(document, Dumper=_DUMPER, sort_keys=False, allow_unicode=True) if as_yaml else json_text(document)
    )
    return content, entity_tag(content)


def _answer(request: Request, plugin_name: str) -> HttpResponse:
    wanted = request.query_params.get("format", "")
    if wanted and wanted not in FORMATS:
        raise InvalidQuery(
            f"{wanted[:40]!r} is no form of this document. {did_you_mean(wanted, FORMATS)}", parameter="format"
        )
    as_yaml = wanted == "yaml" or (not wanted and "yaml" in request.headers.get("Accept", ""))
    content, etag = _rendered(plugin_name, as_yaml, registry.revision)
    answer = not_modified(request._request, etag) or json_answer(content, etag)
    if as_yaml and answer.status_code == 200:
        answer["Content-Type"] = OPENAPI_YAML
    patch_vary_headers(answer, ("Accept",))
    return answer
