"""The Django app of the prompts plugin."""

from django.apps import AppConfig


class PromptsConfig(AppConfig):
    """Registers the prompts plugin."""

    name = "catalog_plugins.prompts"
    verbose_name = "Prompt templates"

    def ready(self) -> None:
        """Register the plugin."""
        from catalog_core.plugin import registry
        from catalog_plugins.prompts.plugin import PromptsPlugin

        registry.register(PromptsPlugin())
