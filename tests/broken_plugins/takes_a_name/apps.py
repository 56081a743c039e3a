from django.apps import AppConfig


class Config(AppConfig):
    name = "takes_a_name"

    def ready(self) -> None:
        from catalog_core.plugin import registry
        from takes_a_name.plugin import TakesAName

        registry.register(TakesAName())
