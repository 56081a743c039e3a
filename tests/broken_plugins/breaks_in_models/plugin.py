from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ViewSet

from catalog_core.plugin import Plugin


class Things(ViewSet):
    def list(self, request):
        return Response({"items": []})


class BreaksInModels(Plugin):
    name = "breaks_in_models"
    description = "Never seen."

    def register_routes(self, router: BaseRouter) -> None:
        router.register("things", Things, basename="breaks_in_models")
