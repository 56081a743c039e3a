"""Layers of validation, and what stands for a source in a request."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_core.administration.redaction import REDACTED
from catalog_core.administration.validation import validate
from catalog_core.administration.wish import Wish, entry_of, merged
from catalog_core.sources.models import Source
from catalog_core.testing.sample import catalog_plugin

_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=10), inner, max_size=3)),
    max_leaves=6,
)
_KEYS = st.sampled_from(
    ["id", "name", "type", "enabled", "labels", "properties", "includedItems", "excludedItems", "lables", "status"]
)
_BODIES = st.dictionaries(_KEYS, st.one_of(_JSON, st.sampled_from(["yaml", "http", "git"])))


def wish(body: dict[str, Any], stored: Source | None = None) -> Wish:
    return Wish.of(catalog_plugin("agents"), body, stored)


def stored_source(**columns: Any) -> Source:
    return Source(plugin="agents", key="a", name="A", type="http", **columns)


@settings(max_examples=200, deadline=None)
@given(_BODIES)
def test_whatever_is_sent_gets_an_answer_and_no_error_is_without_a_message(body):
    report = validate(wish(body))
    shown = report.as_dict()
    assert shown["valid"] is (not report.errors)
    assert all(finding["message"] for finding in shown.get("errors", []))
    assert shown["layerResults"][0]["layer"] == "yaml_parse"


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60))
def test_whatever_text_the_content_is_it_gets_an_answer(content):
    body = {"id": "a", "name": "A", "type": "yaml", "properties": {"yamlCatalogPath": "a.yaml", "content": content}}
    report = validate(wish(body))
    assert all(problem.path.startswith("properties.content") for problem in report.errors)


def test_patterns_stay_unless_the_request_states_them():
    stored = stored_source(included_items=["x*"], excluded_items=["y"])
    body = {"id": "a", "name": "B", "type": "http", "properties": {"url": "https://example.org"}}
    entry = wish(body, stored).entry()
    assert (entry["includedItems"], entry["excludedItems"]) == (["x*"], ["y"])
    entry = wish({**body, "excludedItems": []}, stored).entry()
    assert (entry["includedItems"], entry["excludedItems"]) == (["x*"], [])


def test_a_redacted_secret_is_the_stored_one():
    stored = stored_source(properties={"url": "https://example.org", "token": "stored-secret"})
    body = {"id": "a", "name": "A", "type": "http", "properties": {"url": "https://example.net", "token": REDACTED}}
    assert wish(body, stored).entry()["properties"] == {"url": "https://example.net", "token": "stored-secret"}


def test_the_content_of_a_file_is_no_part_of_the_entry():
    properties = {"yamlCatalogPath": "a.yaml", "content": "agents: []"}
    asked = wish({"id": "a", "name": "A", "type": "yaml", "properties": properties, "status": {}})
    assert asked.content == "agents: []"
    assert asked.entry() == {"id": "a", "name": "A", "type": "yaml", "properties": {"yamlCatalogPath": "a.yaml"}}


def test_the_entry_of_a_source_is_valid_and_stands_for_it():
    stored = stored_source(properties={"url": "https://example.org"}, labels=["x"])
    entry = entry_of(stored)
    assert validate(wish(entry, stored)).valid
    assert wish(entry, stored).entry() == entry


def test_a_merge_patch_changes_what_it_names_and_null_removes():
    target = {"a": "b", "c": {"d": "e", "f": "g"}}
    assert merged(target, {"a": "z", "c": {"f": None}}) == {"a": "z", "c": {"d": "e"}}
    assert merged({"a": [1]}, {"a": {"b": None, "c": 1}}) == {"a": {"c": 1}}
    assert target == {"a": "b", "c": {"d": "e", "f": "g"}}
