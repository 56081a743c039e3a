"""A cache of finished answers in front of Django, for anonymous readers. It can be at most half a second behind."""

from catalog_core.api.front.app import FrontCache, WsgiApp
from catalog_core.conf import catalog_settings
from catalog_core.plugins.contract import base_path

__all__ = ["FrontCache", "front_cache"]


def front_cache(app: WsgiApp) -> FrontCache | None:
    """Return the cache in front of ``app``; nothing where it is switched off, or where reading needs an identity."""
    from catalog_core.plugins.registry import registry  # filled only once Django is set up

    settings = catalog_settings()
    if settings.answer_cache_bytes <= 0 or settings.reading_requires_login:
        return None
    catalogs = [(base_path(plugin), plugin.name) for plugin in registry]
    return FrontCache(app, catalogs, max_bytes=settings.answer_cache_bytes)
