"""The parts that the document is made of, found by their routes: that of the server itself, and that of each plugin."""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.plumbing import normalize_result_object, sanitize_result_object
from rest_framework.routers import SimpleRouter

from catalog_core.api.openapi.operations import PartComponents
from catalog_core.plugins.contract import Plugin, base_path

logger = logging.getLogger(__name__)

Route = URLPattern | URLResolver


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The description of some routes.

    Attributes:
        owner: the plugin that they belong to; empty for those of the server itself.
        paths: the ``paths`` object (OpenAPI 3.0).
        schemas: the ``schemas`` among its components.
        security_schemes: the ``securitySchemes`` among its components.
    """

    owner: str
    paths: dict[str, Any]
    schemas: dict[str, Any]
    security_schemes: dict[str, Any]


Describe = Callable[[str, tuple[tuple[Route, str], ...]], Part]


def describe(owner: str, routes: tuple[tuple[Route, str], ...]) -> Part:
    """Return the part of some routes, each with the path before it."""
    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
    generator.registry = PartComponents(owner)
    generator.inspector = EndpointEnumerator(patterns=[route for route, _ in routes])
    generator.endpoints = [
        endpoint for route, prefix in routes for endpoint in generator.inspector.get_api_endpoints([route], prefix)
    ]
    paths = generator.parse(None, public=True)
    components = generator.registry.build({})
    document = normalize_result_object({"paths": paths, "components": components})  # type: ignore[no-untyped-call]
    described = sanitize_result_object(document)  # type: ignore[no-untyped-call]
    return Part(
        owner=owner,
        paths=described["paths"],
        schemas=described["components"].get("schemas", {}),
        security_schemes=described["components"].get("securitySchemes", {}),
    )


remembered_description: Describe = lru_cache(maxsize=256)(describe)
"""The same, made once for the same routes."""


def parts_of(routes: Iterable[Route], describe: Describe = describe) -> list[Part]:
    """Return the part of the server and those of its plugins; one that cannot be described is left out and logged."""
    owned: dict[str, list[tuple[Route, str]]] = {}
    for owner, route, prefix in _owned_routes(routes):
        owned.setdefault(owner, []).append((route, prefix))
    parts = [describe("", tuple(owned.pop("", [])))]
    for owner, found in owned.items():
        try:
            parts.append(describe(owner, tuple(found)))
        except Exception:
            logger.exception("openapi: plugin %s cannot be described", owner)
    return parts


def check_routes(plugin: Plugin) -> None:
    """Build the routes of a plugin and describe them, as a worker does before the plugin serves.

    Raises:
        Exception: whatever the plugin's code raises.
    """
    router = SimpleRouter(trailing_slash=False, use_regex_path=False)
    plugin.register_routes(router)
    describe(plugin.name, ((path(f"{base_path(plugin)[1:]}/", include(router.urls)), "/"),))


def _owned_routes(routes: Iterable[Route], prefix: str = "/") -> Iterator[tuple[str, Route, str]]:
    """Yield each route with its owner and the path before it; the routes of a plugin stay together."""
    for route in routes:
        kind, _, owner = str(getattr(route, "namespace", None) or "").partition(":")
        if isinstance(route, URLPattern) or kind == "plugin":
            yield owner, route, prefix
        else:
            yield from _owned_routes(route.url_patterns, prefix + str(route.pattern))
