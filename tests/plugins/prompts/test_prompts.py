"""Prompt templates: the text stays as it is, whatever it holds, and tags are tags."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_core.testing.sample import catalog_plugin, serve_samples
from catalog_core.testing.translation import translate

LIST = "/api/prompts_catalog/v1alpha1/prompttemplates"


@given(st.text(min_size=1))
def test_a_template_is_kept_to_the_letter(template):
    assert translate(catalog_plugin("prompts"), {"name": "a", "template": template}).document["template"] == template


def test_a_single_tag_counts_as_a_list_with_a_remark():
    translated = translate(catalog_plugin("prompts"), {"name": "a", "taskTags": "writing"})
    assert translated.document["taskTags"] == ["writing"]
    assert [remark.rule for remark in translated.remarks] == ["text-as-list"]


@pytest.mark.django_db
def test_a_tag_is_found_whole_and_not_as_a_part_of_another(client):
    serve_samples(catalog_plugin("prompts"))

    def found(query):
        return {item["name"] for item in client.get(LIST, {"filterQuery": query}).json()["items"]}

    assert found("taskTags = 'writing'") == {"release-note-writer", "plain-language-rewrite"}
    assert found("taskTags = 'writ'") == set()
    assert found("taskTags LIKE '%sql'") == {"sql-from-question"}
