"""OpenAPI: one document for the whole server and one for each plugin, made by drf-spectacular.

The routes of a process never change, so each document is made once, and kept with its entity tag.
"""

import logging
from contextvars import ContextVar
from functools import cache
from typing import Any

import yaml
from django.http import HttpResponse
from django.urls import include, path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes, extend_schema
from rest_framework.request import Request
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from catalog_core import server_version
from catalog_core.api.conditional import JSON, entity_tag, json_answer, not_modified
from catalog_core.entities.documents import json_text
from catalog_core.exceptions import NotFound
from catalog_core.plugins.contract import Plugin, base_path
from catalog_core.plugins.registry import registry

logger = logging.getLogger(__name__)

OPENAPI_YAML = "application/yaml"


_checking: ContextVar[bool] = ContextVar("checking", default=False)


class CatalogSchema(AutoSchema):
    """Describes one operation. A plugin whose operation cannot be described loses that operation, nobody else does."""

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Any:
        """Return the description of an operation, or nothing if it cannot be made."""
        try:
            return super().get_operation(path, path_regex, path_prefix, method, registry)
        except Exception:
            if _checking.get():
                raise
            logger.exception("openapi: %s %s cannot be described", method, path)
            return None


def check_routes(plugin: Plugin) -> None:
    """Build the routes of a plugin and describe them, as a worker does before the plugin serves.

    Raises:
        Exception: whatever the plugin's code raises.
    """
    router = SimpleRouter(trailing_slash=False, use_regex_path=False)
    plugin.register_routes(router)
    token = _checking.set(True)
    try:
        SchemaGenerator(patterns=[path(f"{base_path(plugin)[1:]}/", include(router.urls))]).get_schema(public=True)
    finally:
        _checking.reset(token)


class SchemaView(APIView):
    """The document of the whole server."""

    @extend_schema(
        operation_id="getSchema",
        tags=["discovery"],
        summary="Describe the whole API",
        parameters=[OpenApiParameter("format", OpenApiTypes.STR, enum=["json", "yaml"], description="`json` if absent.")],
        responses={(200, JSON): OpenApiTypes.OBJECT, (200, OPENAPI_YAML): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> HttpResponse:
        """Return the OpenAPI document of the whole server."""
        return _answer(request, "")


class PluginSchemaView(APIView):
    """The document of one plugin. ``plugin_name`` is set by the route."""

    plugin_name = ""

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:
        """Return the OpenAPI document of one plugin's own routes."""
        return _answer(request, self.plugin_name)


@cache
def schema_document(plugin_name: str = "") -> dict[str, Any]:
    """Return the OpenAPI document of a plugin, or of the whole server.

    Raises:
        NotFound: there is no plugin of that name.
    """
    whole = SchemaGenerator().get_schema(request=None, public=True)
    whole["info"]["version"] = server_version()
    if not plugin_name:
        return whole
    plugin = registry.get(plugin_name)
    if plugin is None:
        raise NotFound(f'plugin "{plugin_name}" not found.')
    prefix = f"{base_path(plugin)}/"
    paths = {path: item for path, item in whole["paths"].items() if path.startswith(prefix)}
    components = _used_components(paths, whole.get("components", {}))
    info = {**whole["info"], "title": plugin.name, "description": plugin.description}
    return {**whole, "info": info, "paths": paths, "components": components}


def _used_components(paths: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """Return the components that the paths refer to, directly or through others."""
    schemas = components.get("schemas", {})
    used: dict[str, Any] = {}
    waiting = _references(paths)
    while waiting:
        name = waiting.pop()
        if name not in used and name in schemas:
            used[name] = schemas[name]
            waiting |= _references(schemas[name])
    return {**components, "schemas": dict(sorted(used.items()))}


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"].rpartition("/")[2]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(_references(inner) for inner in value.values()))
    return set().union(*(_references(inner) for inner in value)) if isinstance(value, list) else set()


@cache
def _rendered(plugin_name: str, format_: str) -> tuple[str, str]:
    document = schema_document(plugin_name)
    if format_ == "yaml":
        content = yaml.safe_dump(document, sort_keys=False, allow_unicode=True)
    else:
        content = json_text(document)
    return content, entity_tag(content)


def _answer(request: Request, plugin_name: str) -> HttpResponse:
    wanted = request.query_params.get("format", "")
    as_yaml = wanted == "yaml" or (not wanted and "yaml" in request.headers.get("Accept", ""))
    content, etag = _rendered(plugin_name, "yaml" if as_yaml else "json")
    answer = not_modified(request._request, etag) or json_answer(content, etag)
    if as_yaml and answer.status_code == 200:
        answer["Content-Type"] = OPENAPI_YAML
    return answer
