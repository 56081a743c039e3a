"""Filters by texts are answered from a list in memory: the same pages, at no query, until something changes."""

import json
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_core.api.front.state import RECHECK_SECONDS
from tests.core.api.test_direct_reading import Front
from tests.core.api.test_held_lists import queries_of, walk_list

LIST = "/api/mcp_catalog/v1alpha1/mcpservers"
PROVIDERS = ("Acme", "acme", "Ümlaut & Co", "it's", "None")
MODES = ("local", "remote")
ITEMS = [
    {
        "name": f"server {number:02d}/{'größe' if number % 2 else 'x'}",
        **({"provider": PROVIDERS[number % 5]} if number % 7 else {}),
        **({"deploymentMode": MODES[number % 2]} if number % 3 else {}),
        **({"toolCount": number % 6} if number % 4 else {}),
        **({"verified": number % 5 < 2} if number % 6 else {}),
    }
    for number in range(40)
]
ENOUGH = 4
"""Statements that cost more than the whole list, each as much as 20 rows at least."""


@pytest.fixture
def front(sandbox, kept_connection):
    sandbox.serve("mcp", {"first": json.dumps({"mcpservers": ITEMS}), "second": json.dumps({"mcpservers": ITEMS[:9]})})
    front = Front(LIST.rpartition("/")[0], "mcp")
    front.sandbox = sandbox
    for text in ("name > ''", "name = 'nobody'"):  # what Django says of large answers and of small ones
        front.ask(LIST, filtered(text))
    return front


def filtered(text, **further):
    return urlencode({"filterQuery": text, **further}, quote_via=quote)


def hold(front, text, **further):
    """Ask in a form of a filter until the list is held for it."""
    for number in range(ENOUGH):
        front.ask(LIST, filtered(text, hold=number, **further))


TEXTS = st.sampled_from([*PROVIDERS, "nobody", "remote", "local"])
NUMBERS = st.integers(-2, 8)


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


@st.composite
def conditions(draw):
    """Return the form of a condition, with a mark for its values, and values for it."""
    sort = draw(st.sampled_from(["text", "texts", "order", "number", "numbers", "truth", "mode"]))
    sign = draw(st.sampled_from(["=", "<", "<=", ">", ">="]))
    match sort:
        case "text":
            return f"provider = {quoted(draw(TEXTS))}"
        case "texts":
            return f"provider IN ({', '.join(map(quoted, draw(st.lists(TEXTS, min_size=1, max_size=3))))})"
        case "order":
            return f"{draw(st.sampled_from(['name', 'provider']))} {sign} {quoted(draw(TEXTS))}"
        case "number":
            return f"toolCount {sign} {draw(NUMBERS)}"
        case "numbers":
            return f"toolCount IN ({', '.join(map(str, draw(st.lists(NUMBERS, min_size=1, max_size=3))))})"
        case "truth":
            return f"verified = {draw(st.sampled_from(['TRUE', 'FALSE']))}"
        case _:
            return f"deploymentMode = {quoted(draw(TEXTS))}"


FILTERS = st.lists(conditions(), min_size=1, max_size=3).map(" AND ".join)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILTERS, st.integers(1, 50), st.sampled_from(["", "DESC"]))
def test_pages_from_memory_are_those_of_the_database(front, text, size, order):
    further = {"sortOrder": order} if order else {}
    hold(front, text, **further)
    query = filtered(text, pageSize=size, **further)
    if any(begin in text for begin in ("provider =", "provider IN", "deploymentMode =")):
        assert queries_of(front, query, LIST) == 0
    assert walk_list(front.ask, LIST, query) == walk_list(front.ask_django, LIST, query)


@pytest.mark.parametrize(
    "text",
    [
        "provider = '{}'",
        "provider = '{}' AND toolCount < 5 AND verified = TRUE",
        "toolCount IN (1, 2) AND provider IN ('{}', 'Acme')",
    ],
)
def test_filters_of_a_form_that_is_held_cost_no_query(front, text):
    hold(front, text.format("Acme"))
    for provider in PROVIDERS[:3]:
        query = filtered(text.format(provider), pageSize=2)
        assert queries_of(front, query, LIST) == 0
        assert front.ask(LIST, query) == front.ask_django(LIST, query)


@pytest.mark.parametrize(
    "text",
    [
        "toolCount = {}",
        "provider = 'Acme' OR toolCount = {}",
        "provider != 'Acme' AND toolCount = {}",
        "provider = 'Acme' AND NOT toolCount = {}",
        "provider = 'Acme' AND createTimeSinceEpoch > {}",
        "provider = 'Acme' AND sourceId > '{}'",
        "provider = 'Acme' AND name LIKE '%{}%'",
        "provider = 'Acme' AND lifecycle = 'active' AND toolCount > {}",
    ],
)
def test_what_memory_does_not_know_is_asked_of_the_database(front, text):
    hold(front, text.format(1))
    query = filtered(text.format(2), pageSize=3)
    assert queries_of(front, query, LIST) >= 1
    assert walk_list(front.ask, LIST, query) == walk_list(front.ask_django, LIST, query)


def test_what_has_changed_is_found_anew(front):
    hold(front, "provider = 'Acme'")
    front.sandbox.write("second.yaml", json.dumps({"mcpservers": [{"name": "new", "provider": "Acme"}, *ITEMS[:5]]}))
    front.sandbox.settle()
    front.clock.now += RECHECK_SECONDS + 0.01
    names = [item["name"] for item in json.loads(front.ask(LIST, filtered("provider = 'Acme'"))[2])["items"]]
    assert "new" in names


def test_a_form_is_held_only_once_it_has_cost_as_much(front):
    front.ask(LIST, filtered("provider = 'Acme'"))
    assert queries_of(front, filtered("provider = 'acme'"), LIST) >= 1
    hold(front, "provider = 'Acme'")
    assert queries_of(front, filtered("provider = 'acme'", pageSize=3), LIST) == 0


def test_where_there_is_no_room_the_database_answers(front, settings):
    settings.CATALOG = {**settings.CATALOG, "answer_cache_bytes": 10_000}
    hold(front, "provider = 'Acme'")
    query = filtered("provider = 'acme'")
    assert queries_of(front, query, LIST) >= 1
    assert front.ask(LIST, query) == front.ask_django(LIST, query)
