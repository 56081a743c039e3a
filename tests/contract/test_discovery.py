"""``/api/plugins`` and capabilities: what clients draw catalogs from, compared with what is written out here."""

import pytest

from catalog_core.api.discovery import plugins_document
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.exceptions import PluginDefinitionError
from catalog_core.plugin import Column, Detail, Filter, ListColumn, Reference, Section, UIHints, ViewField
from catalog_core.plugins.capabilities import capabilities_v2
from catalog_core.plugins.contract import base_path
from catalog_core.plugins.registry import PluginRegistry, registry
from catalog_plugins.agents.models import Agent

PLUGINS = [plugin for plugin in registry if isinstance(plugin, CatalogPlugin)]
TEXT, SELECT, NUMBER = ["=", "!=", "LIKE"], ["=", "!="], ["=", ">", "<", ">=", "<="]

# What follows is written as: name, display name, type, width; sortable unless it says otherwise.
EXPECTED = {
    "knowledge": {
        "plugin": ("Knowledge Sources", "database", "KnowledgeSource", "knowledgesources", "Knowledge Source"),
        "columns": [
            ("name", "Name", "string", "lg"),
            ("sourceType", "Type", "string", "md"),
            ("provider", "Provider", "string", "md"),
            ("status", "Status", "string", "sm"),
            ("documentCount", "Documents", "integer", "sm"),
            ("contentType", "Content Type", "string", "md"),
        ],
        "unsortable": {"contentType"},
        "filters": [
            ("name", "Name", "text", [], TEXT),
            ("sourceType", "Type", "select", ["document", "url", "vector_store", "graph_store"], SELECT),
            ("provider", "Provider", "text", [], TEXT),
            ("status", "Status", "select", ["active", "indexing", "error", "archived"], SELECT),
        ],
        "sections": {
            "Overview": ["name", "description", "sourceType", "provider", "status"],
            "Connection": ["location", "contentType", "indexType"],
            "Statistics": ["documentCount", "vectorDimensions"],
        },
        "listColumns": {
            "name": "sf",
            "sourceType": "sf",
            "provider": "sf",
            "status": "sf",
            "documentCount": "s",
            "contentType": "s",
        },
        "detailFields": "name description sourceType location contentType provider status documentCount"
        " vectorDimensions indexType",
        "cli": ("name sourceType provider status documentCount", "name sourceType provider status contentType"),
    },
    "agents": {
        "plugin": ("Agents", "robot", "Agent", "agents", "Agent"),
        "columns": [
            ("name", "Name", "string", "lg"),
            ("agentType", "Type", "string", "md"),
            ("category", "Category", "string", "md"),
            ("version", "Version", "string", "sm"),
            ("author", "Author", "string", "md"),
        ],
        "unsortable": set(),
        "filters": [
            ("name", "Name", "text", [], TEXT),
            (
                "agentType",
                "Type",
                "select",
                ["conversational", "task_oriented", "router", "planner", "executor", "evaluator"],
                SELECT,
            ),
            ("category", "Category", "text", [], TEXT),
        ],
        "sections": {
            "Overview": ["name", "description", "agentType", "category", "version", "author", "license"],
            "Instructions": ["instructions"],
            "Model Configuration": ["modelConfig"],
            "Tools & Knowledge": ["tools", "knowledge", "promptRefs"],
            "Guardrails & Policies": ["guardrails", "policies"],
            "Dependencies": ["dependencies"],
            "Input/Output": ["inputSchema", "outputSchema", "examples"],
        },
        "listColumns": {"name": "sf", "agentType": "sf", "category": "sf", "version": "s", "author": "s"},
        "detailFields": "name description agentType instructions version category author license modelConfig tools"
        " knowledge guardrails policies promptRefs dependencies inputSchema outputSchema examples",
        "cli": ("name agentType category version author", "name agentType category version author"),
    },
    "model": {
        "plugin": ("Models", "model", "CatalogModel", "models", "Model"),
        "columns": [
            ("name", "Name", "string", "lg"),
            ("provider", "Provider", "string", "md"),
            ("task", "Task", "string", "md"),
            ("license", "License", "string", "md"),
            ("source_id", "Source", "string", "md"),
        ],
        "unsortable": {"task"},  # a model has several
        "filters": [
            ("name", "Name", "text", [], TEXT),
            ("provider", "Provider", "text", [], TEXT),
            ("task", "Task", "text", [], TEXT),
            ("license", "License", "text", [], TEXT),
            ("source_id", "Source", "text", [], SELECT),
        ],
        "sections": {
            "Overview": ["name", "description", "provider", "tasks", "license", "licenseLink"],
            "Details": ["maturity", "language", "libraryName"],
            "Documentation": ["readme"],
        },
        "listColumns": {"name": "sf", "provider": "sf", "task": "sf", "source_id": "sf"},
        "detailFields": "name description provider task license source_id",
        "cli": ("name provider task source_id", "name provider task license source_id"),
    },
    "mcp": {
        "plugin": ("MCP Servers", "server", "McpServer", "mcpservers", "MCP Server"),
        "columns": [
            ("name", "Name", "string", "lg"),
            ("deploymentMode", "Deployment", "string", "md"),
            ("provider", "Provider", "string", "md"),
            ("transportType", "Transport", "string", "sm"),
            ("toolCount", "Tools", "integer", "sm"),
            ("license", "License", "string", "md"),
            ("category", "Category", "string", "md"),
        ],
        "unsortable": set(),
        "filters": [
            ("name", "Name", "text", [], TEXT),
            ("deploymentMode", "Deployment", "select", ["local", "remote", "hybrid"], SELECT),
            ("provider", "Provider", "text", [], TEXT),
            ("category", "Category", "text", [], TEXT),
            ("license", "License", "text", [], TEXT),
            ("transportType", "Transport", "select", ["stdio", "sse", "http", "streamable-http"], SELECT),
            ("toolCount", "Tools", "number", [], NUMBER),
        ],
        "sections": {
            "Overview": ["name", "description", "deploymentMode", "provider", "category", "license"],
            "Connection": ["serverUrl", "image", "endpoint", "supportedTransports", "transportType"],
            "Statistics": ["toolCount", "resourceCount", "promptCount"],
        },
        "listColumns": {
            "name": "sf",
            "deploymentMode": "sf",
            "provider": "sf",
            "transportType": "sf",
            "toolCount": "s",
            "license": "sf",
            "category": "sf",
        },
        "detailFields": "name description deploymentMode serverUrl image endpoint supportedTransports license provider"
        " category toolCount resourceCount promptCount",
        "cli": (
            "name deploymentMode provider toolCount category",
            "name deploymentMode provider category license transportType",
        ),
    },
}


@pytest.fixture
def entries(bundled):
    return {entry["name"]: entry for entry in bundled.get("/api/plugins")["plugins"]}


@pytest.fixture(params=sorted(EXPECTED))
def expected(request):
    return request.param, EXPECTED[request.param]


def test_all_plugins_are_listed_in_the_order_of_their_names(bundled):
    body = bundled.get("/api/plugins")
    names = [entry["name"] for entry in body["plugins"]]
    assert names == sorted(names)
    assert set(names) >= {"agents", "guardrails", "knowledge", "mcp", "model", "policies", "prompts", "skills"}
    assert body["count"] == len(names)
    assert all(entry["healthy"] and entry["entityCount"] > 0 for entry in body["plugins"])


def test_the_entity_is_described_as_clients_know_it(entries, expected):
    name, want = expected
    display_name, icon, kind, plural, kind_display_name = want["plugin"]
    capabilities = entries[name]["capabilitiesV2"]
    plugin, entity = capabilities["plugin"], capabilities["entities"][0]
    assert capabilities["schemaVersion"] == "v1"
    assert (plugin["name"], plugin["displayName"], plugin["icon"]) == (name, display_name, icon)
    assert plugin["version"] == "v1alpha1"
    assert (entity["kind"], entity["plural"], entity["displayName"]) == (kind, plural, kind_display_name)
    base = f"/api/{name}_catalog/v1alpha1"
    get = f"{base}/sources/{{source_id}}/models/{{name}}" if name == "model" else f"{base}/{plural}/{{name}}"
    action = f"{base}/management/entities/{{name}}:action"
    assert entity["endpoints"] == {"list": f"{base}/{plural}", "get": get, "action": action}
    assert entries[name]["entityKinds"] == [kind]
    assert entries[name]["capabilities"] == {
        "entityKinds": [kind],
        "listEntities": True,
        "getEntity": True,
        "listSources": True,
        "artifacts": name == "model",
    }


def test_the_columns_are_those_that_clients_know(entries, expected):
    name, want = expected
    paths = {"task": "tasks"}
    assert entries[name]["capabilitiesV2"]["entities"][0]["fields"]["columns"] == [
        {"name": column, "displayName": label, "path": paths.get(column, column), "type": type_, "width": width}
        | ({} if column in want["unsortable"] else {"sortable": True})
        for column, label, type_, width in want["columns"]
    ]


def test_the_filters_are_those_that_clients_know(entries, expected):
    name, want = expected
    assert entries[name]["capabilitiesV2"]["entities"][0]["fields"]["filterFields"] == [
        {"name": field, "displayName": label, "type": type_, "operators": operators}
        | ({"options": options} if options else {})
        for field, label, type_, options, operators in want["filters"]
    ]


def test_the_detail_fields_stand_in_their_sections(entries, expected):
    name, want = expected
    entity = entries[name]["capabilitiesV2"]["entities"][0]
    found = {}
    for field in entity["fields"]["detailFields"]:
        assert field["displayName"]
        assert field["path"] == field["name"]
        found.setdefault(field["section"], []).append(field["name"])
    assert found == want["sections"]
    assert entity["uiHints"]["detailSections"] == list(want["sections"])
    assert entity["uiHints"]["nameField"] == "name"


def test_the_simple_hints_are_those_that_clients_know(entries, expected):
    name, want = expected
    hints = entries[name]["uiHints"]
    columns = {
        column["field"]: ("s" if column.get("sortable") else "") + ("f" if column.get("filterable") else "")
        for column in hints["listColumns"]
    }
    assert columns == want["listColumns"]
    assert [field["field"] for field in hints["detailFields"]] == want["detailFields"].split()
    assert all(one["label"] for one in hints["listColumns"] + hints["detailFields"])
    assert hints["identityField"] == hints["displayNameField"] == "name"
    assert hints["descriptionField"] == "description"
    shown, filterable = want["cli"]
    assert entries[name]["cliHints"] == {
        "defaultColumns": shown.split(),
        "sortField": "name",
        "filterableFields": filterable.split(),
    }


def test_mcp_has_the_richer_hints_that_clients_know(entries):
    hints = entries["mcp"]["capabilitiesV2"]["entities"][0]["uiHints"]
    assert (hints["icon"], hints["color"]) == ("server", "#0066CC")
    assert hints["listView"] == {
        "titleField": "name",
        "columns": [
            {"field": "name", "label": "Name", "display": "link"},
            {"field": "deploymentMode", "label": "Deployment", "display": "badge"},
            {"field": "provider", "label": "Provider", "display": "text"},
            {"field": "transportType", "label": "Transport", "display": "badge", "width": "sm"},
            {"field": "toolCount", "label": "Tools", "display": "text", "width": "sm"},
        ],
        "defaultSort": {"field": "name", "direction": "asc"},
    }
    sections = {section["title"]: section["fields"] for section in hints["detailView"]["sections"]}
    assert list(sections) == ["Overview", "Connection", "Statistics"]
    assert sections["Connection"] == [
        {"field": "serverUrl", "display": "link"},
        {"field": "endpoint", "label": "Endpoint", "display": "link"},
        {"field": "image", "display": "code"},
        {"field": "transportType", "label": "Transport", "display": "badge"},
    ]
    assert hints["search"]["searchableFields"] == ["name", "description", "provider", "category"]
    assert [facet["field"] for facet in hints["search"]["facets"]] == ["deploymentMode", "transportType", "category"]


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda plugin: plugin.name)
def test_every_advertised_filter_and_order_works(bundled, plugin):
    path = f"{base_path(plugin)}/{plugin.plural}"
    fields = bundled.get(f"/api/plugins/{plugin.name}/capabilities")["entities"][0]["fields"]
    for column in fields["columns"]:
        if column.get("sortable"):
            assert bundled.get(path, orderBy=column["name"], sortOrder="DESC")["items"]
    for field in fields["filterFields"]:
        for operator in field["operators"]:
            literal = "1" if field["type"] == "number" else "'x'"
            bundled.get(path, filterQuery=f"{field['name']} {operator} {literal}")


def test_the_capabilities_of_one_plugin_are_those_of_the_list(bundled, entries):
    for name, entry in entries.items():
        assert bundled.get(f"/api/plugins/{name}/capabilities") == entry["capabilitiesV2"]


def test_an_unknown_plugin_has_no_capabilities(bundled):
    assert 'plugin "nosuch" not found' in bundled.get("/api/plugins/nosuch/capabilities", status=404)["message"]


def test_governance_is_plainly_not_offered(entries):
    for entry in entries.values():
        for entity in entry["capabilitiesV2"]["entities"]:
            assert entity["governance"] == {
                "supported": False,
                "lifecycle": {"states": [], "defaultState": ""},
                "versioning": {"enabled": False, "environments": []},
                "approvals": {"enabled": False},
                "provenance": {"enabled": False},
            }


def test_nothing_in_discovery_is_null(bundled):
    def nulls(value, place=""):
        if value is None:
            yield place
        for key, inner in value.items() if isinstance(value, dict) else ():
            yield from nulls(inner, f"{place}.{key}")
        for inner in value if isinstance(value, list) else ():
            yield from nulls(inner, f"{place}[]")

    assert not list(nulls(bundled.get("/api/plugins")))


def test_a_plugin_that_declares_little_has_what_clients_need(monkeypatch, pytestconfig):
    monkeypatch.syspath_prepend(str(pytestconfig.rootpath / "tests" / "broken_plugins"))
    from declares_little.plugin import DeclaresLittle

    document = capabilities_v2(DeclaresLittle())
    assert document["plugin"]["displayName"] == "Declares Little"
    assert "actions" not in document
    entity = document["entities"][0]
    assert (entity["kind"], entity["plural"], entity["displayName"]) == ("Policy", "policies", "Policy")
    assert entity["endpoints"] == {"list": "/api/declares_little_catalog/v1alpha1/policies", "get": ""}
    assert entity["fields"]["columns"] == [{"name": "name", "displayName": "Name", "path": "name", "type": "string"}]
    assert entity["governance"]["supported"] is False


@pytest.mark.django_db
def test_a_plugin_that_breaks_when_asked_leaves_the_others_alone(monkeypatch, pytestconfig):
    monkeypatch.syspath_prepend(str(pytestconfig.rootpath / "tests" / "broken_plugins"))
    from breaks_when_asked.plugin import BreaksWhenAsked

    from catalog_core.plugins.lifecycle import bring_up

    own = PluginRegistry()
    own.register(BreaksWhenAsked())
    own.register(next(plugin for plugin in PLUGINS if plugin.name == "agents"))
    bring_up(own, starting=True)
    entries = {entry["name"]: entry for entry in plugins_document(own)["plugins"]}
    assert entries["agents"]["healthy"]
    broken = entries[BreaksWhenAsked.name]
    assert not broken["healthy"]
    assert "raised" in broken["status"]["lastError"]


def registering(**declared):
    made = type("Odd", (CatalogPlugin,), {"name": "odd", "kind": "Odd", "plural": "odds", "model": Agent, **declared})
    with pytest.raises(PluginDefinitionError) as caught:
        PluginRegistry().register(made())
    return caught.value.problems


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        ({"columns": (Column("nam"),)}, "column: 'nam' is no field of the kind. Did you mean \"name\"?"),
        ({"columns": (Column("task", path="nosuch.task"),)}, "'nosuch.task'"),
        ({"columns": (Column("name"), Column("name", "Again"))}, "column 'name' is declared 2 times"),
        ({"columns": (Column("name", type="text"),)}, "type of column 'name': 'text' is not one of string"),
        ({"columns": (Column("name", width="xl"),)}, "width of column 'name': 'xl' is not one of sm, md, lg"),
        ({"filters": (Filter("nosuch"),)}, "filter: 'nosuch'"),
        ({"filters": (Filter("name", type="date"),)}, "type of filter 'name': 'date' is not one of text"),
        ({"sections": (Section("Overview", (Detail("x", path="nosuch"),)),)}, "section 'Overview': 'nosuch'"),
        ({"sections": (Section("", ("name",)),)}, "a section has no title"),
        ({"list_columns": (ListColumn("nosuch"),)}, "list_columns: 'nosuch'"),
        ({"detail_fields": ("nosuch",)}, "detail_fields: 'nosuch'"),
        ({"cli_columns": ("nosuch",)}, "cli_columns: 'nosuch'"),
        ({"cli_filters": ("nosuch",)}, "cli_filters: 'nosuch'"),
        ({"hints": UIHints(title_field="nosuch")}, "hints.title_field: 'nosuch'"),
        ({"hints": UIHints(searchable_fields=("nosuch",))}, "hints.searchable_fields: 'nosuch'"),
        ({"hints": UIHints(facets=(ViewField("nosuch"),))}, "hints.facets: 'nosuch'"),
        ({"hints": UIHints(list_columns=(ViewField("nosuch"),))}, "hints.list_columns: 'nosuch'"),
        ({"hints": UIHints(list_columns=(ViewField("name", display="shiny"),))}, "display of 'name'"),
        ({"hints": UIHints(detail_sections=(("", (ViewField("name"),)),))}, "a section has no title"),
        (
            {"hints": UIHints(detail_sections=(("All", (ViewField("nosuch"),)),))},
            "hints.detail_sections 'All': 'nosuch'",
        ),
        ({"hints": UIHints(default_sort=("nosuch", "asc"))}, "hints.default_sort: 'nosuch'"),
        ({"hints": UIHints(default_sort=("name", "up"))}, "hints.default_sort: 'up' is neither asc nor desc"),
        ({"hints": UIHints(confirmations=(("delete", ""),))}, "hints.confirmations"),
        ({"references": (Reference("nosuch[].ref", "Skill", "uses"),)}, "reference 'nosuch[].ref'"),
        (
            {"references": (Reference("tools..ref", "Skill", "uses"),)},
            "reference 'tools..ref': a path is keys with dots",
        ),
        ({"references": (Reference("tools", "a skill", "uses"),)}, "'a skill' is no name of a kind"),
        ({"references": (Reference("tools", "Skill", ""),)}, "its relation '' is not a verb"),
        ({"references": (Reference("tools", "Skill", "uses"),) * 2}, "reference 'tools to Skill' is declared 2 times"),
    ],
)
def test_a_declaration_that_does_not_fit_is_refused_with_its_place(declared, says):
    problems = registering(**declared)
    assert len(problems) == 1
    assert says in problems[0]


def test_everything_that_does_not_fit_is_told_at_once():
    problems = registering(cli_columns=("one",), detail_fields=("two",), hints=UIHints(default_sort=("three", "up")))
    assert len(problems) == 4
