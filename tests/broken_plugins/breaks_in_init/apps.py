from django.apps import AppConfig


class Config(AppConfig):
    name = "breaks_in_init"

    def ready(self) -> None:
        from breaks_in_init.plugin import BreaksInInit
        from catalog_core.plugin import registry

        registry.register(BreaksInInit())
