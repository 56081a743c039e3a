"""A refresh writes what has changed and nothing else."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog_plugins.agents.models import Agent

WRITING = ("INSERT", "UPDATE", "DELETE")


def writes(queries, table):
    statements = [re.sub(r"^[0-9]+ times: ", "", query["sql"]) for query in queries]
    return [sql[:100] for sql in statements if sql.startswith(WRITING) and f'"{table}"' in sql]


def times():
    return {row["name"]: (row["id"], row["created_at"], row["updated_at"]) for row in Agent.objects.values()}


def test_a_second_refresh_of_the_same_content_writes_no_entity(served):
    before, generation = times(), served.generation
    for forced in (False, True):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            job = served.refresh(forced=forced)
        assert job.state == "succeeded"
        for table in ("agents_agent", "catalog_core_setaside", "catalog_core_cataloggeneration"):
            assert writes(captured, table) == []
    assert (times(), served.generation) == (before, generation)


def test_a_touched_file_with_the_same_content_writes_no_entity(served):
    generation = served.generation
    with CaptureQueriesContext(connection) as captured:
        served.load([{"name": "first"}, {"name": "second"}])
    assert writes(captured, "agents_agent") == []
    assert served.generation == generation


def test_moving_lines_and_keys_about_writes_no_entity(served):
    generation = served.generation
    with CaptureQueriesContext(connection) as captured:
        served.load("# moved\nagents:\n\n- name: second\n- {name: first}\n")
    assert writes(captured, "agents_agent") == []
    assert served.generation == generation


def test_one_changed_item_writes_one_row_and_keeps_its_identity(served):
    before, generation = times(), served.generation
    served.load([{"name": "first", "version": "2"}, {"name": "second"}])
    after = times()
    assert after["second"] == before["second"]
    assert after["first"][:2] == before["first"][:2]
    assert after["first"][2] > before["first"][2]
    assert served.generation != generation
    assert served.row.last_summary == "Loaded 2 entities, wrote 1"


def test_a_renamed_item_is_another_entity(served):
    before = times()
    served.load([{"name": "first"}, {"name": "renamed"}])
    after = times()
    assert set(after) == {"first", "renamed"}
    assert after["renamed"][0] != before["second"][0]


def test_an_item_that_is_gone_and_comes_back_has_its_id_again(served):
    before = times()
    served.load([{"name": "first"}])
    served.load([{"name": "first"}, {"name": "second"}])
    assert times()["second"][0] == before["second"][0]


@pytest.mark.parametrize("change", ["nothing", "a loss", "a failure"])
def test_the_generation_stands_still_while_readers_see_the_same(served, change):
    generation, etag = served.generation, served.sandbox.client.get("/api/agents_catalog/v1alpha1/agents")["ETag"]
    content = {"nothing": [{"name": "second"}, {"name": "first"}], "a loss": "- 1", "a failure": "agents: {"}[change]
    served.load(content)
    assert served.generation == generation
    assert served.sandbox.client.get("/api/agents_catalog/v1alpha1/agents")["ETag"] == etag


def test_entities_are_stored_anew_when_their_plugin_translates_otherwise(served, monkeypatch):
    from catalog_plugins.agents.plugin import AgentsPlugin

    before = times()
    monkeypatch.setattr(AgentsPlugin, "translation_version", 2)
    monkeypatch.setattr(AgentsPlugin, "document", lambda self, row: {"name": row.name, "version": "made by v2"})
    served.settle()
    assert served.item("first")["version"] == "made by v2"
    assert times()["first"][:2] == before["first"][:2]


def test_patterns_choose_among_the_names_whatever_their_case(feed):
    items = [{"name": name} for name in ("Planner", "planner-2", "Router", "router-test")]
    feed.configure(includedItems=["PLANNER*", "router*"], excludedItems=["*-TEST"])
    feed.load(items)
    assert sorted(feed.names) == ["Planner", "Router", "planner-2"]
    assert (feed.row.state, feed.problems) == ("available", [])


def test_new_patterns_apply_although_the_file_has_not_moved(feed):
    feed.load([{"name": "one"}, {"name": "two"}, {"name": "three"}])
    for patterns, names in (
        ({"excludedItems": ["t*"]}, ["one"]),
        ({"includedItems": ["tw*"]}, ["two"]),
        ({"properties": {"yamlCatalogPath": "./feed.yaml", "excludedModels": ["one"]}}, ["three", "two"]),
        ({}, ["one", "three", "two"]),
    ):
        feed.configure(**patterns)
        feed.sandbox.settle()
        assert feed.names == names


def test_patterns_that_leave_nothing_are_a_wish_and_not_held_back(served):
    served.configure(includedItems=["nobody"])
    served.sandbox.settle()
    assert (served.names, served.row.state) == ([], "available")


@pytest.mark.parametrize("error", [KeyError("color"), TypeError("no"), ValueError("odd"), AttributeError("x")])
def test_an_exception_about_an_item_blames_the_item(served, monkeypatch, error):
    from catalog_plugins.agents.plugin import AgentsPlugin

    original = AgentsPlugin.entity

    def entity(self, item):
        if item.get("version") == "bad":
            raise error
        return original(self, item)

    monkeypatch.setattr(AgentsPlugin, "entity", entity)
    row = served.load([{"name": "first", "version": "2"}, {"name": "second", "version": "bad"}])
    assert row.state == "partially-available"
    assert served.item("first")["version"] == "2"
    assert "version" not in served.item("second")
    (problem,) = served.problems
    assert problem["rule"] == "invalid-item"
    assert str(error.args[0]) in problem["message"]


def test_a_bug_in_a_plugin_fails_the_refresh_and_nothing_else(served, monkeypatch, caplog):
    from catalog_plugins.agents.plugin import AgentsPlugin

    def entity(self, item):
        raise RuntimeError("password=hunter2")

    before = served.stored()
    with monkeypatch.context() as patched:
        patched.setattr(AgentsPlugin, "entity", entity)
        for _ in range(2):
            row = served.load([{"name": "first", "version": "2"}])
    assert (row.state, row.error_code, row.failures) == ("error", "internal", 2)
    assert "RuntimeError" in row.error
    assert "hunter2" not in row.error
    assert sum("Traceback" in (record.exc_text or "") for record in caplog.records) == 1
    assert served.stored() == before
    served.load([{"name": "first", "version": "2"}, {"name": "second"}])
    assert served.item("first")["version"] == "2"
    assert served.row.state == "available"


def test_a_bug_while_documents_are_made_leaves_nothing_half_stored(served, monkeypatch):
    from catalog_plugins.agents.plugin import AgentsPlugin

    def document(self, row):
        if row.name == "third":
            raise RuntimeError("no document")
        return {"name": row.name}

    before, cursor, generation = served.stored(), served.row.cursor, served.generation
    with monkeypatch.context() as patched:
        patched.setattr(AgentsPlugin, "document", document)
        row = served.load([{"name": "first", "version": "2"}, {"name": "third"}])
    assert (served.stored(), row.cursor, served.generation) == (before, cursor, generation)
    assert (row.state, row.entity_count) == ("error", 2)


def test_a_refresh_that_fails_at_its_very_end_is_done_again(served, monkeypatch):
    from catalog_core.entities.refresh import run

    def fail(*args, **kwargs):
        raise OSError("the disk is full")

    before = served.stored()
    original = run.note_success

    def note_then_fail(*args, **kwargs):
        original(*args, **kwargs)
        fail()

    with monkeypatch.context() as patched:
        patched.setattr(run, "note_success", note_then_fail)
        row = served.load([{"name": "first", "version": "2"}, {"name": "second"}])
    assert row.state == "error"
    assert served.stored() == before
    served.settle()
    assert served.item("first")["version"] == "2"


def test_a_refresh_that_the_configuration_overtakes_stores_nothing(served, monkeypatch):
    from catalog_core.sources.providers.local import FileProvider

    original = FileProvider.read

    def read_and_reconfigure(self, request):
        snapshot = original(self, request)
        served.configure(includedItems=["second"])
        served.sandbox.reconcile()
        return snapshot

    served.put([{"name": "first", "version": "2"}, {"name": "second", "version": "2"}])
    with monkeypatch.context() as patched:
        patched.setattr(FileProvider, "read", read_and_reconfigure)
        job = served.refresh()
    assert job.state == "canceled"
    assert "changed meanwhile" in job.message
    assert "version" not in served.item("first")
    served.sandbox.settle()
    assert served.names == ["second"]
    assert served.item("second")["version"] == "2"


@pytest.mark.parametrize("ends", ["well", "badly", "with nothing new"])
def test_a_source_disabled_during_its_refresh_stays_disabled(served, monkeypatch, ends):
    from catalog_core.exceptions import SourceUnavailable
    from catalog_core.sources.providers.base import Unchanged
    from catalog_core.sources.providers.local import FileProvider

    original = FileProvider.read

    def read_and_disable(self, request):
        served.configure(enabled=False)
        served.sandbox.reconcile()
        if ends == "badly":
            raise SourceUnavailable("gone")
        return Unchanged(cursor=request.cursor) if ends == "with nothing new" else original(self, request)

    served.put([{"name": "first", "version": "2"}, {"name": "second"}])
    monkeypatch.setattr(FileProvider, "read", read_and_disable)
    assert served.refresh().state == "canceled"
    assert (served.row.state, served.row.error, served.names) == ("disabled", "", [])


def test_remarks_about_unchanged_items_follow_them_to_their_new_place(served):
    served.load("agents:\n- name: first\n- name: second\n  verion: '1'\n")
    served.load("agents:\n- name: zero\n- name: first\n- # a comment\n  verion: '1'\n  name: second\n")
    (problem,) = served.problems
    assert (problem["line"], problem["path"]) == (5, "[2].verion")
