"""Guardrails: an unusual mode is served, because catalogs outlive lists of usual values."""

import pytest

from catalog_core.testing.sample import catalog_plugin, load_sample, serve_samples
from catalog_core.testing.translation import translate

LIST = "/api/guardrails_catalog/v1alpha1/guardrails"


def test_lists_and_mappings_are_kept():
    item = {"name": "a", "riskCategories": ["pii", "hate"], "modalities": ["text"], "configRef": {"path": "x"}}
    document = translate(catalog_plugin("guardrails"), item).document
    assert item.items() <= document.items()


@pytest.mark.django_db
def test_an_unusual_mode_is_served_and_remarked_on(client, tmp_path):
    file = tmp_path / "guardrails.yaml"
    file.write_text("guardrails:\n  - name: a\n    enforcementMode: perhaps\n")
    plugin = catalog_plugin("guardrails")
    outcome = load_sample(plugin, "odd", file)
    serve_samples(plugin, files=())
    assert (outcome.loaded, outcome.set_aside) == (1, 0)
    assert client.get(f"{LIST}/a").json()["enforcementMode"] == "perhaps"


@pytest.mark.django_db
def test_guardrails_are_found_by_risk(client):
    serve_samples(catalog_plugin("guardrails"))
    items = client.get(LIST, {"filterQuery": "riskCategories = 'pii' OR riskCategories = 'prompt_injection'"}).json()
    assert {item["name"] for item in items["items"]} == {"secret-redaction", "retrieved-instructions-filter"}
