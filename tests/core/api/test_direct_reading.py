"""What the cache in front reads directly is what Django would have answered."""

import gzip
import json

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog_core.api.front import FrontCache
from catalog_core.api.front.state import RECHECK_SECONDS, CatalogStamps
from catalog_core.entities.generations import bump_generation

BASE = "/api/agents_catalog/v1alpha1"
ITEMS = [
    {
        "name": f"agent {number:02d}/{'größe' if number % 2 else 'x'}",
        "agentType": "router" if number % 3 else "planner",
        "category": "ops" if number % 2 else "quality",
        "description": "Sends work on to those who know how it is done, and brings back what they say. " * 3,
        "version": str(number),
    }
    for number in range(30)
]
VARIABLE = ("x-request-id", "date")


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


class Counting:
    """Django, counting what it is asked."""

    def __init__(self):
        self.django, self.asked = WSGIHandler(), 0

    def __call__(self, environ, start_response):
        self.asked += 1
        return self.django(environ, start_response)


class Front:
    def __init__(self, base=BASE, plugin="agents"):
        self.clock, self.behind = Clock(), Counting()
        self.cache = FrontCache(self.behind, [(base, plugin)], max_bytes=1_000_000, stamps=CatalogStamps(self.clock))

    def ask(self, path, query="", app=None, **headers):
        started = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path.encode().decode("latin-1"),
            "QUERY_STRING": query,
            "HTTP_HOST": "testserver",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "http",
            "wsgi.input": __import__("io").BytesIO(),
            **headers,
        }
        answer = (app or self.cache)(environ, lambda status, headers, exc=None: started.append((status, headers)))
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        status, given = started[-1]
        return status, {name.lower(): value for name, value in given if name.lower() not in VARIABLE}, body

    def ask_django(self, path, query="", **headers):
        return self.ask(path, query, app=self.behind.django, **headers)


@pytest.fixture
def front(sandbox, kept_connection):
    sandbox.serve("agents", {"first": json.dumps({"agents": ITEMS}), "second": json.dumps({"agents": ITEMS[:3]})})
    return Front()


QUERIES = [
    "",
    "pageSize=7",
    "pageSize=7&orderBy=version&sortOrder=DESC",
    "filterQuery=agentType%20%3D%20%27router%27",
    "filterQuery=category%3D%27ops%27+AND+(name+LIKE+%27agent+1%25%27+OR+version+IN+(%271%27%2C%272%27))",
    "filterQuery=category+!%3D+%22ops%22",
    "q=work+quality",
    "source=second",
    "source=first%2Csecond&pageSize=40",
    "pageSize=5&unknown=x",
    "pageSize=5&unknown=%FF",
    "pageSize=5&&pageSize=6&unknown&=x&y=",
    "orderBy=name&sortOrder=DESC&pageSize=4",
    "orderBy=lastUpdateTimeSinceEpoch&pageSize=4",
]
WRONG = [
    "pageSize=many",
    "filterQuery=agentType%20%3D",
    "filterQuery=agentType%20%3D%205",
    "filterQuery=nothing%20%3D%20%27x%27",
    "pageToken=made.up",
    "pagesize=5",
    "q=%00",
    "source=first&sourceLabel=x",
]


@pytest.mark.parametrize("headers", [{}, {"HTTP_ACCEPT_ENCODING": "gzip, br"}], ids=["plain", "gzip"])
def test_lists_are_the_same_with_and_without_django(front, headers):
    front.ask(f"{BASE}/agents", "pageSize=3", **headers)
    for query in QUERIES:
        status, given, body = front.ask(f"{BASE}/agents", query, **headers)
        expected_status, expected, expected_body = front.ask_django(f"{BASE}/agents", query, **headers)
        if headers:  # Django puts random bytes into what it compresses
            body, expected_body = gzip.decompress(body), gzip.decompress(expected_body)
            given.pop("content-length"), expected.pop("content-length")
        assert (status, given, body) == (expected_status, expected, expected_body), query
    assert front.behind.asked == 1


@pytest.mark.parametrize("headers", [{}, {"HTTP_ACCEPT_ENCODING": "gzip"}], ids=["plain", "gzip"])
def test_small_answers_are_the_same_too_and_not_compressed(front, headers):
    for value in ("nobody", "nothing", "never"):
        query = f"filterQuery=agentType%3D%27{value}%27"
        assert front.ask(f"{BASE}/agents", query, **headers) == front.ask_django(f"{BASE}/agents", query, **headers)
    assert front.behind.asked == 1


def test_bytes_that_nobody_encoded_mean_what_they_mean_to_django(front):
    front.ask(f"{BASE}/agents")
    query = "filterQuery=name='agent 01/größe'".encode().decode("latin-1")
    assert front.ask(f"{BASE}/agents", query) == front.ask_django(f"{BASE}/agents", query)


@pytest.mark.parametrize("order", ["name", "version", "lastUpdateTimeSinceEpoch", "category"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_pages_can_be_walked_from_one_to_the_next(front, order, direction):
    names, token = [], ""
    while True:
        query = f"pageSize=4&source=first&orderBy={order}&sortOrder={direction}&pageToken={token}"
        page = json.loads(front.ask(f"{BASE}/agents", query)[2])
        names += [item["name"] for item in page["items"]]
        token = page.get("nextPageToken", "")
        if not token:
            break
    assert sorted(names) == sorted(item["name"] for item in ITEMS)
    if order == "name":
        assert names == sorted(names, reverse=direction == "DESC")
    assert front.behind.asked <= 1


def test_entities_are_the_same_with_and_without_django(front):
    front.ask(f"{BASE}/agents/{ITEMS[0]['name']}")
    for query in ("", "source=second"):
        for item in ITEMS[1:3]:
            path = f"{BASE}/agents/{item['name']}"
            assert front.ask(path, query) == front.ask_django(path, query)
    assert front.behind.asked == 1


@pytest.mark.parametrize("query", WRONG)
def test_what_is_wrong_is_said_by_django(front, query):
    front.ask(f"{BASE}/agents")
    status, _, body = front.ask(f"{BASE}/agents", query)
    assert status.startswith("400")
    assert json.loads(body)["message"]
    assert front.behind.asked == 2


def test_an_unknown_name_is_404(front):
    front.ask(f"{BASE}/agents/{ITEMS[0]['name']}")
    assert front.ask(f"{BASE}/agents/nobody")[0].startswith("404")


def test_after_a_change_django_is_asked_once_more(front):
    for number in range(3):
        front.ask(f"{BASE}/agents", f"pageSize={number + 2}")
    with transaction.atomic():
        bump_generation("agents")
    front.clock.now += RECHECK_SECONDS + 0.01
    for number in range(3):
        front.ask(f"{BASE}/agents", f"pageSize={number + 2}")
    assert front.behind.asked == 2


def test_another_host_or_a_closed_gate_is_decided_by_django(front, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    front.ask(f"{BASE}/agents")
    assert front.ask(f"{BASE}/agents", "pageSize=2", HTTP_HOST="elsewhere.example.org")[0].startswith("400")


@pytest.mark.parametrize(
    "query", ["pageSize={}", "pageSize=2&filterQuery=version%20%3E%20%279{}%27", "source=first&pageSize={}"]
)
def test_a_list_in_a_known_form_costs_one_query(front, query):
    for number in (2, 3):
        front.ask(f"{BASE}/agents", query.format(number))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        front.ask(f"{BASE}/agents", query.format(4))
    assert len(queries) == 1, [query["sql"] for query in queries]


def test_an_entity_costs_one_query(front):
    for item in ITEMS[:2]:
        front.ask(f"{BASE}/agents/{item['name']}")
    with CaptureQueriesContext(connection) as queries:
        front.ask(f"{BASE}/agents/{ITEMS[2]['name']}")
    assert len(queries) == 1


def test_a_kept_answer_costs_no_query(front):
    front.ask(f"{BASE}/agents")
    with CaptureQueriesContext(connection) as queries:
        front.ask(f"{BASE}/agents")
    assert len(queries) == 0


def test_who_changes_something_sees_it_at_once_in_the_same_process(front):
    front.ask(f"{BASE}/agents")
    with transaction.atomic():
        bump_generation("agents")
    front.ask(f"{BASE}/management/nothing", REQUEST_METHOD="POST")
    asked = front.behind.asked
    front.ask(f"{BASE}/agents")
    assert front.behind.asked == asked + 1
