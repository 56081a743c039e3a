from django.apps import AppConfig


class Config(AppConfig):
    name = "breaks_in_models"

    def ready(self) -> None:
        from breaks_in_models.plugin import BreaksInModels
        from catalog_core.plugin import registry

        registry.register(BreaksInModels())
