"""Actions on one asset by its uid, and on all assets that a filter finds."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog_core.entities.envelope import Overlay

ASSETS = "/api/assets"


@pytest.fixture
def catalogs(sandbox):
    """Three agents in two sources, and one skill."""
    sandbox.write("first.yaml", json.dumps({"agents": [{"name": "planner"}, {"name": "judge"}]}))
    sandbox.write("second.yaml", json.dumps({"agents": [{"name": "planner"}]}))
    sandbox.write("skills.yaml", json.dumps({"skills": [{"name": "search"}]}))

    def source(key):
        return {"id": key, "name": key, "type": "yaml", "properties": {"yamlCatalogPath": f"./{key}.yaml"}}

    sections = {"agents": [source("first"), source("second")], "skills": [source("skills")]}
    sandbox.configure(json.dumps({"catalogs": {name: {"sources": found} for name, found in sections.items()}}))
    sandbox.settle()
    return sandbox


def bulk(operator, query, action="tag", *, status=200, params=None, **more):
    body = {"action": action, "params": {"tags": ["x"]} if params is None else params, **more}
    return operator.send("POST", f"{ASSETS}:action?{query}", body, status=status)


def tagged(sandbox):
    items = sandbox.get(ASSETS, tag="x")["items"]
    return [(one["metadata"]["name"], one["metadata"]["sourceRef"]["sourceId"]) for one in items]


def test_one_asset_is_acted_upon_by_its_uid(catalogs, operator):
    asset = catalogs.get(ASSETS, source="second")["items"][0]
    path = f"{ASSETS}/{asset['metadata']['uid']}:action"
    answer = operator.send("POST", path, {"action": "deprecate", "dryRun": True})
    assert (answer["status"], answer["data"]["lifecycle"]) == ("dry-run", "deprecated")
    assert operator.send("POST", path, {"action": "deprecate"})["status"] == "completed"
    assert catalogs.get(f"{ASSETS}/{asset['metadata']['uid']}")["status"]["lifecycle"] == "deprecated"
    assert operator.agent("planner", "second")["lifecycle"] == "deprecated"
    assert "lifecycle" not in operator.agent("planner", "first")
    operator.send("POST", path, {"action": "refresh"}, status=400)
    for nobody in ("0f0f0f0f-0000-5000-8000-000000000000", "planner"):
        operator.send("POST", f"{ASSETS}/{nobody}:action", {"action": "restore"}, status=404)


def test_a_dry_run_of_deprecate_tells_what_depends_on_the_asset(catalogs, operator):
    team = {"name": "planner", "dependencies": [{"agentRef": "judge"}]}
    catalogs.write("first.yaml", json.dumps({"agents": [team, {"name": "judge"}]}))
    catalogs.settle()
    path = f"{ASSETS}/{operator.agent('judge')['id']}"
    answer = operator.send("POST", f"{path}:action", {"action": "deprecate", "dryRun": True})
    assert answer["data"]["impact"] == catalogs.get(f"{path}/impact")
    assert [one["name"] for one in answer["data"]["impact"]["dependants"]] == ["planner"]
    assert "impact" not in operator.send("POST", f"{path}:action", {"action": "deprecate"})["data"]


def test_a_preview_tells_how_many_and_which_and_changes_nothing(catalogs, operator):
    answer = bulk(operator, "plugin=agents", dryRun=True)
    assert (answer["action"], answer["status"]) == ("tag", "dry-run")
    data = answer["data"]
    assert (data["matched"], data["limit"], data["succeeded"], data["failed"]) == (3, 1000, 3, 0)
    assert [(one["name"], one["sourceId"], one["kind"], one["status"]) for one in data["results"]] == [
        ("judge", "first", "Agent", "dry-run"),
        ("planner", "first", "Agent", "dry-run"),
        ("planner", "second", "Agent", "dry-run"),
    ]
    assert not Overlay.objects.exists()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=Skill", [("search", "skills")]),
        ("source=second", [("planner", "second")]),
        ("filterQuery=name='planner'", [("planner", "first"), ("planner", "second")]),
        ("plugin=agents&filterQuery=name LIKE 'j%25'", [("judge", "first")]),
        ("tag=absent", []),
    ],
)
def test_what_the_filter_finds_is_changed_and_nothing_else(catalogs, operator, query, found):
    answer = bulk(operator, query)
    assert (answer["status"], answer["data"]["matched"]) == ("completed", len(found))
    assert sorted(tagged(catalogs)) == found
    assert {one["status"] for one in answer["data"]["results"]} <= {"completed"}


def test_what_was_previewed_is_what_is_changed_or_nothing(catalogs, operator):
    answer = bulk(operator, "plugin=agents", expected=2, status=409)
    assert "finds 3 assets now, not 2" in answer["message"]
    assert not Overlay.objects.exists()
    assert bulk(operator, "plugin=agents", expected=3)["data"]["succeeded"] == 3


def test_more_than_the_limit_is_refused_with_the_number(catalogs, operator, settings):
    settings.CATALOG = {**settings.CATALOG, "bulk_action_limit": 2}
    preview = bulk(operator, "plugin=agents", dryRun=True)
    assert (preview["data"]["matched"], preview["data"]["limit"]) == (3, 2)
    assert "more than the 2" in preview["message"]
    assert "finds 3 assets, and 2 can be" in bulk(operator, "plugin=agents", status=409)["message"]
    assert not Overlay.objects.exists()
    bulk(operator, "source=first")


def test_everything_is_meant_only_by_those_who_say_how_much_that_is(catalogs, operator):
    assert "no filter is given" in bulk(operator, "", status=400)["message"]
    assert bulk(operator, "", expected=4)["data"]["matched"] == 4


@pytest.mark.parametrize(
    ("query", "more", "words"),
    [
        ("tags=x", {}, 'Did you mean "tag"?'),
        ("pageSize=1", {}, "no such filter"),
        ("filterQuery=nope=1", {}, "nope"),
        ("lifecycle=dead", {}, "dead"),
        ("kind=Agent", {"expected": "3"}, "expected"),
        ("kind=Agent", {"expected": -1}, "expected"),
        ("kind=Agent", {"params": {}}, "params.tags"),
        ("kind=Agent", {"action": "refresh"}, "action on sources"),
        ("kind=Nothing", {"action": "tagg"}, "tagg"),
    ],
)
def test_bad_requests_are_400_and_change_nothing(catalogs, operator, query, more, words):
    answer = bulk(operator, query, more.pop("action", "tag"), status=400, **more)
    assert words in answer["message"]
    assert not Overlay.objects.exists()


def test_what_fails_on_one_asset_is_told_with_it_and_keeps_nothing_from_the_others(catalogs, operator):
    for start in (0, 100):
        operator.act("judge", "tag", tags=[f"t{start + number}" for number in range(100)], mode="add")
    answer = bulk(operator, "source=first", params={"tags": ["x"], "mode": "add"})
    assert answer["status"] == "error"
    assert (answer["data"]["succeeded"], answer["data"]["failed"]) == (1, 1)
    failed = next(one for one in answer["data"]["results"] if one["status"] == "error")
    assert failed["name"] == "judge"
    assert "it can have 200" in failed["message"]
    assert tagged(catalogs) == [("planner", "first")]


def test_the_number_of_queries_does_not_grow_with_the_assets(sandbox, operator):
    def queries(count):
        sandbox.serve("agents", {"many": json.dumps({"agents": [{"name": f"a{count}-{n}"} for n in range(count)]})})
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert bulk(operator, "source=many", params={"tags": [f"x{count}"]})["data"]["succeeded"] == count
        return len(captured)

    assert queries(2) == queries(40)
