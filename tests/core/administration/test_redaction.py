"""Secrets of a source never leave the server, and come back as they were."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_core.administration.redaction import (
    REDACTED,
    inline_secrets,
    redacted_properties,
    restored_properties,
    without_secrets,
)
from catalog_core.exceptions import InvalidDocument
from catalog_core.sources.secret_values import secret_values

SECRET = "correct-horse-battery"
_PLAIN_KEYS = st.sampled_from(["url", "branch", "path", "labels", "depth"])
_SECRET_KEYS = st.sampled_from(["token", "authToken", "X-Api-Key", "dbPassword", "client_secret", "CREDENTIALS"])
_PLAIN = st.one_of(st.integers(), st.booleans(), st.sampled_from(["main", "https://example.org/a.yaml", ""]))
_SECRETS = st.integers(min_value=0).map(lambda number: f"hidden-value-{number:06}")
_REFERENCES = st.sampled_from([{"env": "TOKEN"}, {"file": "secrets/token"}, {"name": "cred", "key": "token"}])


def _mappings(inner):
    return st.dictionaries(_PLAIN_KEYS, inner, max_size=3)


_VALUES = st.recursive(_PLAIN, lambda inner: st.one_of(_mappings(inner), st.lists(inner, max_size=3)), max_leaves=8)
_BELOW_SECRET = st.recursive(
    st.one_of(_SECRETS, _REFERENCES),
    lambda inner: st.one_of(_mappings(inner), st.lists(inner, max_size=3)),
    max_leaves=6,
)
_PROPERTIES = st.builds(
    lambda plain, secret: {**plain, **secret},
    st.dictionaries(_PLAIN_KEYS, _VALUES, max_size=4),
    st.dictionaries(_SECRET_KEYS, _BELOW_SECRET, max_size=4),
)


@pytest.mark.parametrize(
    "properties",
    [
        {"token": SECRET},
        {"headers": {"X-Anything": SECRET}},
        {"deep": {"deeper": [{"password": SECRET}]}},
        {"TOKEN": [SECRET, {"a": SECRET}]},
        {"url": f"https://user:{SECRET}@example.org/a"},
        {"url": f"https://example.org/a?key={SECRET}", "token": SECRET},
        {"note": f"Authorization: Bearer {SECRET}"},
    ],
)
def test_a_secret_is_hidden_wherever_it_stands(properties):
    shown = redacted_properties("http", properties)
    assert SECRET not in str(shown)
    assert REDACTED in str(shown)
    assert restored_properties(shown, properties) == properties


def test_the_name_of_a_declared_secret_counts_and_its_aliases_too():
    assert redacted_properties("git", {"authToken": SECRET})["authToken"] == REDACTED
    assert redacted_properties("git", {"token": SECRET})["token"] == REDACTED
    assert redacted_properties("http", {"headers": {"Accept": "text/plain"}})["headers"] == {"Accept": REDACTED}


def test_what_is_no_secret_is_shown():
    properties = {"url": "https://example.org/a.yaml", "syncInterval": "1h", "tokenless": None, "depth": 3}
    assert redacted_properties("http", properties) == properties


@pytest.mark.parametrize("value", [1234567, True, [1, 2]])
def test_a_secret_need_not_be_text(value):
    assert str(value) not in str(redacted_properties("http", {"apiKey": value}).values())


def test_a_mark_where_nothing_is_stored_is_refused_and_named():
    with pytest.raises(InvalidDocument) as raised:
        restored_properties({"headers": {"X-New": REDACTED}}, {"headers": {"X-Old": SECRET}})
    (problem,) = raised.value.problems
    assert (problem.path, problem.rule) == ("properties.headers.X-New", "nothing-stored")
    assert SECRET not in str(raised.value)


def test_a_new_secret_replaces_the_stored_one():
    assert restored_properties({"token": "new"}, {"token": SECRET}) == {"token": "new"}


def test_texts_lose_the_secrets_they_quote():
    secrets = tuple(secret_values("http", {"token": SECRET, "headers": {"a": "other-secret"}}))
    text = without_secrets(f"403 for {SECRET} and other-secret at https://u:p@example.org/", secrets)
    assert SECRET not in text
    assert "other-secret" not in text
    assert "u:p" not in text
    assert "example.org" in text


def test_short_secrets_do_not_tear_texts_apart():
    assert without_secrets("a catalog", secret_values("http", {"token": "a"})) == "a catalog"


def test_every_secret_in_the_open_is_found_with_its_path():
    properties = {"token": SECRET, "headers": {"A": {"env": "A"}, "B": "b" * 9}, "url": "https://u:p@example.org/"}
    assert set(inline_secrets("http", properties)) == {("token",), ("headers", "B"), ("url",)}


@settings(max_examples=150, deadline=None)
@given(_PROPERTIES)
def test_no_secret_is_ever_shown_and_what_is_shown_can_be_sent_back(properties):
    before = copy.deepcopy(properties)
    shown = redacted_properties("http", properties)
    assert "hidden-value-" not in str(shown)
    assert restored_properties(shown, properties) == before == properties
