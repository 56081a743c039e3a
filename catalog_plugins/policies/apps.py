"""The Django app of the policies plugin."""

from django.apps import AppConfig


class PoliciesConfig(AppConfig):
    """Registers the policies plugin."""

    name = "catalog_plugins.policies"
    verbose_name = "Policies"

    def ready(self) -> None:
        """Register the plugin."""
        from catalog_core.plugin import registry
        from catalog_plugins.policies.plugin import PoliciesPlugin

        registry.register(PoliciesPlugin())
