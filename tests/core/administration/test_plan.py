"""Plans: what a source would change, without touching what is stored of it."""

import json

import pytest

from catalog_core.administration.plan import plan_source
from catalog_core.administration.wish import entry_of
from catalog_core.exceptions import SourceInvalid, SourceUnavailable
from catalog_core.sources.models import Source
from catalog_core.testing.sample import catalog_plugin


def plan(entry, stored=None):
    return plan_source(catalog_plugin("agents"), entry, stored)


def entry(path="new.yaml", **more):
    return {"id": "new", "name": "New", "type": "yaml", "properties": {"yamlCatalogPath": path}, **more}


@pytest.fixture
def main(sandbox):
    """A source with two agents."""
    sandbox.serve("agents", {"main": "agents: [{name: a}, {name: b}]"})
    return sandbox


@pytest.mark.parametrize(
    ("content", "error"), [(None, SourceUnavailable), ("agents: [{name: a}]", None)], ids=["missing", "there"]
)
def test_a_source_that_cannot_be_read_has_no_plan(main, content, error):
    if content:
        main.write("new.yaml", content)
        assert plan(entry()).plan.total == 1
        return
    with pytest.raises(error):
        plan(entry())


def test_a_path_that_leads_outside_is_refused(main):
    with pytest.raises(SourceInvalid):
        plan(entry("../../etc/passwd"))


def test_the_source_and_its_entities_are_as_before(main):
    stored = Source.objects.get(key="main")
    before = Source.objects.values().get(key="main")
    main.write("main.yaml", "agents: [{name: a, category: other}, {name: c}]")
    found = plan({**entry_of(stored), "excludedItems": ["c"]}, stored)
    assert found.as_dict()["changed"]["names"] == ["a"]
    assert Source.objects.values().get(key="main") == before
    assert main.names("/api/agents_catalog/v1alpha1/agents") == ["a", "b"]


def test_an_item_that_is_not_valid_any_more_is_stale(main):
    stored = Source.objects.get(key="main")
    main.write("main.yaml", "agents: [{name: a, version: [1]}, {name: b}]")
    shown = plan(entry_of(stored), stored).as_dict()
    assert shown["stale"]["names"] == ["a"]
    assert shown["setAside"]["items"][0]["item"] == "a"


def test_a_file_of_which_nothing_can_be_read_would_be_refused(main):
    stored = Source.objects.get(key="main")
    main.write("main.yaml", "agents: [")
    assert plan(entry_of(stored), stored).as_dict()["refused"]


def test_nothing_is_left_behind_in_the_data_folder(main, settings):
    main.write("new.yaml", "agents: []")
    before = sorted(path.name for path in settings.CATALOG["data_dir"].iterdir())
    plan(entry())
    assert sorted(path.name for path in settings.CATALOG["data_dir"].iterdir()) == before


def test_a_source_that_takes_longer_than_a_request_may_is_given_up(main, settings):
    main.write("new.yaml", json.dumps({"agents": [{"name": "a", "description": "x" * 100_000}] * 30}))
    settings.CATALOG = {**settings.CATALOG, "refresh_wait_seconds": 0.0}
    with pytest.raises(SourceUnavailable, match="within 0 seconds"):
        plan(entry())
