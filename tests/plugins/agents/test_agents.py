"""Agents: what they lean on is kept as it was written."""

import pytest

from catalog_core.plugin import InvalidItem
from catalog_core.testing.sample import catalog_plugin
from catalog_core.testing.translation import translate

REFERENCES = {
    "tools": [{"skillRef": "a", "required": True}, {"mcpToolRef": "b", "timeout": 3}],
    "knowledge": [{"knowledgeSourceRef": "a", "retrievalHints": {"topK": 3}}],
    "guardrails": [{"guardrailRef": "a", "enforcementMode": "required"}],
    "policies": [{"policyRef": "a"}],
    "promptRefs": [{"promptTemplateRef": "a", "role": "system"}],
    "dependencies": [{"agentRef": "a", "role": "delegate", "anything": [1, {"else": None}]}],
}


@pytest.fixture
def plugin():
    return catalog_plugin("agents")


@pytest.mark.parametrize("field", REFERENCES)
def test_references_are_kept_as_they_were_written(plugin, field):
    document = translate(plugin, {"name": "a", field: REFERENCES[field]}).document
    assert document[field] == REFERENCES[field]


@pytest.mark.parametrize("field", REFERENCES)
def test_names_in_place_of_mappings_set_the_agent_aside(plugin, field):
    with pytest.raises(InvalidItem) as caught:
        translate(plugin, {"name": "a", field: ["web-search"]})
    assert (caught.value.problem.rule, caught.value.problem.path) == ("wrong-type", field)


def test_long_instructions_are_kept_whole(plugin):
    instructions = "Be patient. " * 20_000
    assert translate(plugin, {"name": "a", "instructions": instructions}).document["instructions"] == instructions
