from django.apps import AppConfig


class Config(AppConfig):
    name = "breaks_its_admin"

    def ready(self) -> None:
        from breaks_its_admin.plugin import BreaksItsAdmin
        from catalog_core.plugin import registry

        registry.register(BreaksItsAdmin())
