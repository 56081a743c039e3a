"""Relations of real catalogs, counted once more from their files."""

from collections import Counter

import pytest
import yaml

from catalog_core.entities.references import AssetReference
from catalog_core.testing.sample import catalog_plugin, load_sample, serve_samples

pytestmark = pytest.mark.real_data


def items(path, key):
    return yaml.load(path.read_text(), Loader=yaml.CSafeLoader)[key]


def test_every_name_in_real_agents_is_a_relation_and_without_its_catalog_unresolved(world, shared_data):
    path = shared_data / "real" / "agents.yaml"
    serve_samples(catalog_plugin("agents"), [path])
    expected = Counter()
    for item in items(path, "agents"):
        named = {("uses", tool["skillRef"]) for tool in item.get("tools", ()) if "skillRef" in tool}
        named |= {("runs on", item["modelConfig"]["preferredModelRef"])}
        expected.update(relation for relation, _ in named)
    assert Counter(AssetReference.objects.values_list("relation", flat=True)) == expected
    found = world.diagnosis("agents", "agents-agents")
    assert found["unresolvedReferenceCount"] == expected.total() == 67 + 202


def test_the_samples_of_the_reference_find_each_other(world, shared_data):
    samples = shared_data / "reference-samples"
    files = {
        "agents": ["agents/sample-agents.yaml"],
        "skills": ["skills/sample-skills.yaml"],
        "mcp": ["mcp/mcp-servers.yaml"],
        "knowledge": ["knowledge/sample-knowledge-sources.yaml"],
        "guardrails": ["guardrails/sample-guardrails.yaml"],
        "policies": ["policies/sample-policies.yaml"],
        "prompts": ["prompts/sample-prompts.yaml"],
    }
    names = {}
    for plugin_name, paths in files.items():
        plugin = catalog_plugin(plugin_name)
        for path in paths:
            load_sample(plugin, "samples", samples / path)
            names[plugin.kind] = {item["name"] for item in items(samples / path, plugin.plural)}
    serve_samples(catalog_plugin("agents"), [])
    agents = items(samples / "agents/sample-agents.yaml", "agents")
    for agent in agents:
        answer = world.relations(world.uid("agents", agent["name"]), direction="out")
        places = (
            ("tools", "skillRef", "Skill"),
            ("tools", "mcpToolRef", "McpServer"),
            ("knowledge", "knowledgeSourceRef", "KnowledgeSource"),
            ("guardrails", "guardrailRef", "Guardrail"),
            ("policies", "policyRef", "Policy"),
            ("promptRefs", "promptTemplateRef", "PromptTemplate"),
            ("dependencies", "agentRef", "Agent"),
        )
        expected = {
            (kind, one[key], one[key] in names[kind])
            for field, key, kind in places
            for one in agent.get(field, ())
            if key in one
        }
        found = {
            (one["to"]["kind"], one["to"]["name"], "uid" in one["to"])
            for one in answer["relations"]
            if one["to"]["kind"] != "CatalogModel"
        }
        assert found == expected
    assert world.impact(world.uid("guardrails", "pii-detector"))["countByKind"]["Agent"] >= 2
    assert load_sample(catalog_plugin("agents"), "samples", samples / "agents/sample-agents.yaml").written == 0
