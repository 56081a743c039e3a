"""Actions: which there are, and having them carried out on one entity or one source."""

from django.http import HttpResponse
from rest_framework.request import Request
from rest_framework.response import Response

from catalog_core.administration.source_actions import QUEUED, act_on_source
from catalog_core.api.management.base import SOURCE_ID, ManagementView, Operation, answer
from catalog_core.api.management.bodies import body_of
from catalog_core.api.management.reading import ENTITY_NAME, ENTITY_SOURCE, EntityByNameView
from catalog_core.api.management.serializers import (
    ActionListSerializer,
    ActionRequestSerializer,
    ActionResultSerializer,
    InvalidActionSerializer,
)
from catalog_core.api.serializers import ErrorSerializer
from catalog_core.assets.actions import (
    ActionRequest,
    act_on_entity,
    answer_of,
    carry_out,
    find_action,
    target_by_name,
)
from catalog_core.entities.actions import ActionCall, Scope, actions_of

_SUFFIX = ":action"


class _ActionsView(ManagementView):
    """The actions of one scope."""

    readers_may_read = True
    scope: Scope

    def get(self, request: Request) -> Response:
        """Return the actions with the schemas of their parameters."""
        found = [one.as_dict() for one in actions_of(self.plugin, self.scope).values()]
        return answer({"actions": found, "count": len(found)})


class AssetActionsView(_ActionsView):
    """The actions on entities."""

    scope = "asset"
    operations = {
        "get": Operation(
            id="list{kind}Actions", summary="List the actions on entities", responses={200: ActionListSerializer}
        )
    }


class SourceActionsView(_ActionsView):
    """The actions on sources."""

    scope = "source"
    operations = {
        "get": Operation(
            id="list{kind}SourceActions", summary="List the actions on sources", responses={200: ActionListSerializer}
        )
    }


class EntityActionView(EntityByNameView):
    """Actions on one entity. An entity whose name ends like the path of an action can be read here all the same."""

    operations = {
        "get": Operation(
            id="get{kind}NamedLikeAnAction",
            summary="Get one entity whose name ends in :action",
            parameters=(ENTITY_NAME, ENTITY_SOURCE),
            responses=EntityByNameView.operations["get"].responses,
        ),
        "post": Operation(
            id="actOn{kind}",
            summary="Carry out an action on one entity",
            request=ActionRequestSerializer,
            parameters=(ENTITY_NAME, ENTITY_SOURCE),
            responses={
                200: ActionResultSerializer,
                400: InvalidActionSerializer,
                404: ErrorSerializer,
                409: ErrorSerializer,
            },
        ),
    }

    def get(self, request: Request, name: str) -> HttpResponse:
        """Return the entity whose name is the whole rest of the path."""
        return super().get(request, f"{name}{_SUFFIX}")

    def post(self, request: Request, name: str) -> Response:
        """Carry out an action, or tell with `dryRun` what it would do."""
        asked = ActionRequest.from_body(body_of(request))
        target = target_by_name(self.plugin, name, source=request.query_params.get("source", ""))
        return answer(act_on_entity(self.plugin, target, asked, actor=self.actor))


class OwnEntityActionView(ManagementView):
    """Actions on the entities of a plugin that keeps them itself."""

    operations = {"post": EntityActionView.operations["post"]}

    def post(self, request: Request, name: str) -> Response:
        """Have the plugin carry out an action, or tell with `dryRun` what it would do."""
        asked = ActionRequest.from_body(body_of(request))
        find_action(self.plugin, "asset", asked)
        call = ActionCall(
            target=name,
            source=request.query_params.get("source", ""),
            params=asked.params,
            dry_run=asked.dry_run,
            actor=self.actor,
        )
        return answer(answer_of(asked, carry_out(self.plugin, "asset", call, asked)))


class SourceActionView(ManagementView):
    """Actions on one source."""

    operations = {
        "post": Operation(
            id="actOn{kind}Source",
            summary="Carry out an action on one source",
            request=ActionRequestSerializer,
            parameters=(SOURCE_ID,),
            responses={
                200: ActionResultSerializer,
                202: ActionResultSerializer,
                400: InvalidActionSerializer,
                404: ErrorSerializer,
                409: ErrorSerializer,
                429: ErrorSerializer,
            },
        )
    }

    def post(self, request: Request, source_id: str) -> Response:
        """Carry out an action; one that goes on after the answer is `queued`, with status 202."""
        asked = ActionRequest.from_body(body_of(request))
        body = act_on_source(self.plugin, source_id, asked, actor=self.actor)
        return answer(body, 202 if body["status"] == QUEUED else 200)
