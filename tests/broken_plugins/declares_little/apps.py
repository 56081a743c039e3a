from django.apps import AppConfig


class Config(AppConfig):
    name = "declares_little"

    def ready(self) -> None:
        from catalog_core.plugin import registry
        from declares_little.plugin import DeclaresLittle

        registry.register(DeclaresLittle())
