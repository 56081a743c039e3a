"""The cache in front of Django: never wrong for longer than its state is old, never for anybody identified."""

import io
import json
import threading

import pytest
from django.db import transaction

from catalog_core.api.front import FrontCache
from catalog_core.api.front.answers import Answer, AnswerCache
from catalog_core.api.front.state import RECHECK_SECONDS, CatalogStamps
from catalog_core.entities.generations import bump_generation

BASE = "/api/agents_catalog/v1alpha1"


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Backend:
    """An application that counts how often it is asked, and answers with what it is told."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.body = b'{"items":[]}'
        self.status = "200 OK"
        self.go_on = threading.Event()
        self.go_on.set()

    def __call__(self, environ, start_response):
        self.asked.append(environ["PATH_INFO"])
        self.go_on.wait(10)
        headers = [("Content-Type", "application/json"), ("ETag", f'"{hash(self.body)}"'), ("X-Request-ID", "inner")]
        start_response(self.status, headers)
        return [self.body]


class Front:
    def __init__(self, max_bytes: int = 1_000_000) -> None:
        self.clock, self.backend = Clock(), Backend()
        catalogs = [(BASE, "agents"), ("/api/mcp_catalog/v1alpha1", "mcp")]
        self.cache = FrontCache(self.backend, catalogs, max_bytes=max_bytes, stamps=CatalogStamps(self.clock))

    def get(self, path: str = f"{BASE}/agents", query: str = "", method: str = "GET", **headers: str):
        started = []
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, **headers}
        body = b"".join(self.cache(environ, lambda status, headers, exc=None: started.append((status, dict(headers)))))
        return (*started[0], body)


@pytest.fixture
def front(db):
    return Front()


def bump(name: str) -> None:
    with transaction.atomic():
        bump_generation(name)


def test_the_same_address_is_made_once(front):
    first, second = front.get(), front.get()
    assert first[2] == second[2]
    assert len(front.backend.asked) == 1
    assert first[1]["X-Request-ID"] != second[1]["X-Request-ID"]


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_AUTHORIZATION": "Bearer x"},
        {"HTTP_COOKIE": "sessionid=x"},
        {"HTTP_CACHE_CONTROL": "no-cache"},
        {"HTTP_X_REMOTE_USER": "kim"},
    ],
)
def test_whoever_is_identified_or_wants_news_is_answered_by_django(front, headers):
    front.get()
    front.get(**headers)
    front.get(**headers)
    assert len(front.backend.asked) == 3


@pytest.mark.parametrize(
    "path", ["/", "/readyz", "/admin/", f"{BASE}/management/sources", "/api/jobs/v1alpha1/refresh"]
)
def test_only_catalogs_and_discovery_are_kept(front, path):
    front.get(path)
    front.get(path)
    assert len(front.backend.asked) == 2


def test_changes_are_seen_once_the_state_is_read_again(front):
    front.get()
    front.backend.body = b'{"items":["new"]}'
    bump("agents")
    front.clock.now += RECHECK_SECONDS + 0.01
    assert b"new" in front.get()[2]
    assert RECHECK_SECONDS < 1


def test_a_change_of_one_catalog_leaves_the_others_alone(front):
    other = "/api/mcp_catalog/v1alpha1/mcpservers"
    front.get()
    front.get(other)
    bump("agents")
    front.clock.now += RECHECK_SECONDS + 0.01
    front.get()
    front.get(other)
    assert front.backend.asked.count(other) == 1
    assert front.backend.asked.count(f"{BASE}/agents") == 2


@pytest.mark.parametrize("path", ["/api/assets", "/api/search", "/api/search/suggestions"])
def test_what_is_read_from_all_catalogs_is_kept_until_one_of_them_changes(front, path):
    front.get(path, query="q=x")
    front.clock.now += RECHECK_SECONDS + 0.01
    front.get(path, query="q=x")
    assert len(front.backend.asked) == 1
    bump("agents")
    front.clock.now += RECHECK_SECONDS + 0.01
    front.get(path, query="q=x")
    assert len(front.backend.asked) == 2


def test_discovery_is_made_anew_after_each_reading_of_the_state(front):
    front.get("/api/plugins")
    front.get("/api/plugins")
    front.clock.now += RECHECK_SECONDS + 0.01
    front.get("/api/plugins")
    assert len(front.backend.asked) == 2


def test_what_the_client_has_is_not_sent_again(front):
    etag = front.get()[1]["ETag"]
    status, headers, body = front.get(HTTP_IF_NONE_MATCH=f'"other", W/{etag}')
    assert status.startswith("304")
    assert headers["ETag"] == etag
    assert body == b""


def test_head_is_answered_without_body_from_the_same_entry(front):
    front.get()
    status, headers, body = front.get(method="HEAD")
    assert status.startswith("200")
    assert headers["Content-Type"] == "application/json"
    assert body == b""
    assert len(front.backend.asked) == 1


def test_errors_are_not_kept(front):
    front.backend.status = "404 Not Found"
    front.get()
    front.get()
    assert len(front.backend.asked) == 2


def test_many_different_addresses_do_not_fill_memory(db):
    front = Front(max_bytes=100_000)
    front.backend.body = b"x" * 5_000
    for number in range(200):
        front.get(query=f"pageSize={number}")
    assert 0 < front.cache.answers.size_bytes <= 100_000


KEY = ("/path", "query")


def answer(size: int, stamp: int = 1) -> Answer:
    return Answer(catalog="agents", status="200 OK", headers=[], body=b"x" * size, etag="", stamp=stamp)


def test_an_answer_larger_than_its_share_is_not_kept():
    cache = AnswerCache(max_bytes=10_000)
    cache.put(KEY, answer(5_000))
    assert len(cache) == 0


def test_replacing_an_answer_counts_its_size_once():
    cache = AnswerCache(max_bytes=1_000_000)
    for stamp in range(5):
        cache.put(KEY, answer(1_000, stamp))
    assert cache.size_bytes < 3_000
    assert cache.get(KEY).stamp == 4


def test_a_rush_on_one_address_asks_django_once(transactional_db):
    front = Front()
    front.get("/api/mcp_catalog/v1alpha1/mcpservers")  # the state is read by now
    front.backend.go_on.clear()
    answers: list[bytes] = []
    threads = [threading.Thread(target=lambda: answers.append(front.get()[2])) for _ in range(8)]
    for thread in threads:
        thread.start()
    while front.backend.asked.count(f"{BASE}/agents") == 0:
        pass
    front.backend.go_on.set()
    for thread in threads:
        thread.join()
    assert len(answers) == 8
    assert front.backend.asked.count(f"{BASE}/agents") == 1


def test_the_real_application_answers_alike_with_and_without_the_cache(sandbox, kept_connection):
    from django.core.wsgi import get_wsgi_application

    sandbox.serve("agents", {"a": json.dumps({"agents": [{"name": "one"}, {"name": "two"}]})})
    front = FrontCache(get_wsgi_application(), [(BASE, "agents")], max_bytes=1_000_000)
    made = {}
    for path in ("agents", "agents/one", "agents/nobody", "openapi"):
        answers = []
        for _ in range(2):
            started: list = []
            environ = {
                "REQUEST_METHOD": "GET",
                "PATH_INFO": f"{BASE}/{path}",
                "QUERY_STRING": "",
                "SERVER_NAME": "testserver",
                "SERVER_PORT": "80",
                "HTTP_HOST": "testserver",
                "HTTP_X_REQUEST_ID": "same",
                "wsgi.url_scheme": "http",
                "wsgi.input": io.BytesIO(),
            }
            body = b"".join(front(environ, lambda status, headers, exc=None, at=started: at.append((status, headers))))
            answers.append((started[0][0], {name.lower(): value for name, value in started[0][1]}, body))
        assert answers[0] == answers[1]
        made[path] = answers[0][2]
    for path, body in made.items():
        assert body == sandbox.client.get(f"{BASE}/{path}", headers={"X-Request-ID": "same"}).content
