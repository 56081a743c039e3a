"""Sources, diagnostics and entities by name: what operators see, and what everybody sees."""

import json

import pytest

SECRET = "hunter2-is-not-a-secret"


def http_source(sandbox, **properties):
    """Configure a source that cannot be read, with secrets in it."""
    entry = {
        "id": "remote",
        "name": "Remote",
        "type": "http",
        "properties": {"url": "http://127.0.0.1:9/agents.json", "token": SECRET, **properties},
    }
    sandbox.configure(json.dumps({"catalogs": {"agents": {"sources": [entry]}}}))
    sandbox.settle()


def test_an_unknown_catalog_route_is_404_in_json(reader):
    assert reader.get("nothing", status=404)["code"] == "not_found"


def test_a_source_is_listed_with_its_state_and_counts(agents, operator):
    body = operator.get("sources")
    assert body["count"] == 1
    info = body["sources"][0]
    assert (info["id"], info["name"], info["type"], info["enabled"], info["labels"]) == (
        "main",
        "main",
        "yaml",
        True,
        ["Main"],
    )
    assert info["properties"]["yamlCatalogPath"] == "./main.yaml"
    assert info["includedItems"] == info["excludedItems"] == []
    status = info["status"]
    assert (status["state"], status["entityCount"], status["lastRefreshStatus"]) == ("available", 3, "success")
    assert status["lastRefreshSummary"].startswith("Loaded 3 entities")
    assert status["lastRefreshTime"].endswith("Z")


def test_a_catalog_without_sources_has_an_empty_list(agents, operator):
    assert operator.get("/api/skills_catalog/v1alpha1/management/sources") == {"sources": [], "count": 0}


def test_sources_are_listed_in_the_order_of_the_configuration(sandbox, operator):
    sandbox.serve("agents", {name: "agents: []" for name in ("zebra", "ant", "mole")})
    assert [info["id"] for info in operator.get("sources")["sources"]] == ["zebra", "ant", "mole"]


def test_operators_see_the_content_of_the_file(agents, operator):
    content = operator.get("sources")["sources"][0]["properties"]["content"]
    assert json.loads(content) == json.loads((agents.folder / "main.yaml").read_text())


@pytest.mark.parametrize("path", ["../outside.yaml", "sources.yaml", "secret.txt"])
def test_no_content_is_shown_of_files_that_are_none_of_the_sources(sandbox, operator, path):
    sandbox.write("secret.txt", SECRET)
    (sandbox.folder.parent / "outside.yaml").write_text(SECRET)
    entry = {"id": "main", "name": "Main", "type": "yaml", "properties": {"yamlCatalogPath": path}}
    sandbox.configure(json.dumps({"catalogs": {"agents": {"sources": [entry]}}}))
    sandbox.settle()
    assert "content" not in operator.get("sources")["sources"][0]["properties"]
    assert SECRET not in operator.response.content.decode()


def test_no_content_is_shown_through_a_link_that_leads_outside(agents, operator, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "data.yaml"
    outside.write_text(SECRET)
    (agents.folder / "main.yaml").unlink()
    (agents.folder / "main.yaml").symlink_to(outside)
    assert "content" not in operator.get("sources")["sources"][0]["properties"]


def test_readers_see_neither_properties_nor_contents_nor_patterns(agents, reader):
    info = reader.get("sources")["sources"][0]
    assert info["status"]["entityCount"] == 3
    assert info.keys() == {"id", "name", "type", "enabled", "labels", "status"}


def test_readers_are_told_of_an_error_without_paths_and_addresses(sandbox, reader, operator):
    http_source(sandbox)
    for path in ("sources", "diagnostics"):
        reader.get(path)
        text = reader.response.content.decode()
        assert "127.0.0.1" not in text
        assert "agents.json" not in text
        assert "still served" in text or "does not talk to" in text
    assert "127.0.0.1" in operator.get("sources")["sources"][0]["status"]["error"]


def test_secrets_are_redacted_at_any_depth_and_references_are_shown(sandbox, operator):
    http_source(sandbox, token={"env": "AGENTS_TOKEN"}, headers={"X-Key": SECRET, "X-Other": {"file": "secrets/other"}})
    properties = operator.get("sources")["sources"][0]["properties"]
    assert properties["token"] == {"env": "AGENTS_TOKEN"}
    assert properties["headers"] == {"X-Key": "***REDACTED***", "X-Other": {"file": "secrets/other"}}
    assert SECRET not in operator.response.content.decode()


def test_diagnostics_list_what_was_set_aside_for_operators(sandbox, operator, reader):
    content = "agents:\n- name: good\n- description: nameless\n- name: good\n"
    sandbox.serve("agents", {"main": content})
    body = operator.get("diagnostics")
    assert body["pluginName"] == "agents"
    assert body["errors"] == []
    source = body["sources"][0]
    assert (source["state"], source["entityCount"], source["setAsideCount"]) == ("partially-available", 1, 2)
    assert source["problemCounts"] == {"duplicate-name": 1, "missing-name": 1}
    assert [(problem["rule"], problem["line"]) for problem in source["problems"]] == [
        ("missing-name", 3),
        ("duplicate-name", 4),
    ]
    seen = reader.get("diagnostics")["sources"][0]
    assert seen["problemCounts"] == source["problemCounts"]
    assert "problems" not in seen


def test_diagnostics_name_the_sources_in_error(sandbox, operator):
    http_source(sandbox)
    body = operator.get("diagnostics")
    assert body["errors"][0]["source"] == "remote"
    assert body["errors"][0]["message"]
    assert body["sources"][0]["state"] == "error"
    assert body["lastRefresh"]


@pytest.mark.parametrize("name", ["group/judge", "group%2Fjudge"])
def test_an_entity_is_found_by_name_alone(agents, reader, name):
    assert reader.get(f"entities/{name}")["agentType"] == "evaluator"


def test_an_unknown_entity_is_404(agents, reader):
    assert "nobody" in reader.get("entities/nobody", status=404)["message"]


def test_answers_of_the_management_api_are_kept_by_no_cache(agents, reader):
    reader.get("sources")
    assert reader.response["Cache-Control"] == "no-store"


def test_readers_must_be_known_where_reading_is_closed(agents, reader, settings):
    settings.CATALOG = {**settings.CATALOG, "reading_requires_login": True}
    assert reader.client.get(f"{reader.base}/sources").status_code in (401, 403)


@pytest.mark.parametrize("path", ["sources", "diagnostics"])
def test_one_source_and_five_cost_the_same_number_of_queries(
    sandbox, operator, reader, path, django_assert_num_queries, django_assert_max_num_queries
):
    sandbox.serve("agents", {"a": "agents: [{name: x}, {}]"})
    with django_assert_max_num_queries(10) as few:
        reader.get(path)
    sandbox.serve("agents", {name: "agents: [{name: x}, {}]" for name in "abcde"})
    with django_assert_num_queries(len(few)):
        reader.get(path)
