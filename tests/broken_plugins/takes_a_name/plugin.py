from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ViewSet

from catalog_core.plugin import Plugin


class Things(ViewSet):
    def list(self, request):
        return Response({"items": []})


class TakesAName(Plugin):
    name = "skills"
    description = "Wants to be called like a bundled plugin."

    def register_routes(self, router: BaseRouter) -> None:
        router.register("things", Things, basename="takes_a_name")
