from django.apps import AppConfig


class Config(AppConfig):
    name = "breaks_its_migration"

    def ready(self) -> None:
        from breaks_its_migration.plugin import BreaksItsMigration
        from catalog_core.plugin import registry

        registry.register(BreaksItsMigration())
