from django.apps import AppConfig


class Config(AppConfig):
    name = "hangs_in_init"

    def ready(self) -> None:
        from catalog_core.plugin import registry
        from hangs_in_init.plugin import HangsInInit

        registry.register(HangsInInit())
