"""Several people and a refresh write about the same entity at the same time."""

import json
import threading

import pytest
from django.db import connection

from catalog_core.assets.overlays import change_overlays
from catalog_core.entities.envelope import Asset, Overlay, OverlayChange
from catalog_core.entities.refresh import refresh_source
from catalog_core.sources.models import Source
from catalog_core.testing.sample import catalog_plugin, load_sample
from catalog_plugins.agents.models import Agent

ROUNDS = 8


@pytest.fixture
def feed(shared_database, tmp_path, settings):
    """A source with one agent, whose file can be written anew."""
    settings.CATALOG = {**settings.CATALOG, "sources_files": (tmp_path / "sources.yaml",)}
    path = tmp_path / "feed.yaml"

    def write(text):
        path.write_text(json.dumps({"agents": [{"name": "planner", "description": text}, {"name": "other"}]}))

    write("0")
    load_sample(catalog_plugin("agents"), "feed", path)
    return write


def together(*jobs):
    """Run jobs in threads of their own, beginning at the same moment; fail with whatever one of them raises."""
    errors, start = [], threading.Barrier(len(jobs))

    def run(job):
        try:
            start.wait()
            job()
        except Exception as error:  # noqa: BLE001 - told by the thread that waits
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def tagger(name):
    def add():
        plugin, source = catalog_plugin("agents"), Source.objects.get(key="feed")
        uid = Agent.objects.get(name="planner").id
        for number in range(ROUNDS):
            change = {uid: OverlayChange(add_tags=[f"{name}{number}"])}
            change_overlays(plugin, source, change, actor=name)

    return add


def check():
    """All tags are there, in the overlay, the entity and the asset."""
    row, overlay = Agent.objects.get(name="planner"), Overlay.objects.get()
    asset = Asset.objects.get(uid=row.id)
    wanted = {f"{name}{number}" for name in "ab" for number in range(ROUNDS)}
    assert set(overlay.tags) == wanted
    assert set(json.loads(row.document)["tags"]) == wanted
    assert set(json.loads(asset.document)["metadata"]["tags"]) == wanted == set(asset.tags)
    assert json.loads(row.document)["description"] == json.loads(asset.document)["metadata"]["description"]
    return row


@pytest.mark.django_db(transaction=True)
def test_no_tag_of_two_people_is_lost(feed):
    together(tagger("a"), tagger("b"))
    check()


@pytest.mark.django_db(transaction=True)
def test_a_refresh_at_the_same_time_loses_no_tag_and_brings_no_old_content_back(feed):
    def refreshes():
        plugin = catalog_plugin("agents")
        for number in range(1, ROUNDS + 1):
            feed(str(number))
            refresh_source(Source.objects.get(key="feed"), plugin, forced=True)

    together(tagger("a"), tagger("b"), refreshes)
    assert check().description == str(ROUNDS)


@pytest.mark.django_db(transaction=True)
def test_an_entity_that_goes_away_meanwhile_leaves_nothing_half_done(feed):
    plugin, source = catalog_plugin("agents"), Source.objects.get(key="feed")
    uid = Agent.objects.get(name="planner").id
    Agent.objects.filter(pk=uid).delete()
    Asset.objects.filter(uid=uid).delete()
    assert change_overlays(plugin, source, {uid: OverlayChange(add_tags=["x"])}, actor="a") == {}
    assert not Overlay.objects.exists()
