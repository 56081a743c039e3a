import threading

from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ViewSet

from catalog_core.plugin import Plugin


class Things(ViewSet):
    def list(self, request):
        return Response({"items": []})


class HangsInInit(Plugin):
    name = "hangs_in_init"
    description = "Never comes back from init."

    def init(self, context) -> None:
        threading.Event().wait(600)

    def register_routes(self, router: BaseRouter) -> None:
        router.register("things", Things, basename="hangs_in_init")
