"""What of an entity its plugin wants searched and counted. Pure."""

from collections.abc import Mapping, Sequence
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
    found: dict[str, list[str]] = {}
    for name, path in _facet_paths(plugin):
        texts = [text for text in _texts(document, path) if len(text) <= MAX_FACET_CHARACTERS]
        if texts:
            found[name] = list(dict.fromkeys(texts))
    return found


def texts_of(plugin: "CatalogPlugin", document: Mapping[str, Any]) -> list[str]:
    """Return the texts of an entity that a search looks into, besides those that assets of all kinds have."""
    return [text for _, path in _text_paths(plugin) for text in _texts(document, path)]


@lru_cache(maxsize=512)
def _facet_paths(plugin: "CatalogPlugin") -> Sequence[tuple[str, tuple[str, ...]]]:
    return _paths(plugin, declared_facets(plugin))


@lru_cache(maxsize=512)
def _text_paths(plugin: "CatalogPlugin") -> Sequence[tuple[str, tuple[str, ...]]]:
    return _paths(plugin, plugin.searchable_fields())


def _paths(plugin: "CatalogPlugin", names: tuple[str, ...]) -> Sequence[tuple[str, tuple[str, ...]]]:
    """Return where in an entity's document each name leads: that of a field, or one that a declaration gives a path."""
    declared: tuple[Column | Filter, ...] = (*plugin.columns, *plugin.filters)
    paths = {one.name: one.path for one in declared if one.path}
    return [(name, tuple(paths.get(name, name).split("."))) for name in names if name != "name"]


def _texts(value: Any, path: tuple[str, ...]) -> Sequence[str]:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, int | float):
        return (str(value),)
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else ()
