from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.routers import BaseRouter
from rest_framework.viewsets import ViewSet

from catalog_core.plugin import Plugin


class Wrong(serializers.Serializer):
    def get_fields(self):
        raise RuntimeError("these fields are a mystery")


class Things(ViewSet):
    @extend_schema(responses=Wrong)
    def list(self, request):
        return Response({"items": []})


class BreaksItsSchema(Plugin):
    name = "breaks_its_schema"
    description = "Has a serializer that cannot be described."

    def register_routes(self, router: BaseRouter) -> None:
        router.register("things", Things, basename="breaks_its_schema")
