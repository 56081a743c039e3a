"""The core as a Django app."""

from django.apps import AppConfig


class CatalogCoreConfig(AppConfig):
    """Registers the system checks."""

    name = "catalog_core"
    verbose_name = "Catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the system checks."""
        from catalog_core import checks  # noqa: F401 - importing it registers them
