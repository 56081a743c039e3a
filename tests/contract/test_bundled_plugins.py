"""What the bundled plugins have in common: names that clients know, files that tools read, data that is in order."""

import re
from pathlib import Path

import pytest
import yaml

from catalog_core.entities.fields import FieldKind, entity_fields
from catalog_core.plugins.contract import base_path, source_key
from catalog_core.plugins.discovery import failures
from catalog_core.plugins.metadata import compatibility_problems, metadata_of
from catalog_core.plugins.registry import registry
from catalog_core.sources.configuration import complete, parse_configuration
from catalog_core.testing.sample import catalog_plugin, load_sample, plugin_folder, sample_files, serve_samples
from catalog_core.testing.translation import items_of, translate
from catalog_core.tools.conformance.values import values_at

ROOT = Path(__file__).resolve().parents[2]
IDENTITIES = {
    # name: source key, kind, plural, display name, icon
    "agents": ("agents", "Agent", "agents", "Agents", "robot"),
    "guardrails": ("guardrails", "Guardrail", "guardrails", "Guardrails", "shield"),
    "knowledge": ("knowledge", "KnowledgeSource", "knowledgesources", "Knowledge Sources", "database"),
    "mcp": ("mcp", "McpServer", "mcpservers", "MCP Servers", "server"),
    "model": ("models", "CatalogModel", "models", "Models", "model"),
    "policies": ("policies", "Policy", "policies", "Policies", "gavel"),
    "prompts": ("prompts", "PromptTemplate", "prompttemplates", "Prompt Templates", "file-code"),
    "skills": ("skills", "Skill", "skills", "Skills", "wrench"),
}
LIST_SHAPES = {"mcp": (20, "page", False), "model": (10, "page", True)}
YAML_TYPES = {
    FieldKind.TEXT: ("string", None),
    FieldKind.INTEGER: ("integer", None),
    FieldKind.NUMBER: ("number", None),
    FieldKind.BOOLEAN: ("boolean", None),
    FieldKind.TEXT_LIST: ("array", "string"),
    FieldKind.OBJECT_LIST: ("array", "object"),
    FieldKind.OBJECT: ("object", None),
}


@pytest.fixture(params=sorted(IDENTITIES))
def plugin(request):
    return catalog_plugin(request.param)


def sample_items(plugin):
    return [item for file in sample_files(plugin) for item in items_of(plugin, file)]


def sample_documents(plugin):
    return [translate(plugin, item.value).document for item in sample_items(plugin)]


@pytest.fixture(scope="module")
def documents():
    return {plugin.name: sample_documents(plugin) for plugin in map(catalog_plugin, IDENTITIES)}


def test_all_bundled_plugins_are_registered():
    assert [failure.message for failure in failures] == []
    assert {plugin.name for plugin in registry} >= set(IDENTITIES)


def test_identities_are_those_that_clients_know(plugin):
    identity = (source_key(plugin), plugin.kind, plugin.plural, plugin.display_name, plugin.icon)
    assert identity == IDENTITIES[plugin.name]
    assert base_path(plugin) == f"/api/{plugin.name}_catalog/v1alpha1"


def test_lists_have_the_form_that_clients_know(plugin):
    shape = plugin.list_shape
    expected = LIST_SHAPES.get(plugin.name, (100, "total", False))
    assert (shape.default_page_size, shape.size, shape.always_next_page_token) == expected
    assert shape.max_page_size == 1000


def test_short_hints_name_fields_that_exist(plugin):
    known = plugin.json_names() | {column.name for column in plugin.columns}
    named = {column.field for column in plugin.list_columns}
    named |= {*plugin.detail_fields, *plugin.cli_columns, *plugin.cli_filters}
    assert named <= known


def test_rich_hints_name_fields_that_exist(plugin):
    if plugin.hints is None:
        return
    hints = plugin.hints
    fields = [*hints.list_columns, *hints.facets, *(field for _, fields in hints.detail_sections for field in fields)]
    assert {field.field for field in fields} | set(hints.searchable_fields) <= plugin.json_names()


def test_every_field_says_what_it_means(plugin):
    models = (plugin.model, *plugin.children.values())
    assert [field.name for model in models for field in entity_fields(model) if not field.help] == []


# --- files


def test_plugin_yaml_names_owners_licence_and_compatible_servers(plugin):
    metadata = metadata_of(plugin)
    assert metadata.name == plugin.name
    assert metadata.version == "0.9.0"
    assert (metadata.min_server, metadata.max_server, metadata.framework_api) == ("0.9.0", "1.x", "v1alpha1")
    assert compatibility_problems(metadata) == []
    assert metadata.owners
    assert all(team and contact for team, contact in metadata.owners)
    assert metadata.display_name == plugin.display_name
    assert metadata.description == plugin.description
    assert metadata.license == "Apache-2.0"
    assert set(metadata.providers) == {"yaml", "http", "git"}


def test_catalog_yaml_agrees_with_the_model(plugin):
    document = yaml.safe_load((plugin_folder(plugin) / "catalog.yaml").read_text())
    assert (document["kind"], document["metadata"]["name"]) == ("CatalogConfig", plugin.name)
    spec = document["spec"]
    assert spec["package"] == type(plugin).__module__.rpartition(".")[0]
    assert spec["entity"]["name"] == plugin.kind
    assert spec["api"]["basePath"] == base_path(plugin)
    told = [
        (entry["name"], (entry["type"], entry.get("items", {}).get("type")), entry["description"])
        for entry in spec["entity"]["properties"]
    ]
    assert told == [(field.name, YAML_TYPES[field.kind], field.help) for field in entity_fields(plugin.model)]


def test_conformance_tests_come_with_the_plugin(plugin):
    assert list((plugin_folder(plugin) / "tests" / "conformance").glob("test_*.py"))


def test_readme_tells_every_field(plugin):
    text = (plugin_folder(plugin) / "README.md").read_text()
    assert [field.name for field in entity_fields(plugin.model) if f"| `{field.name}` |" not in text] == []


def test_readme_example_is_taken_over_without_reservations(plugin, tmp_path):
    text = (plugin_folder(plugin) / "README.md").read_text()
    example = tmp_path / "example.yaml"
    example.write_text(re.search(r"```yaml\n(.*?)```", text, re.DOTALL).group(1))
    items = list(items_of(plugin, example))
    assert items
    assert [str(remark) for item in items for remark in translate(plugin, item.value).remarks] == []


def test_modules_use_nothing_of_the_core_but_its_facade(plugin):
    # Tests use the core's package for tests, and what migrations import is written by Django.
    modules = [path for path in plugin_folder(plugin).rglob("*.py") if not {"tests", "migrations"} & set(path.parts)]
    imported = {
        name
        for path in modules
        for name in re.findall(r"^\s*(?:from|import) (catalog_core[\w.]*)", path.read_text(), re.MULTILINE)
    }
    assert imported == {"catalog_core.plugin"}


# --- sample data


def test_sample_items_are_taken_over_without_reservations(plugin):
    items = sample_items(plugin)
    assert 5 <= len(items) <= 12
    assert [str(problem) for item in items for problem in item.problems] == []
    assert [str(remark) for item in items for remark in translate(plugin, item.value).remarks] == []


def test_every_option_of_a_filter_occurs_in_the_sample_data(plugin, documents):
    for filter_ in plugin.filters:
        path = filter_.path or filter_.name
        values = {value for document in documents[plugin.name] for value in values_at(document, path)}
        assert set(filter_.options) <= values, filter_.name


def test_every_column_has_a_value_somewhere_in_the_sample_data(plugin, documents):
    for column in plugin.columns:
        path = column.path or column.name
        assert any(values_at(document, path) for document in documents[plugin.name]), column.name


def test_whatever_agents_name_is_in_the_other_catalogs(documents):
    names = {name: {document["name"] for document in found} for name, found in documents.items()}
    references = {
        "skillRef": "skills",
        "mcpToolRef": "mcp",
        "knowledgeSourceRef": "knowledge",
        "guardrailRef": "guardrails",
        "policyRef": "policies",
        "promptTemplateRef": "prompts",
        "agentRef": "agents",
    }
    used = set()
    for agent in documents["agents"]:
        assert agent["modelConfig"]["preferredModelRef"] in names["model"]
        entries = [entry for value in agent.values() if isinstance(value, list) for entry in value]
        for entry in entries:
            for key in references.keys() & entry.keys():
                used.add(key)
                assert entry[key] in names[references[key]], agent["name"]
    assert used == references.keys()


def test_whatever_skills_call_is_in_the_mcp_catalog(documents):
    servers = {document["name"] for document in documents["mcp"]}
    called = {skill["execution"].get("mcpServerRef") for skill in documents["skills"]} - {None}
    assert called
    assert called <= servers


# --- sources.yaml


@pytest.fixture(scope="module")
def configured():
    path = ROOT / "sources.yaml"
    return complete(parse_configuration(path.read_bytes(), file=path.name, origin=str(path)).configuration)


def test_sources_yaml_has_no_problems(configured):
    parsed = parse_configuration((ROOT / "sources.yaml").read_bytes(), file="sources.yaml")
    assert [str(problem) for problem in (*parsed.problems, *configured.problems)] == []


def test_sources_yaml_names_every_sample_file_of_every_plugin(configured):
    sections = configured.configuration.sections
    assert set(sections) == {key for key, *_ in IDENTITIES.values()}
    named = [source for section in sections.values() for source in section.sources]
    paths = {(Path(source.origin).parent / source.properties["yamlCatalogPath"]).resolve() for source in named}
    assert paths == {file for name in IDENTITIES for file in sample_files(catalog_plugin(name))}


def test_sources_yaml_has_the_ids_that_clients_know(configured):
    sections = configured.configuration.sections
    ids = {key: [source.id for source in section.sources] for key, section in sections.items()}
    assert ids.pop("models") == ["models-default", "models-validated"]
    assert ids == {key: [f"{key}-default"] for key in ids}


def test_every_label_of_a_model_source_is_described(configured):
    section = configured.configuration.sections["models"]
    assert {label for source in section.sources for label in source.labels} == {
        label["name"] for label in section.labels
    }


@pytest.mark.django_db
def test_requests_of_the_readme_find_something(plugin, configured, client):
    for source in configured.configuration.sections[source_key(plugin)].sources:
        load_sample(plugin, source.id, ROOT / source.properties["yamlCatalogPath"], labels=source.labels)
    serve_samples(plugin, files=())
    requests = re.findall(r'curl "\$CATALOG([^"]+)"', (plugin_folder(plugin) / "README.md").read_text())
    assert len(requests) >= 3
    for request in requests:
        response = client.get(request)
        assert response.status_code == 200, request
        assert response.json().get("items") != [], request
