"""Lists that are read page by page are held in memory: the same pages, at no query, until something changes."""

import gc
import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog_core.api.front.state import RECHECK_SECONDS
from catalog_core.entities.held import ROOM
from tests.core.api.test_direct_reading import BASE, ITEMS, Front

LIST = f"{BASE}/agents"


@pytest.fixture
def front(sandbox, kept_connection):
    sandbox.serve("agents", {"first": json.dumps({"agents": ITEMS}), "second": json.dumps({"agents": ITEMS[:3]})})
    front = Front()
    front.sandbox = sandbox
    return front


def walk(front, query="", ask=None):
    return walk_list(ask or front.ask, LIST, query)


def walk_list(ask, path, query):
    """Return the bodies of all pages."""
    bodies, token = [], ""
    while True:
        body = ask(path, f"{query}&pageToken={token}" if token else query)[2]
        bodies.append(body)
        token = json.loads(body).get("nextPageToken", "")
        if not token:
            return bodies


def queries_of(front, query, path=LIST):
    with CaptureQueriesContext(connection) as captured:
        front.ask(path, query)
    return len(captured)


@pytest.mark.parametrize("order", ["", "&sortOrder=DESC", "&orderBy=name&sortOrder=ASC"])
def test_pages_from_memory_are_those_of_the_database(front, order):
    walk(front, f"pageSize=4{order}")
    assert queries_of(front, f"pageSize=9{order}") == 0
    for size in (1, 5, 33, 100):
        query = f"pageSize={size}{order}"
        assert walk(front, query) == walk(front, query, ask=front.ask_django)


def test_a_list_is_held_only_once_its_pages_have_cost_as_much(front):
    front.ask(LIST, "pageSize=1")
    for size in (2, 3, 4):
        assert queries_of(front, f"pageSize={size}") == 1
    walk(front, "pageSize=10")
    assert queries_of(front, "pageSize=5") == 0


@pytest.mark.parametrize("query", ["filterQuery=version>'1'", "q=work", "source=first", "orderBy=version"])
def test_what_is_asked_for_in_another_way_comes_from_the_database(front, query):
    walk(front, "pageSize=4")
    front.ask(LIST, query)
    assert queries_of(front, f"{query}&pageSize=3") >= 1
    assert front.ask(LIST, f"{query}&pageSize=6") == front.ask_django(LIST, f"{query}&pageSize=6")


def test_what_has_changed_is_read_anew(front):
    walk(front, "pageSize=4")
    assert queries_of(front, "pageSize=9") == 0
    front.sandbox.write("second.yaml", json.dumps({"agents": [{"name": "zebra"}, *ITEMS[:2]]}))
    front.sandbox.settle()
    front.clock.now += RECHECK_SECONDS + 0.01
    names = [item["name"] for body in walk(front, "pageSize=9") for item in json.loads(body)["items"]]
    assert "zebra" in names
    assert len(names) == len(ITEMS) + 3


def test_a_page_begins_after_a_row_that_has_gone(front):
    first = json.loads(front.ask(LIST, "pageSize=2")[2])
    gone = first["items"][1]["name"]
    front.sandbox.write("first.yaml", json.dumps({"agents": [item for item in ITEMS if item["name"] != gone]}))
    front.sandbox.write("second.yaml", json.dumps({"agents": [item for item in ITEMS[:3] if item["name"] != gone]}))
    front.sandbox.settle()
    front.clock.now += RECHECK_SECONDS + 0.01
    walk(front, "pageSize=4")
    query = f"pageSize=2&pageToken={first['nextPageToken']}"
    assert front.ask(LIST, query) == front.ask_django(LIST, query)


def test_room_is_bounded_and_given_back(front, settings):
    settings.CATALOG = {**settings.CATALOG, "answer_cache_bytes": 1_000_000}
    before = ROOM.left
    walk(front, "pageSize=4")
    assert ROOM.left < before
    front.clock.now += RECHECK_SECONDS + 0.01
    front.sandbox.write("second.yaml", json.dumps({"agents": ITEMS[:2]}))
    front.sandbox.settle()
    front.ask(LIST, "pageSize=2")
    gc.collect()
    assert ROOM.left == before


def test_a_list_that_has_no_room_comes_from_the_database(front, settings):
    settings.CATALOG = {**settings.CATALOG, "answer_cache_bytes": 10_000}
    walk(front, "pageSize=4")
    walk(front, "pageSize=5")
    assert queries_of(front, "pageSize=9") == 1
