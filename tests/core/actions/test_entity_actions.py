"""Actions on one entity: what they do, what they refuse, and that a dry-run does nothing."""

import pytest

from catalog_core.entities.envelope import Asset, Overlay
from catalog_core.entities.generations import generation_tag

BAD_REQUESTS = [
    # body, the fields that the answer names
    ({}, ["action"]),
    ({"action": ""}, ["action"]),
    ({"action": 7}, ["action"]),
    ({"action": "tagg"}, ["action"]),
    ({"action": "refresh"}, ["action"]),
    ({"action": "tag"}, ["params.tags"]),
    ({"action": "tag", "params": None}, ["params.tags"]),
    ({"action": "tag", "params": ["a"]}, ["params"]),
    ({"action": "tag", "params": {"tags": "a"}}, ["params.tags"]),
    ({"action": "tag", "params": {"tags": ["a", 5]}}, ["params.tags[1]"]),
    ({"action": "tag", "params": {"tags": [" "]}}, ["params.tags[0]"]),
    ({"action": "tag", "params": {"tags": ["a\u0000b"]}}, ["params.tags[0]"]),
    ({"action": "tag", "params": {"tags": ["a\n"]}}, ["params.tags[0]"]),
    ({"action": "tag", "params": {"tags": ["a" * 101]}}, ["params.tags[0]"]),
    ({"action": "tag", "params": {"tags": ["a"], "mode": "swap"}}, ["params.mode"]),
    ({"action": "tag", "params": {"tags": ["a"], "Mode": "add"}}, ["params"]),
    ({"action": "tag", "params": {"tags": ["a"]}, "dryrun": True}, ["dryrun"]),
    ({"action": "tag", "params": {"tags": ["a"]}, "dryRun": "yes"}, ["dryRun"]),
    ({"action": "annotate", "params": {"annotations": {}}}, ["params.annotations"]),
    ({"action": "annotate", "params": {"annotations": {"a": 5}}}, ["params.annotations.a"]),
    ({"action": "label", "params": {"labels": {"a": "b\u0000"}}}, ["params.labels.a"]),
    ({"action": "deprecate", "params": {"phase": "sunset"}}, ["params.phase"]),
    ({"action": "restore", "params": {"phase": "active"}}, ["params"]),
]


@pytest.mark.parametrize(("body", "fields"), BAD_REQUESTS, ids=lambda value: str(value)[:60])
def test_a_bad_request_is_400_names_its_fields_and_changes_nothing(agents, operator, body, fields):
    answer = operator.send("POST", "management/entities/planner:action", body, status=400)
    assert [problem["field"] for problem in answer["problems"]] == fields
    assert (answer["error"], answer["code"]) == ("Bad Request", "invalid_action")
    assert all(field in answer["message"] for field in fields)
    assert not Overlay.objects.exists()


def test_an_action_that_nearly_exists_is_suggested(agents, operator):
    assert 'Did you mean "tag"?' in operator.act("planner", "tagg", status=400)["message"]
    assert "action on sources" in operator.act("planner", "refresh", status=400)["message"]


def test_tags_are_replaced_added_and_removed(agents, operator):
    assert operator.act("planner", "tag", tags=["b", "a", "b"])["data"] == {"tags": ["b", "a"]}
    assert operator.agent("planner")["tags"] == ["b", "a"]
    assert operator.act("planner", "tag", tags=["c", "a"], mode="add")["data"] == {"tags": ["b", "a", "c"]}
    assert operator.act("planner", "tag", tags=["b", "absent"], mode="remove")["data"] == {"tags": ["a", "c"]}
    assert operator.agent("planner")["tags"] == ["a", "c"]
    assert operator.act("planner", "tag", tags=[])["data"] == {"tags": []}
    assert "tags" not in operator.agent("planner")
    assert not Overlay.objects.exists(), "an overlay that says nothing is not kept"


def test_labels_and_annotations_are_set_and_deleted_key_by_key(agents, operator):
    assert operator.act("planner", "label", labels={"stage": "prod", "team": "blue"})["status"] == "completed"
    assert operator.agent("planner")["labels"] == {"stage": "prod", "team": "blue"}
    assert operator.act("planner", "label", labels={"team": None})["data"] == {"labels": {"stage": "prod"}}
    assert operator.agent("planner")["labels"] == {"stage": "prod"}
    assert operator.found("labels.stage='prod'") == [("planner", "first")]
    operator.act("group/judge", "annotate", annotations={"note": "line 1\nline 2", "b": ""})
    assert operator.agent("group/judge")["annotations"] == {"note": "line 1\nline 2", "b": ""}
    operator.act("group/judge", "annotate", annotations={"note": None, "b": None, "absent": None})
    assert "annotations" not in operator.agent("group/judge")


@pytest.mark.parametrize("phase", ["draft", "active", "deprecated", "retired"])
def test_the_lifecycle_is_set_and_given_back(agents, operator, phase):
    assert operator.act("planner", "deprecate", phase=phase)["data"] == {"lifecycle": phase}
    assert operator.agent("planner")["lifecycle"] == phase
    assert operator.act("planner", "restore")["data"] == {"lifecycle": "active"}
    assert "lifecycle" not in operator.agent("planner")


def test_deprecate_means_deprecated_where_nothing_else_is_said(agents, operator):
    assert operator.act("planner", "deprecate")["data"] == {"lifecycle": "deprecated"}


@pytest.mark.parametrize(
    ("action", "params", "data"),
    [
        ("tag", {"tags": ["x"]}, {"tags": ["x"]}),
        ("annotate", {"annotations": {"a": "b"}}, {"annotations": {"a": "b"}}),
        ("label", {"labels": {"a": "b"}}, {"labels": {"a": "b"}}),
        ("restore", {}, {"lifecycle": "active"}),
    ],
)
def test_a_dry_run_tells_what_would_be_and_changes_nothing(agents, operator, action, params, data):
    before = operator.agent("planner"), generation_tag("agents"), list(Asset.objects.values())
    answer = operator.act("planner", action, dry_run=True, **params)
    assert (answer["action"], answer["status"], answer["data"]) == (action, "dry-run", data)
    assert "would" in answer["message"].lower()
    assert (operator.agent("planner"), generation_tag("agents"), list(Asset.objects.values())) == before
    assert not Overlay.objects.exists()


def test_an_overlay_belongs_to_one_entity_of_one_source_and_says_who_and_when(agents, operator):
    operator.act("planner", "tag", source="second", tags=["x"])
    assert operator.found("tags='x'") == [("planner", "second")]
    assert "tags" not in operator.agent("planner")
    overlay = Overlay.objects.get()
    assert (overlay.plugin, overlay.kind, overlay.source_key, overlay.name) == ("agents", "Agent", "second", "planner")
    assert overlay.changed_by == "olga"
    first = overlay.changed_at
    operator.act("planner", "deprecate", source="second")
    overlay.refresh_from_db()
    assert overlay.changed_at > first
    assert overlay.created_at < overlay.changed_at


def test_the_same_again_changes_nothing_not_even_when(agents, operator):
    operator.act("planner", "tag", tags=["x"])
    before = Overlay.objects.values().get(), generation_tag("agents")
    assert "Nothing has changed" in operator.act("planner", "tag", tags=["x"])["message"]
    assert (Overlay.objects.values().get(), generation_tag("agents")) == before


def test_what_people_add_to_one_entity_is_bounded(agents, operator):
    for start in (0, 100):
        operator.act("planner", "tag", tags=[f"t{start + number}" for number in range(100)], mode="add")
    answer = operator.act("planner", "tag", tags=["one-more"], mode="add", status=400)
    assert answer["problems"][0]["field"] == "params.tags"
    assert len(Overlay.objects.get().tags) == 200


@pytest.mark.parametrize("name", ["group/judge", "group%2Fjudge", "odd:action"])
def test_names_hold_slashes_and_colons(agents, operator, name):
    operator.act(name, "tag", tags=["x"])
    assert [found for found, _ in operator.found("tags='x'")] == [name.replace("%2F", "/")]


def test_an_entity_whose_name_looks_like_an_action_can_still_be_read(agents, operator):
    assert operator.send("GET", "management/entities/odd:action")["name"] == "odd:action"
    operator.send("GET", "management/entities/planner:action", status=404)


def test_entities_that_readers_do_not_see_are_404(agents, operator):
    operator.act("nobody", "tag", tags=["x"], status=404)
    operator.act("planner", "tag", tags=["x"], source="nowhere", status=404)
    agents.configure(agents.sources_file.read_text().replace('"id": "second"', '"enabled": false, "id": "second"'))
    agents.settle()
    operator.act("planner", "tag", tags=["x"], source="second", status=404)
    assert not Overlay.objects.exists()


def test_a_post_without_an_action_in_its_path_is_no_action(agents, operator):
    operator.send("POST", "management/entities/planner", {"action": "tag", "params": {"tags": ["x"]}}, status=405)


def test_actions_are_listed_as_the_capabilities_tell_them(agents, operator):
    told = agents.get("/api/plugins/agents/capabilities")
    listed = []
    for scope in ("asset", "source"):
        answer = agents.get(f"/api/agents_catalog/v1alpha1/management/actions/{scope}")
        assert answer["count"] == len(answer["actions"])
        assert {action["scope"] for action in answer["actions"]} == {scope}
        listed += answer["actions"]
    assert told["actions"] == listed
    assert told["entities"][0]["actions"] == ["tag", "annotate", "label", "deprecate", "restore"]
    agents.get("/api/agents_catalog/v1alpha1/management/actions/everything", status=404)


@pytest.mark.parametrize(
    "plugin", ["agents", "guardrails", "knowledge", "mcp", "model", "policies", "prompts", "skills"]
)
def test_the_path_that_a_catalog_announces_for_actions_works(sandbox, operator, plugin):
    from catalog_core.testing.sample import catalog_plugin, serve_samples

    serve_samples(catalog_plugin(plugin))
    entity = sandbox.get(f"/api/plugins/{plugin}/capabilities")["entities"][0]
    item = sandbox.get(entity["endpoints"]["list"])["items"][0]
    path = entity["endpoints"]["action"].replace("{name}", item["name"])
    body = {"action": "tag", "params": {"tags": ["approved"]}}
    assert operator.send("POST", path, body)["data"] == {"tags": ["approved"]}
    found = sandbox.get(entity["endpoints"]["list"], filterQuery="tags='approved'")["items"]
    assert [one["name"] for one in found] == [item["name"]]
    assert "approved" in found[0]["tags"]
