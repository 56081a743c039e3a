from django.apps import AppConfig


class Config(AppConfig):
    name = "breaks_its_routes"

    def ready(self) -> None:
        from breaks_its_routes.plugin import BreaksItsRoutes
        from catalog_core.plugin import registry

        registry.register(BreaksItsRoutes())
