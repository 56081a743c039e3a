"""Checking a source, and finding out what it would change, without changing anything."""

from collections.abc import Mapping
from typing import Any

from rest_framework.exceptions import ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from catalog_core.administration.plan import plan_source
from catalog_core.administration.source_info import find_source
from catalog_core.administration.validation import require_valid, validate
from catalog_core.administration.wish import Wish, entry_of
from catalog_core.api.management.base import CONNECT, SOURCE_ID, ManagementView, Operation, answer
from catalog_core.api.management.bodies import body_of, wants
from catalog_core.api.management.serializers import (
    DetailedValidationResultSerializer,
    RejectedSourceSerializer,
    SourceConfigInputSerializer,
    SourcePlanSerializer,
    ValidationResultSerializer,
)
from catalog_core.api.serializers import ErrorSerializer
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.exceptions import SourceError
from catalog_core.sources.models import Source

PLANNED = {
    200: SourcePlanSerializer,
    400: ErrorSerializer,
    422: RejectedSourceSerializer,
    502: ErrorSerializer,
}


class ValidateSourceView(ManagementView):
    """Checks of a source that need not exist."""

    operations = {
        "post": Operation(
            id="validate{kind}Source",
            summary="Check a source",
            request=SourceConfigInputSerializer,
            parameters=(CONNECT,),
            responses={200: ValidationResultSerializer, 400: ErrorSerializer, 422: RejectedSourceSerializer},
        )
    }

    def post(self, request: Request) -> Response:
        """Return whether the source may be applied, and why not. Nothing is stored."""
        wish = wish_of(self.plugin, body_of(request))
        report = validate(wish)
        return answer(report.as_short_dict() | _connection(request, wish, report.valid))


class ValidateNamedSourceView(ManagementView):
    """Checks of a source under its own path."""

    operations = {
        "post": Operation(
            id="validate{kind}SourceInDetail",
            summary="Check a source, layer by layer",
            request=SourceConfigInputSerializer,
            parameters=(SOURCE_ID, CONNECT),
            responses={
                200: DetailedValidationResultSerializer,
                400: ErrorSerializer,
                404: ErrorSerializer,
                422: RejectedSourceSerializer,
            },
        )
    }

    def post(self, request: Request, source_id: str) -> Response:
        """Return what each layer finds; without a body, about the source as it is configured. Nothing is stored."""
        wish = named_wish(self.plugin, source_id, body_of(request))
        report = validate(wish)
        return answer(report.as_dict() | _connection(request, wish, report.valid))


class PlanSourceView(ManagementView):
    """The plan of a source that need not exist."""

    operations = {
        "post": Operation(
            id="plan{kind}Source",
            summary="Tell what applying a source would change",
            request=SourceConfigInputSerializer,
            responses=PLANNED,
        )
    }

    def post(self, request: Request) -> Response:
        """Return which entities would be added, changed, removed and set aside. Nothing is stored."""
        return _planned(wish_of(self.plugin, body_of(request)))


class PlanNamedSourceView(ManagementView):
    """The plan of a source under its own path."""

    operations = {
        "post": Operation(
            id="planNamed{kind}Source",
            summary="Tell what a refresh of a source, or applying another version of it, would change",
            request=SourceConfigInputSerializer,
            parameters=(SOURCE_ID,),
            responses={**PLANNED, 404: ErrorSerializer},
        )
    }

    def post(self, request: Request, source_id: str) -> Response:
        """Return what would change; without a body, if the source were refreshed as it is configured."""
        return _planned(named_wish(self.plugin, source_id, body_of(request)))


def wish_of(plugin: CatalogPlugin, body: Mapping[str, Any]) -> Wish:
    """Return what a body wishes; the source of its id, if there is one, gives what the body leaves to it.

    Raises:
        InvalidDocument: a secret is to be kept where none is stored.
    """
    key = body.get("id")
    stored = Source.objects.configured().filter(plugin=plugin.name, key=key).first() if isinstance(key, str) else None
    return Wish.of(plugin, body, stored)


def named_wish(plugin: CatalogPlugin, source_id: str, body: Mapping[str, Any]) -> Wish:
    """Return what a body wishes for the source that the path names; the source itself if the body says nothing.

    Raises:
        NotFound: there is no such source.
        ParseError: the body is about another one.
        InvalidDocument: a secret is to be kept where none is stored.
    """
    stored = find_source(plugin, source_id)
    same_id(source_id, body)
    said = {key: value for key, value in body.items() if key != "connect"}
    return Wish.of(plugin, {"id": source_id, **said} if said.keys() - {"id"} else entry_of(stored), stored)


def same_id(source_id: str, body: Mapping[str, Any]) -> None:
    """Check that a body is about the source that the path names.

    Raises:
        ParseError: it names another.
    """
    if body.get("id") not in (None, source_id):
        raise ParseError(f'The path names the source "{source_id[:200]}", the body another; the two have to agree.')


def _planned(wish: Wish) -> Response:
    require_valid(wish)
    return answer(plan_source(wish.plugin, wish.entry(), wish.stored).as_dict())


def _connection(request: Request, wish: Wish, is_valid: bool) -> dict[str, Any]:
    """Return what a connection test finds, if one is wanted and makes sense."""
    if not is_valid or not wants(request, "connect"):
        return {}
    try:
        return {"connection": plan_source(wish.plugin, wish.entry(), wish.stored).connection()}
    except SourceError as error:
        return {"connection": {"ok": False, "error": str(error), "errorCode": error.code}}
