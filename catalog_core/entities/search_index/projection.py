"""What of an entity its plugin wants searched and counted. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from catalog_core.entities.search_index.facets import COMMON_FACETS
from catalog_core.entities.search_index.models import MAX_FACET_CHARACTERS
from catalog_core.plugins.declarations import Column, Filter

if TYPE_CHECKING:
    from catalog_core.entities.catalog import CatalogPlugin


def declared_facets(plugin: "CatalogPlugin") -> tuple[str, ...]:
    """Return the facets that a plugin has besides those of all kinds."""
    declared = plugin.hints.facets if plugin.hints else ()
    return tuple(view.field for view in declared if view.field not in COMMON_FACETS)


def facets_of(plugin: "CatalogPlugin", document: Mapping[str, Any]) -> dict[str, list[str]]:
    """Return the values that an entity has for the facets of its plugin; absent where it has none."""
    found = {
        name: [text for text in _texts(document, path) if len(text) <= MAX_FACET_CHARACTERS]
        for name, path in _paths(plugin, declared_facets(plugin))
    }
    return {name: list(dict.fromkeys(values)) for name, values in found.items() if values}


def texts_of(plugin: "CatalogPlugin", document: Mapping[str, Any]) -> list[str]:
    """Return the texts of an entity that a search looks into, besides those that assets of all kinds have."""
    return [text for _, path in _paths(plugin, plugin.searchable_fields()) for text in _texts(document, path)]


@lru_cache(maxsize=512)
def _paths(plugin: "CatalogPlugin", names: tuple[str, ...]) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Return where in an entity's document each name leads: that of a field, or one that a declaration gives a path."""
    declared: tuple[Column | Filter, ...] = (*plugin.columns, *plugin.filters)
    paths = {one.name: one.path for one in declared if one.path}
    return [(name, tuple(paths.get(name, name).split("."))) for name in names if name != "name"]


def _texts(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, str | int | float):
        yield str(value)
    elif isinstance(value, list):
        yield from (part for part in value if isinstance(part, str))
