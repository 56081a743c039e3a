"""The Django app of the guardrails plugin."""

from django.apps import AppConfig


class GuardrailsConfig(AppConfig):
    """Registers the guardrails plugin."""

    name = "catalog_plugins.guardrails"
    verbose_name = "Guardrails"

    def ready(self) -> None:
        """Register the plugin."""
        from catalog_core.plugin import registry
        from catalog_plugins.guardrails.plugin import GuardrailsPlugin

        registry.register(GuardrailsPlugin())
