from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ViewSet

from catalog_core.plugin import Plugin


class Things(ViewSet):
    def list(self, request):
        return Response({"items": []})


class BreaksItsAdmin(Plugin):
    name = "breaks_its_admin"
    description = "Has no pages in the admin."

    def register_routes(self, router: BaseRouter) -> None:
        router.register("things", Things, basename="breaks_its_admin")
