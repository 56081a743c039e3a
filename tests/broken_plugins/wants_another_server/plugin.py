from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ViewSet

from catalog_core.plugin import Plugin


class Things(ViewSet):
    def list(self, request):
        return Response({"items": []})


class WantsAnotherServer(Plugin):
    name = "wants_another_server"
    description = "Was written for a server of the future."

    def register_routes(self, router: BaseRouter) -> None:
        router.register("things", Things, basename="wants_another_server")
