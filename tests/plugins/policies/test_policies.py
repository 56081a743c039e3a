"""Policies: rules are texts, also those that look like something else."""

import pytest

from catalog_core.testing.sample import catalog_plugin, serve_samples
from catalog_core.testing.translation import translate

LIST = "/api/policies_catalog/v1alpha1/policies"


def test_an_entrypoint_is_kept_to_the_letter():
    entrypoint = "a.b['c'] == \"d\" && !(x in [1, 2]) || size(y) > 3"
    document = translate(catalog_plugin("policies"), {"name": "a", "entrypoint": entrypoint}).document
    assert document["entrypoint"] == entrypoint


def test_a_version_that_yaml_takes_for_a_number_is_a_text_with_a_remark():
    translated = translate(catalog_plugin("policies"), {"name": "a", "version": 1.2})
    assert translated.document["version"] == "1.2"
    assert [remark.rule for remark in translated.remarks] == ["number-as-text"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("name LIKE 'approved-%'", {"approved-tools", "approved-models"}),
        ("enforcementMode = 'dry-run'", {"token-budget"}),
        ("NOT (enforcementMode IN ('enforce', 'audit'))", {"token-budget"}),
    ],
)
def test_policies_are_found_by_name_and_mode(client, query, expected):
    serve_samples(catalog_plugin("policies"))
    assert {item["name"] for item in client.get(LIST, {"filterQuery": query}).json()["items"]} == expected
