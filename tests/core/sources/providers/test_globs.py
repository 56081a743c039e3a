"""Path patterns, compared with a slow and simple matcher."""

import contextlib
import fnmatch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_core.exceptions import SourceInvalid
from catalog_core.sources.providers.globs import MAX_PATTERN_LENGTH, parse_pattern


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("**/*.yaml", "a.yaml", True),
        ("**/*.yaml", "x/y/z/a.yaml", True),
        ("**/*.yaml", "x/a.yml", True),
        ("**/*.yaml", "x/a.json", False),
        ("**/*.yaml", "x/a.yaml.bak", False),
        ("**/*.yml", "x/a.yaml", False),
        ("*.yaml", "a.yml", True),
        ("*.yaml", "x/a.yaml", False),
        ("a.yaml", "a.yml", False),
        ("agents/*/card-?.json", "agents/x/card-1.json", True),
        ("agents/*/card-?.json", "agents/x/y/card-1.json", False),
        ("agents/*/card-?.json", "agents/x/card-12.json", False),
        ("a/**/b/**/*.yaml", "a/b/c.yaml", True),
        ("a/**/b/**/*.yaml", "a/x/b/x/b/x/c.yaml", True),
        ("a/**/b/**/*.yaml", "a/x/c.yaml", False),
        ("**/[ab]*.yaml", "x/apple.yaml", True),
        ("**/[!ab]*.yaml", "x/apple.yaml", False),
        ("**/[^ab]*.yaml", "x/cherry.yaml", True),
        ("**/[]x].yaml", "].yaml", True),
        ("[[]x].yaml", "[x].yaml", True),
        ("**", "x/y", True),
        ("x/**", "x/y/z", True),
        ("x/**", "x", True),
        ("x/**", "y/x", False),
        ("a**b/c", "a/b/c", False),
        ("a**b/c", "axxb/c", True),
        ("/x/./*.yaml", "x/a.yaml", True),
        ("**/*.yaml", ".github/workflows/ci.yaml", False),
        ("**/*.yaml", "x/.hidden.yaml", False),
        (".github/**/*.yaml", ".github/workflows/ci.yaml", True),
        ("**/.*.yaml", "x/.hidden.yaml", True),
        ("**/.g/**/*.yaml", "x/.g/y/a.yaml", True),
        ("**/*.YAML", "a.yaml", False),
        ("**/*.yaml", "ä/ö ü.yaml", True),
        ("**/*.yaml", "x/new\nline.yaml", True),
    ],
)
def test_patterns(pattern, path, matches):
    assert parse_pattern(pattern).matches(path) is matches


@pytest.mark.parametrize(
    "pattern", ["", "  ", "/", "./.", "../x", "a/../b", "a/[b", "[!]", "[]", "x" * (MAX_PATTERN_LENGTH + 1)]
)
def test_a_pattern_that_makes_no_sense_is_refused(pattern):
    with pytest.raises(SourceInvalid, match="path pattern"):
        parse_pattern(pattern)


def slowly(names, parts):
    """Match by trying everything."""
    if not parts:
        return not names
    if parts[0] == "**":
        return slowly(names, parts[1:]) or bool(names and not names[0].startswith(".") and slowly(names[1:], parts))
    if not names or (names[0].startswith(".") and not parts[0].startswith(".")):
        return False
    return fnmatch.fnmatchcase(names[0], parts[0]) and slowly(names[1:], parts[1:])


NAMES = st.lists(st.sampled_from(["a", "b", "ab", ".a", ".b", "ba"]), min_size=1, max_size=8)
PARTS = st.lists(st.sampled_from(["**", "a", "b", "*", "a*", "?", ".*", ".a", "*b", "[ab]"]), min_size=1, max_size=7)


@given(NAMES, PARTS)
def test_matching_agrees_with_trying_everything(names, parts):
    assert parse_pattern("/".join(parts)).matches("/".join(names)) == slowly(names, parts)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_pattern_matches_or_is_refused(pattern, path):
    with contextlib.suppress(SourceInvalid):
        assert parse_pattern(pattern).matches(path) in (True, False)


def test_a_hostile_path_is_no_trouble():
    pattern = parse_pattern("**/" + "*a" * 30 + "/**/" * 10 + "x")
    assert not pattern.matches("/".join(["a" * 200] * 100))
