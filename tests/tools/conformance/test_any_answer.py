"""Whatever a server answers, a run comes to an end with a report."""

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_core.tools.conformance.http import UsageError, checked_address
from catalog_core.tools.conformance.kinds import Kind
from catalog_core.tools.conformance.runner import run
from catalog_core.tools.conformance.subjects import Credentials, Server
from catalog_core.tools.conformance.suite.lists import _walk_problems
from catalog_core.tools.conformance.wire import Answer, Wire, question
from tests.tools.conformance import fake_documents as documents

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
KEYS = ("items", "size", "totalSize", "nextPageToken", "count", "sources", "jobs", "name", "status", "components")
SHAPED = st.dictionaries(st.sampled_from(KEYS), JSON, max_size=5)


class AnyClient:
    """Answers each question with one of the documents given, and discovery so that there is a catalog to look at."""

    def __init__(self, answers):
        self.answers = answers
        self.asked = 0

    def request(self, method, path, *, query=None, headers=None, body=None):
        self.asked += 1
        known = {"/api/plugins": documents.discovery(), "/api/plugins/widgets/capabilities": documents.capabilities()}
        status, document = self.answers[self.asked % len(self.answers)]
        if path in known:
            status, document = 200, known[path]
        headers = {"content-type": "application/json"}
        return Answer(question(method, path, query), status, headers, json.dumps(document).encode())


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(st.sampled_from([200, 202, 404, 422, 500]), JSON | SHAPED), min_size=1, max_size=4))
def test_answers_of_any_form_are_failures_and_no_more(answers):
    server = Server(AnyClient(answers), Credentials(operator="o", viewer="v"), job_wait_seconds=0)
    report = run(server, "http://any")
    assert report.count("failed")


class Pages:
    """Serves a list of entries in pages."""

    def __init__(self, names):
        self.names = names

    def request(self, method, path, *, query=None, headers=None, body=None):
        query = query or {}
        start, size = int(query.get("pageToken", 0)), int(query["pageSize"])
        page = {"items": [{"id": name, "name": name} for name in self.names[start : start + size]]}
        if start + size < len(self.names):
            page["nextPageToken"] = str(start + size)
        return Answer(path, 200, {"content-type": "application/json"}, json.dumps(page).encode())


def kind_of(names):
    return Kind(Wire(Pages(names)), {"kind": "Widget", "endpoints": {"list": "/widgets"}})


@given(st.lists(st.text(min_size=1), unique=True, max_size=40), st.integers(1, 45))
def test_pages_without_fault_have_none(names, page_size):
    assert list(_walk_problems(kind_of(names), page_size, names)) == []


@given(st.lists(st.text(min_size=1), unique=True, min_size=2, max_size=40), st.integers(1, 45), st.data())
def test_an_entry_repeated_or_lost_anywhere_is_noticed(names, page_size, data):
    index = data.draw(st.integers(0, len(names) - 1))
    whole = kind_of(names)
    assert whole.items
    repeated, lost = kind_of([*names, names[index]]), kind_of(names[:index] + names[index + 1 :])
    for broken in (repeated, lost):
        broken.__dict__["items"] = whole.items
        assert list(_walk_problems(broken, page_size, names))


@given(st.text() | st.builds("http://{}".format, st.text()))
def test_an_address_is_taken_or_refused_and_nothing_else(text):
    try:
        address = checked_address(text)
    except UsageError:
        return
    assert address.startswith(("http://", "https://"))
