"""Validation and plans: what is said about a source before it is applied."""

import json

import pytest

LAYERS = ["yaml_parse", "strict_fields", "semantic", "security_warnings", "provider"]


def wish(**more):
    return {"id": "new", "name": "New", "type": "yaml", "properties": {"yamlCatalogPath": "new.yaml"}, **more}


def findings(body, layer=None):
    """Return field and rule of every error, of one layer if it is named."""
    errors = body.get("errors", [])
    if layer:
        errors = next(one for one in body["layerResults"] if one["layer"] == layer).get("errors", [])
    return [(one.get("field"), one["rule"]) for one in errors]


def detailed(operator, body, **query):
    """Return the detailed validation of a body for the source ``main``."""
    suffix = "?connect=1" if query.get("connect") else ""
    return operator.post(f"sources/main:validate{suffix}", {**body, "id": "main"})


@pytest.mark.parametrize("route", ["validate-source", "plan-source", "sources/main:validate", "sources/main:plan"])
@pytest.mark.parametrize("content", ["{", "[]", '"text"', "null", '{"a": NaN}', '{"a": "\\ud800"}', "[" * 100_000])
def test_a_body_that_is_no_json_object_is_400(agents, operator, route, content):
    response = operator.client.post(f"{operator.base}/{route}", content, content_type="application/json")
    assert response.status_code == 400
    assert "JSON" in response.json()["message"]


def test_a_body_that_is_too_large_is_413(agents, operator, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    assert operator.post("validate-source", wish(name="x" * 100), status=413)["code"] == "too_large"


def test_a_body_of_another_type_is_415(agents, operator):
    response = operator.client.post(f"{operator.base}/validate-source", "id=1", content_type="text/plain")
    assert response.status_code == 415


def test_a_good_source_is_valid_in_all_layers(agents, operator):
    assert operator.post("validate-source", wish()) == {"valid": True}
    body = detailed(operator, wish())
    assert body["valid"] is True
    assert [(layer["layer"], layer["valid"]) for layer in body["layerResults"]] == [(name, True) for name in LAYERS]


@pytest.mark.parametrize(
    ("change", "layer", "expected"),
    [
        ({"lables": ["a"]}, "strict_fields", ("lables", "unknown-key")),
        ({"enabled": "yes"}, "strict_fields", ("enabled", "wrong-type")),
        ({"labels": [1]}, "strict_fields", ("labels", "wrong-type")),
        ({"properties": []}, "strict_fields", ("properties", "wrong-type")),
        ({"properties": {"yamlCatalogPath": "a", "content": 1}}, "strict_fields", ("properties.content", "wrong-type")),
        ({"name": ""}, "semantic", ("name", "missing-name")),
        ({"name": "ä" * 257}, "semantic", ("name", "too-long")),
        ({"name": "a\x07"}, "semantic", ("name", "control-character")),
        ({"type": None}, "semantic", ("type", "missing-type")),
        ({"includedItems": ["a", " "]}, "semantic", ("includedItems[1]", "bad-pattern")),
        ({"type": "yml"}, "provider", ("type", "unknown-type")),
        ({"properties": {}}, "provider", ("properties", "missing-property")),
        ({"properties": {"yamlCatalogPth": "a"}}, "provider", ("properties.yamlCatalogPth", "unknown-property")),
        ({"properties": {"yamlCatalogPath": 1}}, "provider", ("properties.yamlCatalogPath", "wrong-value")),
        (
            {"properties": {"yamlCatalogPath": "a", "syncInterval": "0s"}},
            "provider",
            ("properties.syncInterval", "wrong-value"),
        ),
    ],
)
def test_each_mistake_is_found_by_its_layer(agents, operator, change, layer, expected):
    body = detailed(operator, wish(**change))
    assert body["valid"] is False
    assert expected in findings(body, layer)
    assert expected in findings(body)
    short = operator.post("validate-source", wish(**change))
    assert expected in findings(short)
    assert "layerResults" not in short


@pytest.mark.parametrize("identity", [None, "", "Upper", "-a", "a b", "a/b", "a:b", "ä", "a\n", 7, "x" * 201])
def test_ids_that_cannot_be_used_are_named(agents, operator, identity):
    body = operator.post("validate-source", wish(id=identity))
    assert body["valid"] is False
    assert any(field == "id" for field, _ in findings(body))


def test_nothing_is_reported_twice(agents, operator):
    body = operator.post("validate-source", {})
    assert sorted(findings(body)) == [("id", "missing-id"), ("name", "missing-name"), ("type", "missing-type")]


def test_a_name_of_256_characters_is_not_too_long(agents, operator):
    assert operator.post("validate-source", wish(name="数" * 256))["valid"] is True


def test_a_misspelt_property_gets_a_suggestion(agents, operator):
    body = operator.post("validate-source", wish(properties={"yamlCatalogPth": "new.yaml"}))
    assert 'Did you mean "yamlCatalogPath"?' in json.dumps(body["errors"]).replace('\\"', '"')


def test_a_credential_in_the_open_is_a_warning_and_no_error(agents, operator):
    body = detailed(
        operator,
        {"name": "A", "type": "http", "properties": {"url": "https://example.org/a.yaml", "token": "abcdefgh"}},
    )
    assert body["valid"] is True
    layer = next(one for one in body["layerResults"] if one["layer"] == "security_warnings")
    assert layer["valid"] is False
    assert layer["errors"][0]["field"] == body["warnings"][0]["field"] == "properties.token"
    assert "{env: NAME}" in body["warnings"][0]["message"]
    assert "abcdefgh" not in operator.response.content.decode()


def test_a_reference_to_a_secret_is_no_warning(agents, operator):
    properties = {"url": "https://example.org/a.yaml", "token": {"env": "TOKEN"}}
    assert operator.post("validate-source", wish(type="http", properties=properties)) == {"valid": True}


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("agents: [", "syntax"),
        ("agents:\n- name: a\n  name: b\n", "duplicate-key"),
        ("\ud800", None),
    ],
)
def test_content_that_is_no_yaml_ends_the_validation_at_the_first_layer(agents, operator, content, rule):
    properties = {"yamlCatalogPath": "new.yaml", "content": content}
    if rule is None:
        operator.post("validate-source", wish(properties=properties), status=400)
        return
    body = detailed(operator, wish(name="", properties=properties))
    assert [layer["layer"] for layer in body["layerResults"]] == ["yaml_parse"]
    assert all(field.startswith("properties.content") for field, _ in findings(body))
    assert body["errors"][0]["line"]


def test_content_is_checked_item_by_item_against_the_kind(agents, operator):
    content = "agents:\n- name: good\n  agentType: planner\n- description: nameless\n- name: odd\n  version: [1]\n"
    body = detailed(operator, wish(properties={"yamlCatalogPath": "new.yaml", "content": content}))
    assert body["valid"] is False
    found = [(one["field"], one["rule"], one["line"]) for one in body["errors"]]
    assert ("properties.content[1].name", "missing-name", 4) in found
    assert any(field.startswith("properties.content[2].version") and line == 6 for field, _, line in found)
    assert not any("[0]" in field for field, _, _ in found)


def test_content_without_the_list_of_items_is_an_error_of_the_provider_layer(agents, operator):
    body = detailed(operator, wish(properties={"yamlCatalogPath": "new.yaml", "content": "agnts: []"}))
    assert [rule for _, rule in findings(body, "provider")] == ["missing-key"]
    assert findings(body, "yaml_parse") == []


def test_content_of_a_json_file_is_read_as_json(agents, operator):
    properties = {"yamlCatalogPath": "new.json", "content": '{"agents": [{"name": "a"}]}'}
    assert operator.post("validate-source", wish(properties=properties)) == {"valid": True}


def test_the_content_of_a_source_that_is_no_file_is_an_unknown_property(agents, operator):
    properties = {"url": "https://example.org/a.yaml", "content": "agents: []"}
    body = operator.post("validate-source", wish(type="http", properties=properties))
    assert findings(body) == [("properties.content", "unknown-property")]


def test_what_an_answer_said_may_be_sent_back(agents, operator):
    info = operator.get("sources")["sources"][0]
    assert operator.post("sources/main:validate", info)["valid"] is True


def test_without_a_body_the_source_itself_is_validated(agents, operator):
    assert operator.post("sources/main:validate")["valid"] is True


@pytest.mark.parametrize("verb", ["validate", "plan"])
def test_an_unknown_source_is_404(agents, operator, verb):
    body = operator.post(f"sources/mian:{verb}", {}, status=404)
    assert 'Did you mean "main"?' in body["message"]


@pytest.mark.parametrize("verb", ["validate", "plan"])
def test_a_body_about_another_source_is_400(agents, operator, verb):
    operator.post(f"sources/main:{verb}", wish(), status=400)


def test_nothing_is_stored_by_checking(agents, operator):
    before = (agents.folder / "sources.yaml").read_bytes()
    operator.post("validate-source?connect=1", wish())
    operator.post("plan-source", wish(properties={"yamlCatalogPath": "main.yaml"}))
    assert (agents.folder / "sources.yaml").read_bytes() == before
    assert operator.get("sources")["count"] == 1
    assert not list((agents.folder).glob("trial-*"))


def test_a_connection_test_says_what_it_found(agents, operator):
    body = operator.post("validate-source?connect=1", wish(properties={"yamlCatalogPath": "main.yaml"}))
    assert body["connection"] == {
        "ok": True,
        "revision": body["connection"]["revision"],
        "files": 1,
        "entityCount": 3,
        "setAsideCount": 0,
        "names": ["planner", "router", "group/judge"],
    }
    assert body["connection"]["revision"]


def test_a_connection_that_fails_says_why(agents, operator):
    body = operator.post("validate-source", {**wish(), "connect": True})
    assert body["valid"] is False  # connect is no key of a source: it belongs into the query
    body = operator.post("validate-source?connect=1", wish())
    assert body["valid"] is True
    assert body["connection"]["ok"] is False
    assert "new.yaml" in body["connection"]["error"]
    assert body["connection"]["errorCode"] == "unavailable"


def test_a_connection_is_no_success_where_a_refresh_would_be_refused(agents, operator):
    agents.write("new.yaml", "prompts:\n- name: a\n")
    found = operator.post("validate-source?connect=1", wish())["connection"]
    assert (found["ok"], found["errorCode"], found["entityCount"]) == (False, "invalid", 0)
    assert 'has neither the key "agents"' in found["error"]
    agents.write("main.yaml", "agents: []")
    found = operator.post("sources/main:validate?connect=1")["connection"]
    assert (found["ok"], found["errorCode"]) == (False, "held_back")


@pytest.mark.parametrize(
    ("type_", "properties", "wrong", "said"),
    [
        ("yaml", {"yamlCatalogPath": "../../etc/agents.yaml"}, "yamlCatalogPath", "outside the folders"),
        ("yaml", {"path": "/etc/agents.yaml"}, "yamlCatalogPath", "outside the folders"),
        ("http", {"url": "file:///etc/agents.yaml"}, "url", "begins with https:// or http://"),
        ("http", {"url": "https://example.org/", "format": "xml"}, "format", "known are yaml, json, jsonl"),
        ("git", {"repoUrl": "file:///etc"}, "repoUrl", "outside the folders"),
        ("git", {"repoUrl": "https://example.org/a?b"}, "repoUrl", "leave it out"),
        ("git", {"repoUrl": "https://example.org/a", "branch": "a..b"}, "branch", "not a name"),
        ("git", {"repoUrl": "https://example.org/a", "path": "["}, "path", "without"),
    ],
)
def test_a_value_that_can_never_be_read_from_is_refused_before_anything_is_written(
    agents, operator, type_, properties, wrong, said
):
    before = (agents.folder / "sources.yaml").read_bytes()
    body = operator.post("apply-source", wish(type=type_, properties=properties), status=422)
    assert [one["field"] for one in body["errors"]] == [f"properties.{wrong}"]
    assert said in body["errors"][0]["message"]
    assert [layer["layer"] for layer in body["layerResults"] if not layer["valid"]] == ["provider"]
    assert (agents.folder / "sources.yaml").read_bytes() == before


def test_a_property_that_is_a_reference_is_not_checked_as_if_it_were_text(agents, operator):
    wanted = wish(type="git", properties={"repoUrl": {"env": "REPOSITORY"}, "branch": {"env": "BRANCH"}})
    assert operator.post("validate-source", wanted)["valid"] is True


def test_a_plan_tells_what_would_be_added_by_a_new_source(agents, operator):
    agents.write("new.yaml", "agents:\n- name: b\n- name: a\n- description: nameless\n")
    body = operator.post("plan-source", wish())
    assert (body["sourceId"], body["sourceChange"], body["entityCount"]) == ("new", "added", 2)
    assert body["added"] == {"count": 2, "names": ["a", "b"]}
    assert body["changed"] == body["removed"] == body["stale"] == {"count": 0, "names": []}
    assert body["setAside"]["count"] == 1
    assert body["setAside"]["items"][0]["rule"] == "missing-name"
    assert body["setAside"]["items"][0]["line"] == 4


def test_a_plan_tells_what_a_refresh_would_change(agents, operator):
    items = [{"name": "planner", "category": "other"}, {"name": "router", "agentType": "router", "category": "ops"}]
    agents.write("main.yaml", json.dumps({"agents": [*items, {"name": "newcomer"}]}))
    body = operator.post("sources/main:plan")
    assert body["sourceChange"] == "none"
    assert body["added"]["names"] == ["newcomer"]
    assert body["changed"]["names"] == ["planner"]
    assert body["removed"]["names"] == ["group/judge"]
    assert body["unchanged"] == 1
    assert "refused" not in body
    assert agents.names("/api/agents_catalog/v1alpha1/agents") == ["group/judge", "planner", "router"]


def test_a_plan_tells_what_other_patterns_would_change(agents, operator):
    body = operator.post(
        "sources/main:plan",
        {"name": "main", "type": "yaml", "properties": {"yamlCatalogPath": "./main.yaml"}, "excludedItems": ["p*"]},
    )
    assert body["sourceChange"] == "changed"
    assert body["removed"]["names"] == ["planner"]
    assert body["filtered"] == 1


def test_a_plan_says_that_a_sudden_loss_would_be_held_back(agents, operator):
    agents.write("main.yaml", "agents: []")
    body = operator.post("sources/main:plan")
    assert body["removed"]["count"] == 3
    assert "force" in body["refused"]


def test_a_plan_lists_the_first_fifty_names_and_counts_all(agents, operator):
    agents.write("new.yaml", json.dumps({"agents": [{"name": f"a{number:03}"} for number in range(60)]}))
    added = operator.post("plan-source", wish())["added"]
    assert added["count"] == 60
    assert added["names"] == [f"a{number:03}" for number in range(50)]


def test_a_plan_of_an_invalid_source_is_422_with_the_layers(agents, operator):
    body = operator.post("plan-source", wish(type="yml"), status=422)
    assert (body["code"], body["valid"]) == ("validation_failed", False)
    assert [layer["layer"] for layer in body["layerResults"]] == LAYERS


def test_a_plan_of_a_source_that_cannot_be_read_is_502(agents, operator):
    assert "new.yaml" in operator.post("plan-source", wish(), status=502)["message"]


@pytest.mark.parametrize("route", ["validate-source", "plan-source", "sources/main:validate", "sources/main:plan"])
def test_checking_is_for_operators(agents, reader, route):
    reader.client.raise_request_exception = True
    response = reader.client.post(f"{reader.base}/{route}", "{", content_type="application/json")
    assert response.status_code in (401, 403)
    assert response.json()["error"]
