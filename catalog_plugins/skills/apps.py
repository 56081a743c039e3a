"""The Django app of the skills plugin."""

from django.apps import AppConfig


class SkillsConfig(AppConfig):
    """Registers the skills plugin."""

    name = "catalog_plugins.skills"
    verbose_name = "Skills"

    def ready(self) -> None:
        """Register the plugin."""
        from catalog_core.plugin import registry
        from catalog_plugins.skills.plugin import SkillsPlugin

        registry.register(SkillsPlugin())
