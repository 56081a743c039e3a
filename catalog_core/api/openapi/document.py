"""The finished documents: parts put together, with what stands around them."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from django.urls import get_resolver
from drf_spectacular.drainage import reset_generator_stats
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.settings import spectacular_settings

from catalog_core.api.openapi.names import references, with_unique_names
from catalog_core.api.openapi.parts import Part, Route, parts_of, remembered_description
from catalog_core.api.openapi.shared import HEADERS, PARAMETERS, SCHEMAS, shared_responses
from catalog_core.exceptions import NotFound, PluginUnavailable
from catalog_core.plugins.contract import Plugin
from catalog_core.plugins.registry import PluginRegistry, registry

API_VERSION = "v1alpha1"
"""The version of the API of the server; each catalog has its own, part of its paths."""

DESCRIPTION = """\
Catalogs of AI assets. Each plugin of the server is one catalog; `/api/plugins` says which and what they can do.

- Lists are read page by page: send `nextPageToken` of one page as `pageToken` of the next.
- Every path that answers `GET` answers `HEAD`. Answers with an `ETag` can be asked for with `If-None-Match`.
- Every error is JSON with `error`, `code`, `message` and `requestId`; another method than those of a path is answered
  with 405 and `Allow`.
- A request may bring its id as `X-Request-ID`, of at most 128 letters, digits and `._:/+=-`; the answer has it, too.
- Answers have the fields that are described here and may have more in later versions.
"""
SERVERS = [{"url": "/", "description": "The server that this document comes from."}]
TAGS = {
    "assets": "All catalogs at once, in an envelope that all kinds have in common.",
    "configuration": "What the server was told to serve: versions, checks, rollback.",
    "discovery": "Which catalogs there are, how they are, and what can be done with them.",
    "health": "Whether the server is alive, and whether it can do its work.",
    "jobs": "Refreshes that were asked for, and what came of them.",
}


class CatalogSchemaGenerator(SchemaGenerator):
    """Makes the document of the whole server, for ``manage.py spectacular`` and whatever else asks drf-spectacular."""

    def get_schema(self, request: Any = None, public: bool = False) -> dict[str, Any]:
        """Return the document of the whole server, made anew; who asks for it makes no difference."""
        reset_generator_stats()
        return document_of(get_resolver(self.urlconf).url_patterns, registry)


def server_document() -> dict[str, Any]:
    """Return the document of the whole server; made once for each set of plugins."""
    return _server_document(registry.revision)


@lru_cache(maxsize=1)
def _server_document(revision: int) -> dict[str, Any]:
    return _whole(_parts(revision), registry)


def plugin_document(name: str) -> dict[str, Any]:
    """Return the document of one plugin's own routes.

    Raises:
        NotFound: there is no plugin of that name.
        PluginUnavailable: its routes cannot be described.
    """
    plugin = registry.get(name)
    if plugin is None:
        raise NotFound(f'plugin "{name}" not found; /api/plugins lists what there is.')
    part = next((part for part in _parts(registry.revision) if part.owner == name), None)
    if part is None:
        raise PluginUnavailable(f"the routes of plugin {name} cannot be described; the server log says why.")
    info = {"title": name, "version": plugin.version, "description": plugin.description}
    return _document([part], info, [_tag(plugin)])


def document_of(routes: Iterable[Route], plugins: PluginRegistry) -> dict[str, Any]:
    """Return the document of a server with these routes and plugins."""
    return _whole(parts_of(routes), plugins)


@lru_cache(maxsize=1)
def _parts(revision: int) -> tuple[Part, ...]:
    """Return the parts. Of these only the ones are made whose routes are new."""
    return tuple(parts_of(get_resolver().url_patterns, describe=remembered_description))


def _whole(parts: Iterable[Part], plugins: PluginRegistry) -> dict[str, Any]:
    parts = with_unique_names(parts)
    described = {part.owner for part in parts}
    tags = [{"name": name, "description": text} for name, text in TAGS.items()]
    tags += [_tag(plugin) for plugin in plugins if plugin.name in described]
    info = {
        "title": spectacular_settings.TITLE,
        "version": API_VERSION,
        "description": DESCRIPTION,
        "license": spectacular_settings.LICENSE,
    }
    return _document(parts, info, tags)


def _document(parts: Iterable[Part], info: Mapping[str, Any], tags: list[dict[str, str]]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    components: dict[str, dict[str, Any]] = {
        "headers": dict(HEADERS),
        "parameters": dict(PARAMETERS),
        "responses": shared_responses(),
        "schemas": dict(SCHEMAS),
    }
    security: dict[str, Any] = {}
    for part in parts:
        paths |= part.paths
        components["schemas"] |= part.schemas
        security |= part.security_schemes
    used = {tag for item in paths.values() for operation in item.values() for tag in operation.get("tags", ())}
    return {
        "openapi": spectacular_settings.OAS_VERSION,
        "info": dict(info),
        "servers": SERVERS,
        "tags": [tag for tag in tags if tag["name"] in used],
        "paths": dict(sorted(paths.items())),
        "components": _used(paths, components) | ({"securitySchemes": security} if security else {}),
    }


def _tag(plugin: Plugin) -> dict[str, str]:
    return {"name": plugin.name, "description": plugin.description}


def _used(paths: Mapping[str, Any], components: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the components that the paths refer to, directly or through others."""
    used: dict[str, dict[str, Any]] = {kind: {} for kind in sorted(components)}
    waiting = set(references(paths))
    while waiting:
        kind, name = waiting.pop().removeprefix("#/components/").split("/", 1)
        if name not in used[kind]:
            used[kind][name] = components[kind][name]
            waiting |= set(references(components[kind][name]))
    return {kind: dict(sorted(found.items())) for kind, found in used.items() if found}
