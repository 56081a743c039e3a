"""Skills: the risk level stands inside the safety mapping, and is filtered and ordered by as if it did not."""

import pytest

from catalog_core.testing.sample import catalog_plugin, serve_samples
from catalog_core.testing.translation import translate

LIST = "/api/skills_catalog/v1alpha1/skills"


@pytest.fixture
def plugin():
    return catalog_plugin("skills")


def test_mappings_are_kept_as_they_were_written(plugin):
    safety = {"riskLevel": "low", "allowedNamespaces": [], "secretRefs": None, "notes": {"deep": [1, 2.5, False]}}
    assert translate(plugin, {"name": "a", "safety": safety}).document["safety"] == safety


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["riskLevel", "safety.riskLevel"])
def test_the_risk_level_has_a_short_name(plugin, client, name):
    serve_samples(plugin)
    items = client.get(LIST, {"filterQuery": f"{name} = 'high'"}).json()["items"]
    assert {item["name"] for item in items} == {"restart-deployment", "run-playbook"}


@pytest.mark.django_db
def test_skills_are_found_by_the_server_that_they_call(plugin, client):
    serve_samples(plugin)
    answer = client.get(LIST, {"filterQuery": "execution.mcpServerRef = 'postgres-mcp-server'"}).json()
    assert [item["name"] for item in answer["items"]] == ["query-orders"]
