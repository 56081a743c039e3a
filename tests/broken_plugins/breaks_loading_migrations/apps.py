from django.apps import AppConfig


class Config(AppConfig):
    name = "breaks_loading_migrations"

    def ready(self) -> None:
        from breaks_loading_migrations.plugin import BreaksLoadingMigrations
        from catalog_core.plugin import registry

        registry.register(BreaksLoadingMigrations())
