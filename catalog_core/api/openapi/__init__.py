"""OpenAPI: one document for the whole server and one for each plugin, made from the routes by drf-spectacular.

Every plugin is described by itself, and then all are put together: a plugin that cannot be described, or whose names
clash with those of another, spoils nobody else's description.
"""

from catalog_core.api.openapi.document import plugin_document, server_document
from catalog_core.api.openapi.parts import check_routes

__all__ = ["check_routes", "plugin_document", "server_document"]
