import re

import pytest
from django.db import connection
from django.db.models import TextField, Value
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_core.entities.query.expressions import Like
from catalog_core.entities.query.patterns import Pattern
from tests.core.entities.query.shelf import Library

pytestmark = pytest.mark.django_db

SPECIAL = list("ab AB%_\\*?[]^$.-|(){}+éÉßσΣ\n'\"/你")


def matches(text, pattern, *, ignore_case=False):
    condition = Like(Value(text, output_field=TextField()), Pattern(pattern, ignore_case=ignore_case))
    sql, parameters = Library.objects.none().query.get_compiler(connection=connection).compile(condition)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {sql}", parameters)
        return bool(cursor.fetchone()[0])


def expected(text, pattern):
    parts = re.findall(r"\\?.", pattern, re.DOTALL)
    regex = "".join({"%": ".*", "_": "."}.get(part, re.escape(part[-1])) for part in parts)
    return re.fullmatch(regex, text, re.DOTALL) is not None


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("abc", "a"),
        ("ABC", "abc"),
        ("a", "__"),
        ("axb", "a\\_b"),
        ("a", "a\\%"),
        ("ab", "[ab]b"),
        ("abc", "a*"),
        ("a", "?"),
        ("a", "."),
        ("", "_"),
    ],
)
def test_text_that_does_not_match_is_told_apart(text, pattern):
    assert not matches(text, pattern)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("abc", "a%"),
        ("abc", "%%c"),
        ("a%c", "a\\%c"),
        ("a_c", "a\\_c"),
        ("a\\c", "a\\\\c"),
        ("a\\", "a\\"),
        ("[x]*?", "[x]*?"),
        ("line\nline", "line%line"),
        ("你好", "_好"),
        ("", "%"),
        ("^$.|", "^$.|"),
    ],
)
def test_text_that_matches_is_found(text, pattern):
    assert matches(text, pattern)
    assert matches(text, pattern, ignore_case=True)


@pytest.mark.parametrize(
    ("text", "pattern"), [("ÉCOLE", "éc%"), ("école", "ÉC%"), ("Straße", "STRAßE"), ("ΣΟΦΟΣ", "σοφοσ"), ("a", "A")]
)
def test_case_can_be_ignored_in_any_script(text, pattern):
    assert matches(text, pattern, ignore_case=True)
    assert not matches(text, pattern)


def test_neighbouring_wildcards_count_once():
    assert Pattern("%%a%%%b\\%%").wildcards == 3


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(st.sampled_from(SPECIAL), max_size=6), st.text(st.sampled_from(SPECIAL), max_size=6))
def test_patterns_mean_the_same_on_every_database(text, pattern):
    assert matches(text, pattern) == expected(text, pattern)
    if text.isascii() and pattern.isascii():
        assert matches(text, pattern, ignore_case=True) == expected(text.lower(), pattern.lower())
