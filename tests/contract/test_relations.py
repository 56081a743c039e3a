"""Every relation that a catalog announces is one that its sample data has, and that leads somewhere."""

import re
from pathlib import Path

import pytest

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.references import AssetReference
from catalog_core.plugins.registry import registry
from catalog_core.testing.sample import catalog_plugin, serve_samples

PAGE = Path(__file__).parents[2] / "docs" / "relations.md"
REFERRING = [plugin.name for plugin in registry if isinstance(plugin, CatalogPlugin) and plugin.references]


@pytest.fixture
def all_samples(sandbox):
    """A server with the sample data of all plugins."""
    for plugin in registry:
        if isinstance(plugin, CatalogPlugin):
            serve_samples(plugin)
    return sandbox


def test_some_of_the_bundled_catalogs_announce_relations():
    assert {"agents", "model", "skills"} <= set(REFERRING)


def test_announced_relations_lead_to_assets(all_samples):
    for name in REFERRING:
        plugin = catalog_plugin(name)
        announced = all_samples.get(f"/api/plugins/{name}/capabilities")["entities"][0]["relations"]
        assert [(one["path"], one["kind"], one["relation"]) for one in announced] == [
            (one.path, one.kind, one.relation) for one in plugin.references
        ]
        for one in announced:
            held = AssetReference.objects.filter(asset__kind=plugin.kind, relation=one["relation"], kind=one["kind"])
            assert held.exists(), f"the sample data of {name} has nothing at {one['path']}"
            answer = all_samples.get(f"/api/assets/{held[0].asset_id}/relations", direction="out")
            found = [relation["to"] for relation in answer["relations"] if relation["relation"] == one["relation"]]
            assert found
            assert all(to["kind"] == one["kind"] and "uid" in to for to in found)


def test_an_asset_links_to_what_it_refers_to_and_is_met_from_there(all_samples):
    asset = all_samples.get("/api/assets/Agent/front-desk")
    related = {(one["kind"], one["name"]) for one in asset["status"]["links"]["related"]}
    assert related == {
        ("Agent", "shop-assistant"),
        ("Agent", "incident-investigator"),
        ("CatalogModel", "saltmarsh/heron-1b-draft"),
        ("Guardrail", "topic-boundary"),
        ("Policy", "answers-are-logged"),
        ("PromptTemplate", "ticket-triage"),
    }
    for kind, name in related:
        other = all_samples.get(f"/api/assets/{kind}/{name}")["metadata"]["uid"]
        naming = all_samples.get(f"/api/assets/{other}/relations", direction="in")["relations"]
        assert asset["metadata"]["uid"] in [one["from"]["uid"] for one in naming]
        assert all_samples.get(f"/api/assets/{other}/impact")["breaks"]


@pytest.mark.parametrize("name", REFERRING)
def test_sample_data_names_nothing_in_vain(all_samples, name):
    sources = all_samples.get(f"/api/{name}_catalog/v1alpha1/management/diagnostics")["sources"]
    assert [source.get("unresolvedReferences", []) for source in sources] == [[]] * len(sources)


def test_the_page_on_relations_tells_all_of_them():
    told = re.findall(r"^\| (\w+) \| `([^`]+)` \| (\w+) \| ([^|]+) \|$", PAGE.read_text(), re.MULTILINE)
    declared = {
        (plugin.kind, one.path, one.kind, one.relation)
        for plugin in map(catalog_plugin, ("agents", "skills", "model"))
        for one in plugin.references
    }
    assert set(told) == declared
    assert len(told) == len(declared)
