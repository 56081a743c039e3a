"""What a refresh holds of each entity is bounded, whatever the size of its source."""

import json
import threading
import tracemalloc
from datetime import UTC, datetime

import pytest

from catalog_core.entities.refresh.changes import BATCH, Change, Changes
from catalog_core.entities.refresh.comparison import compare
from catalog_core.entities.refresh.inventory import Inventory
from catalog_core.entities.refresh.plan import MAX_REMARKS, Remark, Remarks
from catalog_core.entities.translation import Child, Entity
from catalog_core.plugins.registry import registry
from catalog_core.problems import Problem
from catalog_core.sources.reading import provider_of, read_request
from catalog_core.sources.spool import HELD_BYTES

MOST_BYTES = 500
"""Held of each entity while sources are compared; each of these has a description of 5,000 bytes."""
DIGEST = "0123456789abcdef" * 2


def change(number, **values):
    entity = Entity(
        name=f"entity {number}",
        values={"count": number, "when": datetime(2026, 1, 31, tzinfo=UTC), **values},
        children={"parts": (Child(values={"number": number}),)},
    )
    return Change(entity, "{}", DIGEST, "a.jsonl")


@pytest.mark.parametrize("count", [0, 1, BATCH, 3 * BATCH + 7])
def test_changes_come_back_in_their_order_as_often_as_asked(tmp_path, count):
    added = [change(number) for number in range(count)]
    changes = Changes(tmp_path)
    for one in added:
        changes.add(one)
    for _ in range(2):
        assert [one for batch in changes.batches() for one in batch] == added
    assert [*changes.names] == [one.entity.name for one in added]


def test_what_cannot_be_packed_stays_as_it_is(tmp_path):
    lock = threading.Lock()
    changes = Changes(tmp_path)
    for number in range(2 * BATCH):
        changes.add(change(number, lock=lock) if number == BATCH else change(number))
    found = [one.entity for batch in changes.batches() for one in batch]
    assert [entity.values["count"] for entity in found] == [*range(2 * BATCH)]
    assert found[BATCH].values["lock"] is lock


def test_an_inventory_tells_what_is_stored_from_what_was_seen():
    names = Inventory()
    names.add_stored("same", DIGEST, "a.yaml", is_stale=False)
    names.add_stored("stale", DIGEST, "a.yaml", is_stale=True)
    names.add_stored("gone", DIGEST, "b.yaml", is_stale=False)
    assert names.is_as_stored("same", DIGEST, "a.yaml")
    assert not names.is_as_stored("same", DIGEST, "b.yaml")
    assert not names.is_as_stored("same", DIGEST[::-1], "a.yaml")
    assert not names.is_as_stored("stale", DIGEST, "a.yaml")
    assert names.place("same") is None
    names.see("same", "b.yaml", 12)
    names.see("new", "a.yaml", None)
    assert (names.place("same"), names.place("new")) == (("b.yaml", 12), ("a.yaml", None))
    assert not names.is_as_stored("same", DIGEST, "a.yaml")
    assert [*names.seen()] == ["same", "new"]
    assert [*names.unseen()] == [("stale", "a.yaml"), ("gone", "b.yaml")]


def test_remarks_are_counted_and_only_the_first_of_each_severity_kept():
    remarks = Remarks()
    for number in range(MAX_REMARKS + 5):
        remarks.add(Remark(problem=Problem(message="odd", rule="odd", severity="warning"), item_name=f"{number}"))
    remarks.add(Remark(problem=Problem(message="bad", rule="bad"), item_name="last"))
    assert (remarks.count("warning"), remarks.count("error")) == (MAX_REMARKS + 5, 1)
    assert len(remarks.kept) == MAX_REMARKS + 1
    assert remarks.kept[-1].item_name == "last"


def lines_of(ending, items):
    rows = [json.dumps(item) for item in items]
    if ending == "jsonl":
        return "".join(f"{row}\n" for row in rows)
    return (
        f'{{"agents": [{",".join(rows)}]}}' if ending == "json" else "agents:\n" + "".join(f"- {row}\n" for row in rows)
    )


@pytest.mark.parametrize("ending", ["jsonl", "yaml", "json"])
def test_a_file_too_large_for_memory_is_refreshed_like_any_other(feed, ending):
    feed.configure(properties={"yamlCatalogPath": f"./feed.{ending}"})
    count = HELD_BYTES // 2000 + 10
    items = [{"name": f"n{number}", "description": "x" * 2000} for number in range(count)]
    for repeated, rules in ((items, []), ([*items, {"name": "n3"}, {"name": []}], ["duplicate-name", "wrong-type"])):
        feed.sandbox.write(f"feed.{ending}", lines_of(ending, repeated))
        source = feed.settle()
        assert (source.entity_count, source.error, feed.rules) == (count, "", rules)
    left = [path for path in (feed.settings.CATALOG["data_dir"] / "work").rglob("*") if path.is_file()]
    assert left == []
    feed.sandbox.write(f"feed.{ending}", lines_of(ending, items[: count // 3]))
    assert feed.settle().entity_count == count, "so sudden a loss is held back"


@pytest.mark.parametrize("is_first", [True, False])
def test_bytes_held_grow_with_names_and_not_with_contents(feed, is_first):
    feed.configure(properties={"yamlCatalogPath": "./feed.jsonl"})
    plugin, held = registry.get("agents"), []
    for count in (1000, 3000):
        items = [{"name": f"agent number {number}", "description": f"{number} " * 1000} for number in range(count)]
        feed.sandbox.write("feed.jsonl", lines_of("jsonl", items))
        if is_first:
            feed.sandbox.reconcile()
        else:
            feed.settle()
        source = feed.row
        snapshot = provider_of(source).read(read_request(source, use_cursor=False))
        tracemalloc.start()
        plan = compare(source, plugin, snapshot)
        held.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert (len(plan.changes), plan.unchanged) == ((count, 0) if is_first else (0, count))
    assert (held[1] - held[0]) / 2000 < MOST_BYTES
