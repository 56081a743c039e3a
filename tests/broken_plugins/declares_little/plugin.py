from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ViewSet

from catalog_core.plugin import Plugin


class Things(ViewSet):
    def list(self, request):
        return Response({"items": []})


class DeclaresLittle(Plugin):
    name = "declares_little"
    description = "Says just enough to be found."

    def capabilities(self):
        return {
            "entityKinds": ["Policy"],
            "listEntities": True,
            "getEntity": False,
            "listSources": False,
            "artifacts": False,
        }

    def register_routes(self, router: BaseRouter) -> None:
        router.register("things", Things, basename="declares_little")
