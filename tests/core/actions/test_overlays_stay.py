"""What people have added shows in every read, and stays whatever happens to the source."""

import json

import pytest

from catalog_core.entities.envelope import Overlay
from tests.core.actions.conftest import AGENTS, OTHERS, feed

OVERLAYS = "/api/management/v1alpha1/overlays"


@pytest.fixture
def approved(agents, operator):
    """The judge is approved and deprecated."""
    operator.act("group/judge", "tag", tags=["approved"])
    operator.act("group/judge", "label", labels={"stage": "prod"})
    operator.act("group/judge", "annotate", annotations={"why": "old"})
    operator.act("group/judge", "deprecate")
    return agents


def everywhere(sandbox, operator) -> dict[str, object]:
    """Return what each read path says of the judge."""
    wanted = {"tags": ["approved"], "labels": {"stage": "prod"}, "annotations": {"why": "old"}}
    shown = {**wanted, "lifecycle": "deprecated"}

    def of(document):
        return {key: document[key] for key in shown if key in document} == shown

    def of_asset(asset):
        metadata = asset["metadata"]
        return {key: metadata.get(key) for key in wanted} == wanted and asset["status"]["lifecycle"] == "deprecated"

    listed = [item for item in sandbox.get("/api/agents_catalog/v1alpha1/agents")["items"] if "judge" in item["name"]]
    assets = sandbox.get("/api/assets", tag="approved", lifecycle="deprecated", label="stage=prod")["items"]
    counts = next(one for one in sandbox.get("/api/plugins")["plugins"] if one["name"] == "agents")
    combined = "lifecycle='deprecated' AND tags='approved' AND labels.stage='prod' AND annotations.why='old'"
    return {
        "entity": of(operator.agent("group/judge")),
        "entity by name": of(operator.send("GET", "management/entities/group/judge")),
        "list": [of(item) for item in listed] == [True],
        "filter": [name for name, _ in operator.found(combined)] == ["group/judge"],
        "other filter": "group/judge" not in [name for name, _ in operator.found("lifecycle='active'")],
        "asset": of_asset(sandbox.get("/api/assets/Agent/group/judge")),
        "asset list": [of_asset(asset) for asset in assets] == [True],
        "asset filter": len(sandbox.get("/api/assets", filterQuery=combined)["items"]) == 1,
        "counts": (counts["lifecycleCounts"]["deprecated"], sum(counts["lifecycleCounts"].values()))
        == (1, counts["entityCount"]),
    }


def check(sandbox, operator):
    found = everywhere(sandbox, operator)
    assert all(found.values()), [name for name, is_right in found.items() if not is_right]


def test_every_read_shows_it_at_once(approved, operator):
    check(approved, operator)


def test_it_stays_through_refreshes_changed_or_not(approved, operator):
    approved.settle()
    check(approved, operator)
    changed = [{**AGENTS[1], "description": "Judges."} if "judge" in one["name"] else one for one in AGENTS]
    approved.write("first.yaml", feed(changed))
    approved.settle()
    assert operator.agent("group/judge")["description"] == "Judges."
    check(approved, operator)


def test_it_stays_while_a_broken_version_is_set_aside(approved, operator):
    broken = [{**AGENTS[1], "agentType": {"not": "a text"}} if "judge" in one["name"] else one for one in AGENTS]
    approved.write("first.yaml", feed(broken))
    approved.settle()
    check(approved, operator)


def configure(sandbox, change):
    document = json.loads(sandbox.sources_file.read_text())
    change(document["catalogs"]["agents"]["sources"])
    sandbox.configure(json.dumps(document))
    sandbox.settle()


def test_it_hides_and_comes_back_with_its_source(approved, operator):
    configure(approved, lambda sources: sources[0].update(enabled=False))
    assert operator.found("tags='approved'") == []
    assert approved.get("/api/assets", tag="approved")["items"] == []
    counts = next(one for one in approved.get("/api/plugins")["plugins"] if one["name"] == "agents")
    assert counts["lifecycleCounts"] == {"draft": 0, "active": 1, "deprecated": 0, "retired": 0}
    configure(approved, lambda sources: sources[0].update(enabled=True))
    check(approved, operator)


def test_it_comes_back_when_a_removed_source_is_put_back(approved, operator):
    kept = []
    configure(approved, lambda sources: kept.append(sources.pop(0)))
    assert approved.get("/api/assets", tag="approved")["items"] == []
    assert operator.send("GET", f"{OVERLAYS}?orphaned=true")["totalSize"] == 1
    configure(approved, lambda sources: sources.insert(0, kept[0]))
    check(approved, operator)
    assert operator.send("GET", f"{OVERLAYS}?orphaned=true")["totalSize"] == 0


def test_it_comes_back_when_an_entity_returns_and_does_not_follow_a_new_name(approved, operator):
    renamed = [{**one, "name": one["name"].replace("judge", "arbiter")} for one in AGENTS]
    approved.write("first.yaml", feed(renamed))
    approved.settle()
    assert "tags" not in operator.agent("group/arbiter")
    assert operator.found("tags='approved'") == []
    orphan = operator.send("GET", f"{OVERLAYS}?orphaned=true")["overlays"][0]
    assert (orphan["name"], orphan["sourceId"], orphan["changedBy"]) == ("group/judge", "first", "olga")
    approved.write("first.yaml", feed(AGENTS))
    approved.settle()
    check(approved, operator)


def test_it_stays_when_its_source_gets_another_name(approved, operator):
    configure(approved, lambda sources: sources[0].update(name="Another name"))
    check(approved, operator)


def test_it_does_not_show_with_the_same_name_in_another_source(approved, operator):
    approved.write("second.yaml", feed([*OTHERS, {"name": "group/judge"}]))
    approved.settle()
    assert "tags" not in operator.agent("group/judge", "second")
    assert operator.found("tags='approved'") == [("group/judge", "first")]


# --- looking at overlays, and clearing them


def test_overlays_are_listed_page_by_page_with_who_and_when(approved, operator):
    for name in ("planner", "odd:action"):
        operator.act(name, "tag", tags=["x"])
    operator.act("planner", "tag", source="second", tags=["x"])
    seen, token = [], ""
    while True:
        page = operator.send("GET", f"{OVERLAYS}?pageSize=1&pageToken={token}")
        assert (page["count"], page["totalSize"]) == (1, 4)
        seen += [(one["sourceId"], one["name"]) for one in page["overlays"]]
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert seen == [("first", "group/judge"), ("first", "odd:action"), ("first", "planner"), ("second", "planner")]
    assert operator.send("GET", f"{OVERLAYS}?source=second")["overlays"][0]["changedBy"] == "olga"
    assert operator.send("GET", f"{OVERLAYS}?plugin=mcp")["overlays"] == []
    for bad in ("orphaned=perhaps", "pageToken=abc", "page_size=3"):
        operator.send("GET", f"{OVERLAYS}?{bad}", status=400)


def test_an_overlay_is_shown_and_cleared_and_the_source_has_its_say_again(approved, operator):
    uid = operator.agent("group/judge")["id"]
    assert operator.send("GET", f"{OVERLAYS}/{uid}")["lifecycle"] == "deprecated"
    assert operator.send("DELETE", f"{OVERLAYS}/{uid}") == {"status": "deleted", "deleted": 1}
    assert set(operator.agent("group/judge")) & {"tags", "labels", "annotations", "lifecycle"} == set()
    assert operator.found("lifecycle='deprecated'") == []
    operator.send("DELETE", f"{OVERLAYS}/{uid}", status=404)
    operator.send("GET", f"{OVERLAYS}/nonsense", status=404)


def test_orphans_are_removed_together_and_others_never(approved, operator):
    operator.act("planner", "tag", tags=["x"])
    approved.write("first.yaml", feed([one for one in AGENTS if "judge" not in one["name"]]))
    approved.settle()
    operator.send("DELETE", OVERLAYS, status=400)
    operator.send("DELETE", f"{OVERLAYS}?orphaned=false", status=400)
    assert operator.send("DELETE", f"{OVERLAYS}?orphaned=true&plugin=mcp")["deleted"] == 0
    assert operator.send("DELETE", f"{OVERLAYS}?orphaned=true") == {"status": "deleted", "deleted": 1}
    assert [overlay.name for overlay in Overlay.objects.all()] == ["planner"]
    approved.write("first.yaml", feed(AGENTS))
    approved.settle()
    assert "tags" not in operator.agent("group/judge")
