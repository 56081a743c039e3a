"""Configurations that cannot be used, as a whole or in part: what was in force stays in force, and it is told."""

import json

import pytest

from catalog_core.entities.generations import generation_tags
from catalog_core.sources.models import ConfigurationState, Source
from tests.core.reconcile.conftest import BASE, agents_of, entry

ALL = ["one-a", "one-b", "two-a", "two-b"]
BOMB = "x: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"y{level}: &{chr(98 + level)} [{', '.join([f'*{chr(97 + level)}'] * 9)}]\n" for level in range(12)
)


def ready(sandbox):
    return sandbox.get("/readyz")["components"]["configuration"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read"),
        (b"", "empty"),
        (b"# nothing\n", "empty"),
        (b"- a\n- b\n", "mapping"),
        (b"just words\n", "mapping"),
        (b"sources: []\n", "catalogs"),
        (b"catalogs: []\n", "mapping"),
        (b"catalogs:\n\tagents: {}\n", "tab"),
        (b"catalogs: {agents: {sources: [\n", "truncated"),
        (b"catalogs: {}\n---\ncatalogs: {}\n", "second document"),
        (b"catalogs: {}\ncatalogs: {}\n", "twice"),
        (b"catalogs: \xff\n", "UTF-8"),
        (b"catalogs: {" + b" " * 1_100_000 + b"}", "larger than"),
        (BOMB.encode() + b"catalogs: {}\n", "alias"),
        (b"catalogs: " + b"[" * 3000 + b"]" * 3000, "deep"),
    ],
    ids=[
        "missing",
        "empty",
        "comment",
        "list",
        "words",
        "no catalogs",
        "catalogs as list",
        "tab",
        "truncated",
        "two documents",
        "duplicate key",
        "not UTF-8",
        "too large",
        "bomb",
        "too deep",
    ],
)
def test_a_configuration_that_cannot_be_used_changes_nothing(served, caplog, content, says):
    before = (list(Source.objects.values()), generation_tags())
    good = served.sources_file.read_bytes()
    if content is None:
        served.sources_file.unlink()
    else:
        served.sources_file.write_bytes(content)
    for _ in range(3):
        report = served.reconcile()
        assert report.ran
        assert not report.applied
    assert says.lower() in report.error.lower()
    assert "sources.yaml" in report.error
    assert str(served.folder) not in report.error
    assert ready(served) == {"status": "error", "error": report.error}
    assert served.names(BASE) == ALL
    assert (list(Source.objects.values()), generation_tags()) == before
    assert len([record for record in caplog.records if "stays in force" in record.getMessage()]) == 1
    served.sources_file.write_bytes(good)
    report = served.reconcile()
    assert (report.error, bool(report.changes)) == ("", False)
    assert ready(served)["status"] == "applied"
    assert generation_tags() == before[1]


def test_a_file_that_may_not_be_read_changes_nothing(served):
    served.sources_file.unlink()
    served.sources_file.mkdir()
    assert "cannot be read" in served.reconcile().error
    assert served.names(BASE) == ALL


def test_a_server_without_configuration_serves_empty_catalogs_and_says_why(sandbox):
    report = sandbox.reconcile()
    assert "cannot be read" in report.error
    assert sandbox.names(BASE) == []
    assert ready(sandbox)["status"] == "error"


@pytest.mark.parametrize(
    ("bad", "rule", "line_of"),
    [
        ({"id": "bad", "name": "x", "type": "yaml"}, "missing-property", '"bad"'),
        ({**entry("bad"), "type": "ymal"}, "unknown-type", '"bad"'),
        ({**entry("bad"), "enabeld": False}, "unknown-key", "enabeld"),
        ({**entry("bad"), "enabled": "perhaps"}, "wrong-type", "perhaps"),
        ({**entry("bad"), "properties": []}, "wrong-type", None),
        ({**entry("bad"), "labels": "Public"}, "wrong-type", "Public"),
        ({**entry("bad"), "includedItems": [" "]}, "bad-pattern", None),
        ({**entry("bad"), "id": ["bad"]}, "wrong-type", None),
        ({"name": "no id", "type": "yaml"}, "missing-id", None),
        ("just text", "wrong-type", "just text"),
        (entry("one"), "duplicate-id", None),
        ({**entry("bad"), "properties": {"yamlCatalogPath": "./x.yaml", "syncInterval": "0s"}}, "wrong-value", "0s"),
        ({**entry("bad"), "properties": {"yamlCatalogPath": "./x.yaml", "syncInterval": "often"}}, "wrong-value", None),
        ({**entry("bad"), "properties": {"yamlCatalogPath": "./x.yaml", "yamlPath": 1}}, "unknown-property", None),
        ({**entry("bad"), "properties": {"yamlCatalogPath": 7}}, "wrong-value", None),
        ({**entry("bad"), "properties": {"yamlCatalogPath": "./x.yaml", "shrinkThresholdPercent": "x"}}, None, None),
    ],
)
def test_a_bad_entry_is_reported_with_its_place_and_the_rest_applies(served, bad, rule, line_of):
    served.write("three.yaml", "agents: [{name: three-a}]")
    text = agents_of(entry("one"), bad, entry("two"), entry("three"))
    served.configure(text)
    for _ in range(3):
        served.settle()
    assert served.names(BASE) == sorted([*ALL, "three-a"])
    problems = [problem for problem in ConfigurationState.current().problems if problem["severity"] == "error"]
    assert problems
    assert rule is None or rule in [problem["rule"] for problem in problems]
    assert problems[0]["file"] == "sources.yaml"
    if line_of:
        lines = [number for number, line in enumerate(text.splitlines(), 1) if line_of in line]
        assert abs(problems[0]["line"] - lines[0]) <= 1
    assert ready(served)["problems"]


def test_a_bad_entry_does_not_keep_the_server_from_being_ready(sandbox):
    sandbox.configure(agents_of({"id": "bad", "name": "x", "type": "yaml"}, {**entry("worse"), "type": "ymal"}))
    sandbox.settle()
    assert sandbox.get("/readyz")["status"] == "ready"
    assert {source.state for source in Source.objects.all()} == {"error"}


@pytest.mark.parametrize("damage", [{"type": "ymal"}, {"properties": {}}, {"enabeld": True}, {"labels": 5}])
def test_a_source_whose_entry_is_damaged_goes_on_as_it_was(served, damage):
    served.configure(agents_of({**entry("one"), **damage}, entry("two")))
    served.settle()
    assert served.names(BASE) == ALL
    served.write("one.yaml", json.dumps({"agents": [{"name": "one-a"}, {"name": "one-c"}]}))
    served.settle()
    assert served.names(BASE) == ["one-a", "one-c", "two-a", "two-b"]
    assert ConfigurationState.current().problems
    served.configure(agents_of(entry("one"), entry("two")))
    served.settle()
    assert (served.source("one").state, served.source("one").error) == ("available", "")
    assert ConfigurationState.current().problems == []


def test_an_entry_that_is_still_damaged_is_still_shown_as_damaged_after_a_refresh(served):
    served.configure(agents_of({**entry("one"), "properties": {}}, entry("two")))
    served.settle()
    told = served.source("one").error
    assert "yamlCatalogPath" in told
    served.write("one.yaml", "agents: [{name: one-a}]")
    served.settle()
    source = served.source("one")
    assert (source.state, source.error, source.entity_count) == ("error", told, 1)


def test_entries_without_an_id_do_not_remove_those_that_may_be_meant(served):
    nameless = {key: value for key, value in entry("one").items() if key != "id"}
    served.configure(agents_of(nameless, entry("two")))
    served.settle()
    assert served.names(BASE) == ALL


def test_a_catalog_that_nobody_knows_is_named_with_a_guess(served):
    text = json.loads(served.sources_file.read_text())
    served.configure(json.dumps({"catalogs": {**text["catalogs"], "agnets": {"sources": [entry("three")]}}}))
    served.settle()
    (problem,) = ConfigurationState.current().problems
    assert problem["rule"] == "unknown-plugin"
    assert "agents" in problem["hint"]
    assert served.names(BASE) == ALL


def test_problems_are_logged_once(served, caplog, django_capture_on_commit_callbacks):
    served.configure(agents_of({**entry("one"), "type": "ymal"}, entry("two")))
    with django_capture_on_commit_callbacks(execute=True):
        for starting in (False, False, True):
            served.reconcile(starting=starting)
    assert len([record for record in caplog.records if "ymal" in record.getMessage()]) == 1
