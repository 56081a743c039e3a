"""The OpenAPI document itself: valid, without warnings, one name for one thing, and safe from broken plugins."""

import json
from collections import Counter

import pytest
import yaml
from django.urls import include, path
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.validation import validate_schema

from catalog_core.api.openapi import plugin_document, server_document
from catalog_core.api.openapi.document import CatalogSchemaGenerator, document_of
from catalog_core.api.openapi.names import references
from catalog_core.api.urls import plugin_routes
from catalog_core.exceptions import NotFound
from catalog_core.plugin import CatalogPlugin
from catalog_core.plugins.contract import base_path
from catalog_core.plugins.registry import PluginRegistry, registry
from catalog_plugins.agents.models import Agent
from catalog_plugins.agents.plugin import AgentsPlugin
from catalog_plugins.skills.models import Skill


class OtherAgents(CatalogPlugin):
    """Another catalog of a kind that is called the same."""

    name = "other-agents"
    description = "Agents of another kind."
    kind = "Agent"
    plural = "agents"
    model = Skill


class SameAgents(CatalogPlugin):
    """Another catalog whose kind is called and described the same."""

    name = "same"
    kind = "Agent"
    plural = "agents"
    model = Agent


def registered(*plugins):
    own = PluginRegistry()
    for plugin in plugins:
        own.register(plugin)
    return own


def described(plugins):
    return document_of([path("", include(plugin_routes(plugins)))], plugins)


def operations(document):
    return [(path, method, operation) for path, item in document["paths"].items() for method, operation in item.items()]


def assert_sound(document):
    validate_schema(document)
    counts = Counter(operation["operationId"] for _, _, operation in operations(document))
    assert max(counts.values()) == 1
    for reference in references(document):
        _, kind, name = reference.removeprefix("#/").split("/")
        assert name in document["components"][kind], reference


def test_the_document_is_valid_and_made_without_warnings():
    assert_sound(CatalogSchemaGenerator().get_schema())
    assert not GENERATOR_STATS, "manage.py spectacular --fail-on-warn says what is wrong"


@pytest.mark.parametrize("plugin", list(registry), ids=lambda plugin: plugin.name)
def test_the_document_of_one_plugin_is_valid_and_holds_its_paths_only(plugin):
    document = plugin_document(plugin.name)
    assert_sound(document)
    assert document["info"]["title"] == plugin.name
    assert document["paths"]
    assert all(path.startswith(f"{base_path(plugin)}/") for path in document["paths"])
    used = set(references(document["paths"])) | set(references(document["components"]))
    for kind, components in document["components"].items():
        assert kind == "securitySchemes" or {f"#/components/{kind}/{name}" for name in components} <= used


def test_there_is_no_document_of_an_unknown_plugin():
    with pytest.raises(NotFound, match="nosuch"):
        plugin_document("nosuch")


def test_every_operation_is_told_in_words_and_under_a_tag_that_is_explained():
    document = server_document()
    explained = {tag["name"] for tag in document["tags"] if tag["description"]}
    for path_, _, operation in operations(document):
        assert operation["summary"], path_
        assert operation["description"], path_
        assert len(operation["tags"]) == 1, path_
        assert set(operation["tags"]) <= explained, path_


def test_every_operation_says_how_it_can_fail():
    document = server_document()
    for path_, _, operation in operations(document):
        assert "500" in operation["responses"], path_
        if "_catalog/" in path_:
            assert "503" in operation["responses"], path_
        if "{" in path_:
            assert "404" in operation["responses"], path_
        for status, response in operation["responses"].items():
            assert "$ref" in response or response["description"], (path_, status)


@pytest.mark.parametrize("plugin", list(registry), ids=lambda plugin: plugin.name)
def test_lists_are_described_with_their_parameters_as_one_page(plugin):
    operation = server_document()["paths"][f"{base_path(plugin)}/{plugin.plural}"]["get"]
    types = {parameter["name"]: parameter["schema"] for parameter in operation["parameters"] if "name" in parameter}
    assert types["pageSize"] == {"type": "integer", "default": plugin.list_shape.default_page_size}
    assert types["sortOrder"] == {"$ref": "#/components/schemas/SortOrder"}
    assert types["source"] == types["sourceLabel"] == {"type": "array", "items": {"type": "string"}}
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema == {"$ref": f"#/components/schemas/{plugin.kind}List"}
    assert set(operation["responses"]) >= {"200", "304", "400", "500", "503"}


def test_names_are_described_as_holding_slashes():
    operation = server_document()["paths"]["/api/agents_catalog/v1alpha1/agents/{name}"]["get"]
    name = next(parameter for parameter in operation["parameters"] if parameter.get("name") == "name")
    assert name["in"] == "path"
    assert "slashes" in name["description"]


def test_two_plugins_may_call_different_things_by_one_name():
    document = described(registered(AgentsPlugin(), OtherAgents()))
    assert_sound(document)
    schemas = document["components"]["schemas"]
    assert {name for name in schemas if "Agent" in name} == {
        "agents.Agent",
        "agents.AgentList",
        "other-agents.Agent",
        "other-agents.AgentList",
    }
    assert "instructions" in schemas["agents.Agent"]["properties"]
    assert "skillType" in schemas["other-agents.Agent"]["properties"]
    assert schemas["other-agents.AgentList"]["properties"]["items"]["items"] == {
        "$ref": "#/components/schemas/other-agents.Agent"
    }
    ids = {operation["operationId"] for _, _, operation in operations(document)}
    assert {"agents.listAgents", "other-agents.listAgents"} <= ids


def test_a_plugin_alone_keeps_its_short_names():
    document = described(registered(AgentsPlugin()))
    assert {"Agent", "AgentList"} <= set(document["components"]["schemas"])
    assert "listAgents" in {operation["operationId"] for _, _, operation in operations(document)}


def test_what_is_the_same_in_two_plugins_is_described_once():
    schemas = described(registered(AgentsPlugin(), SameAgents()))["components"]["schemas"]
    assert [name for name in schemas if name.endswith("Agent")] == ["Agent"]
    assert [name for name in schemas if name.endswith(".Error") or name == "Error"] == ["Error"]


def test_a_plugin_that_cannot_be_described_is_left_out_alone(monkeypatch, pytestconfig, caplog):
    monkeypatch.syspath_prepend(str(pytestconfig.rootpath / "tests" / "broken_plugins"))
    from breaks_its_schema.plugin import BreaksItsSchema

    document = described(registered(AgentsPlugin(), BreaksItsSchema()))
    assert_sound(document)
    assert not [path_ for path_ in document["paths"] if "breaks_its_schema" in path_]
    assert document["paths"].keys() == described(registered(AgentsPlugin()))["paths"].keys()
    assert [tag["name"] for tag in document["tags"]] == ["agents"]
    assert "breaks_its_schema cannot be described" in caplog.text


@pytest.mark.django_db
@pytest.mark.parametrize("base", ["/api/schema", "/api/agents_catalog/v1alpha1/openapi"])
def test_documents_are_served_in_both_forms_with_entity_tags(client, base):
    from catalog_core.plugins.registry import registry as shared
    from catalog_core.reconcile.run import reconcile

    reconcile(shared, starting=True)
    as_json = client.get(base)
    assert as_json["Content-Type"] == "application/json"
    forms = [client.get(base, {"format": "yaml"}), client.get(base, headers={"Accept": "application/yaml"})]
    for as_yaml in forms:
        assert as_yaml["Content-Type"] == "application/yaml"
        assert yaml.safe_load(as_yaml.content) == json.loads(as_json.content)
        assert as_yaml["ETag"] != as_json["ETag"]
        assert "Accept" in as_yaml["Vary"]
    assert client.get(base, headers={"If-None-Match": as_json["ETag"]}).status_code == 304
    assert client.get(base, {"format": "xml"}).status_code == 400


@pytest.mark.django_db
def test_what_a_client_accepts_never_fails_a_request(client):
    for accept in ("text/csv", "application/xml", "*/*;q=0"):
        assert client.get("/api/plugins", headers={"Accept": accept}).status_code == 200
    assert client.get("/api/plugins", {"format": "yaml"}).status_code == 200
