"""The Django app of the knowledge plugin."""

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    """Registers the knowledge plugin."""

    name = "catalog_plugins.knowledge"
    verbose_name = "Knowledge sources"

    def ready(self) -> None:
        """Register the plugin."""
        from catalog_core.plugin import registry
        from catalog_plugins.knowledge.plugin import KnowledgePlugin

        registry.register(KnowledgePlugin())
