"""A source that suddenly holds much less is not believed until somebody says so."""

import pytest

MANY = [{"name": f"agent-{number}"} for number in range(10)]


@pytest.mark.parametrize("kept", [0, 1, 4])
def test_a_sudden_loss_is_held_back_and_explained(feed, kept):
    feed.load(MANY)
    generation = feed.generation
    row = feed.load(MANY[:kept])
    assert len(feed.names) == 10
    assert (row.state, row.error_code) == ("error", "held_back")
    assert f"holds {kept} entities now, 10 before" in row.error
    assert "force" in row.error
    assert feed.generation == generation


def test_half_of_it_is_no_sudden_loss(feed):
    feed.load(MANY)
    assert feed.load(MANY[:5]).state == "available"
    assert len(feed.names) == 5


@pytest.mark.parametrize(("percent", "kept", "state"), [(0, 0, "available"), (90, 8, "error"), (10, 1, "available")])
def test_the_threshold_of_a_source_counts(feed, percent, kept, state):
    feed.configure(properties={"yamlCatalogPath": "./feed.yaml", "shrinkThresholdPercent": percent})
    feed.load(MANY)
    assert feed.load(MANY[:kept]).state == state
    assert len(feed.names) == (kept if state == "available" else 10)


def test_the_threshold_of_the_server_counts_where_a_source_has_none(feed, settings):
    settings.CATALOG = {**settings.CATALOG, "shrink_threshold": 0}
    feed.load(MANY)
    assert feed.load([]).state == "available"


def test_a_forced_refresh_accepts_the_loss(feed):
    feed.load(MANY)
    feed.load([])
    job = feed.refresh(forced=True)
    assert (job.state, job.entities_removed) == ("succeeded", 10)
    assert (feed.names, feed.row.state, feed.row.error) == ([], "available", "")


def test_a_refresh_without_force_says_again_what_is_held_back(feed):
    feed.load(MANY)
    feed.load(MANY[:1])
    for _ in range(2):
        job = feed.refresh()
        assert job.state == "failed"
        assert "1 entities now, 10 before" in job.last_error
        assert (feed.row.state, feed.row.error_code) == ("error", "held_back")


def test_content_that_was_held_back_is_not_read_at_every_tick(feed):
    from catalog_core.jobs.models import RefreshJob

    feed.load(MANY)
    row = feed.load(MANY[:1])
    row.rejected["cursor"]["readNs"] += 10_000_000_000  # as if the file had been old when it was read
    row.save()
    before = RefreshJob.objects.count()
    feed.settle()
    assert RefreshJob.objects.count() == before
    assert feed.row.error_code == "held_back"


def test_what_was_held_back_is_forgotten_once_the_source_is_whole_again(feed):
    feed.load(MANY)
    feed.load(MANY[:1])
    row = feed.load(MANY)
    assert (row.state, row.error, row.rejected) == ("available", "", {})
    row = feed.load([*MANY, {"name": "more"}])
    assert row.entity_count == 11


def test_an_error_of_another_kind_does_not_hide_that_content_is_held_back(feed):
    feed.load(MANY)
    feed.load(MANY[:1])
    file = feed.sandbox.folder / "feed.yaml"
    aside = file.rename(file.with_name("aside.yaml"))
    assert feed.settle().error_code == "unavailable"
    aside.rename(file)
    assert feed.settle().error_code == "held_back"
    assert len(feed.names) == 10


def test_a_loss_that_people_have_configured_is_not_held_back(feed):
    feed.load(MANY)
    feed.sandbox.write("small.yaml", "agents: [{name: agent-1}]")
    feed.configure(properties={"yamlCatalogPath": "./small.yaml"})
    feed.sandbox.settle()
    assert feed.names == ["agent-1"]


def test_a_source_that_is_renamed_loses_nothing_by_it(feed):
    feed.load(MANY)
    feed.put([])
    feed.configure(name="Feed of another name", labels=["Renamed"])
    feed.sandbox.settle()
    assert (len(feed.names), feed.row.name, feed.row.error_code) == (10, "Feed of another name", "held_back")


def test_items_that_become_invalid_are_no_loss(feed):
    feed.load(MANY)
    row = feed.load([{"name": item["name"], "version": []} for item in MANY])
    assert row.state in ("available", "partially-available")
    row = feed.load([{"name": item["name"], "version": {}} for item in MANY])
    assert (row.state, row.stale_count, len(feed.names)) == ("partially-available", 10, 10)
