from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ViewSet

from catalog_core.plugin import Plugin


class Things(ViewSet):
    def list(self, request):
        return Response({"items": []})


class BreaksInInit(Plugin):
    name = "breaks_in_init"
    description = "Cannot be initialised until somebody has put a file in its place."

    def init(self, context) -> None:
        if not (context.data_dir / "mended").exists():
            raise RuntimeError("the file that this plugin needs is missing")

    def register_routes(self, router: BaseRouter) -> None:
        router.register("things", Things, basename="breaks_in_init")
