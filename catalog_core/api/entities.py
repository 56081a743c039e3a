"""The list and the entities of a catalog: the same viewsets for all plugins."""

from typing import ClassVar

from django.http import HttpResponse
from django.urls import register_converter
from django.urls.converters import PathConverter
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ViewSet

from catalog_core.api.conditional import DirectlyReadable, Reading, entity_tag
from catalog_core.api.parameters import (
    LIST_PARAMETERS,
    Parameters,
    list_parameters,
    page_token,
    refuse_misspelt,
    several,
)
from catalog_core.api.serializers import ErrorSerializer, entity_serializer, page_serializer
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.listing import ListQuery, get_entity, list_entities
from catalog_core.entities.view import CatalogView, catalog_view

_TEXT = OpenApiTypes.STR
NAME_HELP = "The name, percent-encoded. It may hold slashes, which are understood as `/` and as `%2F`."


class LeadingPath(PathConverter):
    """Text that may hold slashes, and ends as early as what follows allows."""

    regex = ".+?"


register_converter(LeadingPath, "leading_path")


class _PluginViewSet(DirectlyReadable, ViewSet):
    """What reads from one catalog."""

    answers_conditionally = True
    plugin: ClassVar[CatalogPlugin]

    @classmethod
    def visible(cls) -> CatalogView:
        """Return how readers see the catalog now."""
        return catalog_view(cls.plugin.name)


class EntityListViewSet(_PluginViewSet):
    """The list of a kind."""

    def list(self, request: Request) -> HttpResponse:
        """Return one page of the entries that match."""
        return self.answer(request._request, request.query_params)

    @classmethod
    def reading(cls, visible: CatalogView, parameters: Parameters, **named: str) -> Reading:
        """Return the page that the parameters ask for."""
        query = list_query(parameters)
        return Reading(
            etag=entity_tag(cls.plugin.name, visible.generation, query),
            body=lambda: list_entities(cls.plugin, visible, query).json(cls.plugin),
        )


class EntityViewSet(_PluginViewSet):
    """The look-up by name."""

    lookup_field = "name"
    lookup_value_converter = "path"

    def retrieve(self, request: Request, **named: str) -> HttpResponse:
        """Return the entry of that name; where several sources have one, that of the first source, or of ``source``."""
        return self.answer(request._request, request.query_params, **named)

    @classmethod
    def reading(cls, visible: CatalogView, parameters: Parameters, **named: str) -> Reading:
        """Return the entry of the name that stands in the path."""
        source = named.get("source_id") or parameters.get("source", "")
        document = get_entity(cls.plugin, visible, named["name"], source=source)
        return Reading(etag=entity_tag(cls.plugin.name, document), body=lambda: document)


def register_entity_routes(plugin: CatalogPlugin, router: BaseRouter) -> None:
    """Register the list of a plugin's kind and the look-up by name.

    The serializers are made here, so that a plugin whose fields cannot be described fails at once.
    """
    entity_serializer(plugin)().get_fields()
    page_serializer(plugin)().get_fields()
    router.register(plugin.plural, _list_viewset(plugin), basename=f"{plugin.name}-list")
    prefix = f"sources/<leading_path:source_id>/{plugin.plural}" if plugin.addressed_by_source else plugin.plural
    router.register(prefix, _entity_viewset(plugin), basename=f"{plugin.name}-entity")


def _list_viewset(plugin: CatalogPlugin) -> type[EntityListViewSet]:
    schema = extend_schema(
        operation_id=f"list{plugin.plural.capitalize()}",
        summary=f"List {plugin.display_name or plugin.plural}",
        tags=[plugin.name],
        parameters=list_parameters(plugin),
        responses={200: page_serializer(plugin), 400: ErrorSerializer},
    )
    made = type(f"{plugin.kind}ListViewSet", (EntityListViewSet,), {"plugin": plugin})
    return extend_schema_view(list=schema)(made)


def _entity_viewset(plugin: CatalogPlugin) -> type[EntityViewSet]:
    parameters = [OpenApiParameter("name", _TEXT, OpenApiParameter.PATH, description=NAME_HELP)]
    if plugin.addressed_by_source:
        parameters.append(
            OpenApiParameter("source_id", _TEXT, OpenApiParameter.PATH, description="The id of the source.")
        )
    else:
        parameters.append(
            OpenApiParameter("source", _TEXT, description="The source, where several have an entry of that name.")
        )
    schema = extend_schema(
        operation_id=f"get{plugin.kind}",
        summary=f"Get one {plugin.kind_display_name or plugin.kind}",
        tags=[plugin.name],
        parameters=parameters,
        responses={200: entity_serializer(plugin), 404: ErrorSerializer},
    )
    made = type(f"{plugin.kind}ViewSet", (EntityViewSet,), {"plugin": plugin})
    return extend_schema_view(retrieve=schema)(made)


def list_query(parameters: Parameters) -> ListQuery:
    """Return the list parameters among those of a request.

    Raises:
        InvalidQuery: a parameter contradicts another, or its name is nearly that of one: it would be ignored, and the
            client would get everything.
    """
    refuse_misspelt(parameters, LIST_PARAMETERS)
    given = {name: values[-1] for name, values in parameters.lists() if values}
    return ListQuery(
        filter_query=given.get("filterQuery", ""),
        named_query=given.get("namedQuery", ""),
        q=given.get("q", ""),
        order_by=given.get("orderBy", ""),
        sort_order=given.get("sortOrder", ""),
        page_size=given.get("pageSize", ""),
        page_token=page_token(parameters),
        sources=several(parameters, "source"),
        source_labels=several(parameters, "sourceLabel"),
    )
