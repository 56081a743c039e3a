"""The Django app of the agents plugin."""

from django.apps import AppConfig


class AgentsConfig(AppConfig):
    """Registers the agents plugin."""

    name = "catalog_plugins.agents"
    verbose_name = "Agents"

    def ready(self) -> None:
        """Register the plugin."""
        from catalog_core.plugin import registry
        from catalog_plugins.agents.plugin import AgentsPlugin

        registry.register(AgentsPlugin())
