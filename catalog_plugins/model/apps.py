"""The Django app of the model plugin."""

from django.apps import AppConfig


class ModelConfig(AppConfig):
    """Registers the model plugin."""

    name = "catalog_plugins.model"
    verbose_name = "Models"

    def ready(self) -> None:
        """Register the plugin."""
        from catalog_core.plugin import registry
        from catalog_plugins.model.plugin import ModelPlugin

        registry.register(ModelPlugin())
