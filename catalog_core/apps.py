"""The core as a Django app."""

from django.apps import AppConfig


class CatalogCoreConfig(AppConfig):
    """Registers the system checks, and how the API document describes who may call."""

    name = "catalog_core"
    verbose_name = "Catalog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register both; importing them does it."""
        from catalog_core import checks  # noqa: F401
        from catalog_core.security.identity import openapi  # noqa: F401
