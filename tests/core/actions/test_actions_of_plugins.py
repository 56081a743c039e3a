"""Actions that plugins add: by a decorator, or by providing them."""

import json
import types

import pytest
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from catalog_core.api.urls import plugin_routes
from catalog_core.entities.envelope import Overlay
from catalog_core.plugin import (
    ActionCall,
    ActionRefused,
    ActionResult,
    InvalidAction,
    OverlayChange,
    Plugin,
    action,
)
from catalog_core.plugins.capabilities import capabilities_v2
from catalog_core.plugins.registry import PluginRegistry, registry
from catalog_core.testing.sample import catalog_plugin

LEVEL = {
    "type": "object",
    "properties": {"level": {"type": "integer", "minimum": 1}},
    "required": ["level"],
    "additionalProperties": False,
}


class Approving:
    """Actions that methods declare."""

    @action(parameters=LEVEL, supports_dry_run=True, idempotent=True)
    def approve(self, call: ActionCall) -> ActionResult:
        """Approves an agent up to a level."""
        if call.params["level"] > 5:
            raise InvalidAction([("params.level", "it is 5 at most for agents.")])
        if call.document["name"] == "group/judge":
            raise ActionRefused("Judges are never approved.")
        tag = f"approved-{call.params['level']}"
        return ActionResult(
            message=f"{call.actor} approves {call.target} of {call.source}.",
            data={"agentType": call.document["agentType"]},
            overlay=OverlayChange(add_tags=[tag]),
        )

    @action(scope="source", display_name="Count", destructive=True)
    def count_up(self, call: ActionCall) -> ActionResult:
        """Counts."""
        return ActionResult(data={"target": call.target}, failed=call.target == "second")

    @action()
    def crash(self, call: ActionCall) -> ActionResult:
        """Has a bug."""
        raise RuntimeError("secret detail")


@pytest.fixture
def approving(agents, monkeypatch):
    """The agents catalog with these actions besides."""
    plain = catalog_plugin("agents")
    made = type("Agents", (Approving, type(plain)), {})()
    monkeypatch.setitem(registry._plugins, "agents", made)
    return made


@pytest.fixture
def act(agents, approving, operator):
    def send(name, action, *, status=200, **more):
        uid = operator.agent(name)["id"]
        return operator.send("POST", f"/api/assets/{uid}:action", {"action": action, **more}, status=status)

    return send


def test_what_a_method_declares_is_told_to_clients(approving):
    assert list(approving.declaration_problems()) == []
    document = capabilities_v2(approving)
    found = {one["id"]: one for one in document["actions"]}
    assert found["approve"] == {
        "id": "approve",
        "displayName": "Approve",
        "description": "Approves an agent up to a level.",
        "scope": "asset",
        "supportsDryRun": True,
        "idempotent": True,
        "parameters": LEVEL,
    }
    assert (found["count-up"]["scope"], found["count-up"]["destructive"]) == ("source", True)
    assert {"approve", "crash", "tag"} <= set(document["entities"][0]["actions"])
    assert "count-up" not in document["entities"][0]["actions"]


def test_a_method_acts_upon_an_entity_and_the_core_writes_what_it_adds(act, operator):
    answer = act("planner", "approve", params={"level": 3}, dryRun=True)
    assert answer["status"] == "dry-run"
    assert not Overlay.objects.exists()
    answer = act("planner", "approve", params={"level": 3})
    assert answer == {
        "action": "approve",
        "status": "completed",
        "message": "olga approves planner of first.",
        "data": {"agentType": "planner"},
    }
    assert operator.agent("planner")["tags"] == ["approved-3"]


def test_who_is_at_fault_decides_about_the_status(act):
    assert act("planner", "approve", params={}, status=400)["problems"][0]["field"] == "params.level"
    assert act("planner", "approve", params={"level": 0}, status=400)["problems"][0]["field"] == "params.level"
    assert act("planner", "approve", params={"level": 9}, status=400)["problems"][0]["message"].startswith("it is 5")
    assert act("group/judge", "approve", params={"level": 1}, status=409)["message"] == "Judges are never approved."
    act("planner", "crash", dryRun=True, status=400)


def test_a_bug_in_a_handler_is_a_failure_of_the_server_and_of_one_asset_only(act, operator, caplog):
    operator.client.raise_request_exception = False
    assert "secret detail" not in json.dumps(act("planner", "crash", status=500))
    body = {"action": "crash"}
    answer = operator.send("POST", "/api/assets:action?source=second", body)
    assert (answer["status"], answer["data"]["failed"]) == ("error", 1)
    assert "secret detail" not in json.dumps(answer)
    assert "secret detail" in caplog.text


def test_many_are_acted_upon_and_those_who_refuse_are_named(approving, operator):
    body = {"action": "approve", "params": {"level": 1}}
    answer = operator.send("POST", "/api/assets:action?plugin=agents", body)
    assert (answer["data"]["matched"], answer["data"]["failed"]) == (4, 1)
    assert [one["message"] for one in answer["data"]["results"] if one["status"] == "error"] == [
        "Judges are never approved."
    ]
    assert len(operator.found("tags='approved-1'")) == 3


@pytest.mark.parametrize(
    ("declared", "problem"),
    [
        ({"id": "tag"}, "every catalog has an action of that name"),
        ({"id": "No Id"}, "an id begins with"),
        ({"scope": "galaxy"}, "scope 'galaxy'"),
        ({"parameters": {"type": "nonsense"}}, "no JSON Schema"),
        ({"parameters": {"type": "array"}}, "of type object"),
    ],
)
def test_wrong_declarations_are_named_at_registration(declared, problem):
    @action(**{"description": "Does.", **declared})
    def act(self, call):
        return ActionResult()

    plain = catalog_plugin("agents")
    made = type("Agents", (type(plain),), {"act": act})()
    assert any(problem in found for found in made.declaration_problems())


def test_two_methods_cannot_be_the_same_action():
    one, other = (action(id="same", description="Does.")(lambda self, call: ActionResult()) for _ in range(2))
    made = type("Agents", (type(catalog_plugin("agents")),), {"one": one, "other": other})()
    assert any("declared 2 times" in found for found in made.declaration_problems())


# --- a plugin that keeps its entities itself


class Gadgets(Plugin):
    """Keeps nothing in the core, and provides actions."""

    name = "gadgets"

    def capabilities(self):
        return {
            "entityKinds": ["Gadget"],
            "listEntities": True,
            "getEntity": False,
            "listSources": False,
            "artifacts": False,
        }

    def list_actions(self, scope):
        if scope == "source":
            return [{"id": "sync", "displayName": "Sync", "description": "Syncs.", "scope": "source"}]
        return [
            {
                "id": "spin",
                "displayName": "Spin",
                "description": "Spins.",
                "scope": "asset",
                "supportsDryRun": True,
                "idempotent": False,
                "parameters": {"type": "object", "properties": {"speed": {"type": "number"}}},
            }
        ]

    def handle_action(self, scope, target, request):
        if target == "stuck":
            return {"status": "error", "message": "It is stuck."}
        return {"status": "completed", "data": {"scope": scope, "target": target, **request["params"]}}

    def register_routes(self, router):
        class Things(ViewSet):
            def list(self, request):
                return Response({"items": []})

        router.register("gadgets", Things, basename="gadgets")


@pytest.fixture
def gadgets(settings, db):
    own = PluginRegistry()
    own.register(Gadgets())
    urls = types.ModuleType("urls_of_gadgets")
    urls.urlpatterns = plugin_routes(own)
    settings.ROOT_URLCONF = urls
    return "/api/gadgets_catalog/v1alpha1/management"


def test_a_plugin_of_its_own_provides_actions_on_the_same_routes(gadgets, operator):
    listed = operator.send("GET", f"{gadgets}/actions/asset")
    assert [one["id"] for one in listed["actions"]] == ["spin"]
    assert [one["id"] for one in operator.send("GET", f"{gadgets}/actions/source")["actions"]] == ["sync"]
    path_ = f"{gadgets}/entities/a/b:action"
    answer = operator.send("POST", path_, {"action": "spin", "params": {"speed": 2}})
    assert answer == {
        "action": "spin",
        "status": "completed",
        "data": {"scope": "asset", "target": "a/b", "speed": 2},
    }
    assert operator.send("POST", path_, {"action": "spin", "dryRun": True})["status"] == "dry-run"
    assert operator.send("POST", f"{gadgets}/entities/stuck:action", {"action": "spin"})["status"] == "error"
    assert operator.send("POST", f"{gadgets}/sources/s1:action", {"action": "sync"})["data"]["target"] == "s1"


def test_its_parameters_and_scopes_are_checked_by_the_core(gadgets, operator):
    path_ = f"{gadgets}/entities/a:action"
    bad = operator.send("POST", path_, {"action": "spin", "params": {"speed": "fast"}}, status=400)
    assert bad["problems"][0]["field"] == "params.speed"
    operator.send("POST", path_, {"action": "sync"}, status=400)
    operator.send("POST", f"{gadgets}/sources/s1:action", {"action": "sync", "dryRun": True}, status=400)
