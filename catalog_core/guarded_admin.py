"""The Django admin, started so that a plugin with a broken ``admin.py`` cannot stop the server."""

from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.contrib.admin.apps import SimpleAdminConfig
from django.utils.module_loading import module_has_submodule

from catalog_core.plugins.discovery import failures, package_of, plugin_apps


class GuardedAdminConfig(SimpleAdminConfig):
    """Loads the ``admin`` module of every app, as Django does; one that breaks is the failure of its plugin."""

    default = False
    default_site = "catalog_core.admin.site.CatalogAdminSite"

    def ready(self) -> None:
        """Register the checks of the admin and load the pages of all apps."""
        super().ready()
        _load_pages()
        # Last, so that a plugin with pages of its own for its entities keeps them.
        from catalog_core.admin.entities import register_entities
        from catalog_core.plugins.registry import registry

        register_entities(registry)


def _load_pages() -> None:
    plugins = {package_of(app): name for app, name in plugin_apps(settings.CATALOG_PLUGIN_APPS).items()}
    for config in apps.get_app_configs():
        if config.module is None or not module_has_submodule(config.module, "admin"):
            continue
        try:
            import_module(f"{config.name}.admin")
        except Exception as error:
            if config.name not in plugins:
                raise
            failures.record(plugins[config.name], "admin", error)
