from django.apps import AppConfig


class Config(AppConfig):
    name = "breaks_in_ready"

    def ready(self) -> None:
        raise RuntimeError("this plugin is never ready")
