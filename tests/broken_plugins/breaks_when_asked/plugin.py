from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ViewSet

from catalog_core.plugin import Plugin


class Things(ViewSet):
    def list(self, request):
        return Response({"items": []})


class Secrets(ViewSet):
    def list(self, request):
        raise RuntimeError("password=hunter2")


class BreaksWhenAsked(Plugin):
    name = "breaks_when_asked"
    description = "Breaks while it answers, about itself and about its things."

    def healthy(self) -> bool:
        raise RuntimeError("who knows")

    def capabilities(self):
        raise RuntimeError("nobody can say what this plugin does")

    def status(self):
        raise RuntimeError("no status")

    def register_routes(self, router: BaseRouter) -> None:
        router.register("things", Things, basename="things")
        router.register("secrets", Secrets, basename="secrets")
