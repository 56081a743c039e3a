from django.apps import AppConfig


class Config(AppConfig):
    name = "breaks_the_contract"

    def ready(self) -> None:
        from breaks_the_contract.plugin import BreaksTheContract
        from catalog_core.plugin import registry

        registry.register(BreaksTheContract())
