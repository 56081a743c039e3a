from django.apps import AppConfig


class Config(AppConfig):
    name = "breaks_its_schema"

    def ready(self) -> None:
        from breaks_its_schema.plugin import BreaksItsSchema
        from catalog_core.plugin import registry

        registry.register(BreaksItsSchema())
