import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_core.sources.configuration import NamePatterns


@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
def test_blank_pattern_is_refused(blank):
    with pytest.raises(ValueError, match="blank"):
        NamePatterns([blank])
    with pytest.raises(ValueError, match="blank"):
        NamePatterns([], ["a", blank])


def test_without_patterns_everything_is_allowed():
    assert NamePatterns().allows("anything")
    assert NamePatterns([], []).allows("")


@pytest.mark.parametrize(
    ("pattern", "allowed", "refused"),
    [
        ("acme/*", ["acme/x", "acme/", "ACME/x/y"], ["acme", "xacme/y"]),
        ("*-draft", ["-draft", "a-Draft"], ["a-drafts", "draft"]),
        ("a*b*c", ["abc", "axbxc", "abbcc"], ["ab", "acb", "abcd"]),
        ("*", ["", "x"], []),
        ("**", ["", "x"], []),
        ("a", ["a", "A"], ["aa", ""]),
        ("ab*ba", ["abba", "ab-ba"], ["aba"]),
        (" a ", ["a"], [" a "]),
        ("a.?[x]+$", ["A.?[x]+$"], ["ab"]),
        ("straße/*", ["STRASSE/1", "Straße/2"], ["strase/1"]),
        ("*@*", ["a@b", "@"], ["ab"]),
        ("line*end", ["line\nend"], []),
    ],
)
def test_patterns_are_about_whole_names(pattern, allowed, refused):
    patterns = NamePatterns([pattern])
    assert all(patterns.allows(name) for name in allowed)
    assert not any(patterns.allows(name) for name in refused)


def test_excluded_wins_over_included():
    patterns = NamePatterns(["acme/*", "other"], ["*-old"])
    assert patterns.allows("acme/new")
    assert patterns.allows("other")
    assert not patterns.allows("acme/x-OLD")
    assert not patterns.allows("third")


def test_hostile_pattern_on_a_long_name_is_decided_at_once():
    assert not NamePatterns(["*a" * 200 + "*b"]).allows("a" * 200_000)
    assert NamePatterns(["*a" * 200 + "*b"]).allows("a" * 200_000 + "b")


@given(st.text("aB*.", min_size=1, max_size=7), st.text("abB.\n", max_size=9))
@settings(deadline=None, max_examples=400)
def test_patterns_agree_with_regular_expressions(pattern, name):
    expression = ".*".join(re.escape(part) for part in pattern.split("*"))
    expected = re.fullmatch(expression, name, re.IGNORECASE | re.DOTALL) is not None
    assert NamePatterns([pattern]).allows(name) is expected
    assert NamePatterns([], [pattern]).allows(name) is not expected
