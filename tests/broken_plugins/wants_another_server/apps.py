from django.apps import AppConfig


class Config(AppConfig):
    name = "wants_another_server"

    def ready(self) -> None:
        from catalog_core.plugin import registry
        from wants_another_server.plugin import WantsAnotherServer

        registry.register(WantsAnotherServer())
