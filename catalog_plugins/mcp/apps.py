"""The Django app of the mcp plugin."""

from django.apps import AppConfig


class McpConfig(AppConfig):
    """Registers the mcp plugin."""

    name = "catalog_plugins.mcp"
    verbose_name = "MCP servers"

    def ready(self) -> None:
        """Register the plugin."""
        from catalog_core.plugin import registry
        from catalog_plugins.mcp.plugin import McpPlugin

        registry.register(McpPlugin())
