from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ViewSet

from catalog_core.plugin import Plugin


class Things(ViewSet):
    def list(self, request):
        return Response({"items": []})


class BreaksItsRoutes(Plugin):
    name = "breaks_its_routes"
    description = "Cannot say where it serves."

    def register_routes(self, router: BaseRouter) -> None:
        raise RuntimeError("no routes today")
