from django.apps import AppConfig


class Config(AppConfig):
    name = "breaks_when_asked"

    def ready(self) -> None:
        from breaks_when_asked.plugin import BreaksWhenAsked
        from catalog_core.plugin import registry

        registry.register(BreaksWhenAsked())
