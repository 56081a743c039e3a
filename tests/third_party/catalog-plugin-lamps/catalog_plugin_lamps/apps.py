"""The Django app of the plugin."""

from django.apps import AppConfig


class LampsConfig(AppConfig):
    """Registers the plugin."""

    name = "catalog_plugin_lamps"
    label = "lamps"
    verbose_name = "Lamps"

    def ready(self) -> None:
        """Register the plugin; nothing else is done while the server starts."""
        from catalog_core.plugin import registry

        from .plugin import LampsPlugin

        registry.register(LampsPlugin())
