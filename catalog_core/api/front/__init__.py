"""A cache of finished answers in front of Django, for anonymous readers. It can be at most half a second behind."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from catalog_core.api.front.app import FrontCache, WsgiApp
from catalog_core.conf import catalog_settings
from catalog_core.plugins.contract import base_path

if TYPE_CHECKING:
    from catalog_core.plugins.registry import PluginRegistry

__all__ = ["FrontCache", "front_cache"]


def front_cache(app: WsgiApp) -> FrontCache | None:
    """Return the cache in front of ``app``; nothing where it is switched off, or where reading needs an identity."""
    from catalog_core.plugins.registry import registry  # filled only once Django is set up

    settings = catalog_settings()
    if settings.answer_cache_bytes <= 0 or settings.reading_requires_login:
        return None
    return FrontCache(app, CatalogPaths(registry), max_bytes=settings.answer_cache_bytes)


class CatalogPaths:
    """For each catalog of a registry its base path and its name, as of now."""

    def __init__(self, plugins: "PluginRegistry") -> None:
        self._plugins = plugins
        self._made: tuple[int, list[tuple[str, str]]] = (-1, [])

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Give base paths and names; asked at each request, so they are made anew only when plugins change."""
        revision = self._plugins.revision
        if self._made[0] != revision:
            self._made = (revision, [(base_path(plugin), plugin.name) for plugin in self._plugins])
        return iter(self._made[1])
