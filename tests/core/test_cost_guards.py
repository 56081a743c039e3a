"""What things cost, counted and never timed: queries for each answer, rows for each refresh, bytes for each look."""

import json
import sys

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog_core.entities.bulk import COPIED_FROM
from catalog_plugins.agents.models import Agent

BASE = "/api/agents_catalog/v1alpha1"
MANY = COPIED_FROM + 7
opened: list[str] | None = None


def _note_opened(event, arguments):
    if opened is not None and event == "open":
        opened.append(str(arguments[0]))


sys.addaudithook(_note_opened)


@pytest.fixture
def note_opened():
    """Give the list of files that are opened from now on."""
    global opened
    opened = []
    yield opened
    opened = None


def agents(count, changed=()):
    return json.dumps(
        {
            "agents": [
                {"name": f"agent {n}", "version": "2" if n in changed else "1", "labels": {}} for n in range(count)
            ]
        }
    )


@pytest.fixture
def filled(sandbox):
    sandbox.serve("agents", {"one": agents(MANY)})
    return sandbox


@pytest.mark.parametrize(
    ("path", "most"),
    [
        (f"{BASE}/agents", 3),
        (f"{BASE}/agents?pageSize=2&orderBy=version", 3),
        (f"{BASE}/agents?pageSize=2&filterQuery=version='1'", 4),
        (f"{BASE}/agents/agent 3", 3),
        ("/api/assets?pageSize=2", 4),
        ("/api/plugins", 3),
        ("/api/plugins/agents/capabilities", 1),
    ],
)
def test_an_answer_costs_few_queries_whatever_is_stored(filled, path, most):
    filled.get(path)
    with CaptureQueriesContext(connection) as queries:
        filled.get(path)
    reading = [query["sql"] for query in queries if "SAVEPOINT" not in query["sql"]]
    assert len(reading) <= most + 1, reading  # and one that asks whether the plugin serves


def test_a_refresh_writes_the_rows_that_changed(filled):
    before = {agent.name: agent.updated_at for agent in Agent.objects.all()}
    assert len(before) == MANY
    filled.write("one.yaml", agents(MANY, changed=(3, 5)))
    filled.settle()
    after = {agent.name: agent.updated_at for agent in Agent.objects.all()}
    assert {name for name in after if after[name] != before[name]} == {"agent 3", "agent 5"}


def test_many_rows_are_stored_as_few_are(filled):
    """On PostgreSQL, many rows go another way; every second time they replace what is there."""
    for version in ("2", "3"):
        filled.write("one.yaml", agents(MANY).replace('"version": "1"', f'"version": "{version}"'))
        filled.settle()
        assert set(Agent.objects.values_list("version", flat=True)) == {version}
        assert Agent.objects.count() == MANY
        assert filled.get("/api/assets?pageSize=1")["totalSize"] == MANY


def test_a_look_at_a_source_that_has_not_moved_reads_none_of_it(filled, note_opened, settings):
    from catalog_core.sources.models import Source

    source = Source.objects.get()
    source.cursor = {**source.cursor, "readNs": source.cursor["readNs"] + 10**10}  # its times can be trusted by now
    source.save()
    for _ in range(2):
        assert filled.reconcile().jobs == ()
    assert [name for name in note_opened if name.endswith("one.yaml")] == []


def test_a_look_at_a_source_that_has_moved_reads_it_once(filled, note_opened):
    filled.write("one.yaml", agents(MANY, changed=(1,)))
    note_opened.clear()
    filled.settle()
    assert len([name for name in note_opened if name.endswith("one.yaml")]) == 1
