from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ViewSet

from catalog_core.plugin import Plugin


class Things(ViewSet):
    def list(self, request):
        return Response({"items": []})


class BreaksTheContract(Plugin):
    name = "Breaks The Contract"
    version = "one"
    description = "Declares what may not be declared."

    def register_routes(self, router: BaseRouter) -> None:
        router.register("things", Things, basename="breaks_the_contract")
