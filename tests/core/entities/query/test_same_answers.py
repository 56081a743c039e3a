"""Random filters over random rows, checked against a second reading of the language, written in plain Python."""

import operator
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_core.entities.query import compile_filter, parse_filter
from tests.core.entities.query.shelf import FIELDS, Book, Chapter, Library

pytestmark = pytest.mark.django_db

TEXTS = st.sampled_from(["a", "A", "b", "ab", "Éa", "éa", "z", "10", "9", "a%", "a_b", "Z\\", "é", "日本"])
NUMBERS = st.one_of(
    st.floats(-10, 10), st.integers(-3, 3), st.sampled_from([0.5, -0.5, 2.0, 1e30, 2**53 + 1, 0.1, 1 / 3])
)
TIMES = st.integers(0, 3).map(lambda day: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=day))
JSON_VALUES = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS, st.lists(TEXTS, max_size=2), st.just({}))
ORDERS = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
CHAPTERS = st.fixed_dictionaries({"title": st.one_of(st.just(""), TEXTS), "length": st.none() | st.integers(-3, 3)})
BOOKS = st.fixed_dictionaries(
    {
        "name": TEXTS,
        "author": st.one_of(st.just(""), TEXTS),
        "pages": st.one_of(st.none(), st.integers(-3, 3), st.sampled_from([2**53 + 1, -(2**63)])),
        "price": st.none() | NUMBERS.map(float),
        "lent": st.none() | st.booleans(),
        "bought_at": st.none() | TIMES,
        "topics": st.lists(TEXTS, max_size=3),
        "custom_properties": st.dictionaries(st.sampled_from(["x", "a.b", "é\"'"]), JSON_VALUES, max_size=3),
        "chapters": st.lists(CHAPTERS, max_size=2),
    }
)


def quoted(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def written(value):
    if isinstance(value, bool):
        return str(value).upper()
    return quoted(value) if isinstance(value, str) else repr(value)


def like(pattern, *, ignore_case=False):
    pieces = re.findall(r"\\?.", pattern)
    regex = "".join({"%": ".*", "_": "."}.get(piece, re.escape(piece[-1])) for piece in pieces)
    return re.compile(regex, re.IGNORECASE if ignore_case else 0).fullmatch


def double(value):
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return float(value) if value.isascii() and value.isdigit() else None
    return float(value) if isinstance(value, int | float) else None


def json_value(key, literal):
    """Return a function from a row to its property, taken for the type of ``literal``."""

    def value(row):
        found = row["custom_properties"].get(key)
        if isinstance(literal, bool):
            return found if isinstance(found, bool) else None
        return (found if isinstance(found, str) else None) if isinstance(literal, str) else double(found)

    return value


def compared(name, value, literals, *, exact=False):
    """Give conditions that compare a field with literals, as text and as a function of the row."""

    @st.composite
    def condition(draw):
        sign = draw(st.sampled_from(["=", "IN"] if exact else [*ORDERS, "IN"]))
        if sign == "IN":
            members = draw(st.lists(literals, max_size=3))
            text = f"IN ({', '.join(map(written, members))})"
            return f"{name} {text}", lambda row: value(row) is not None and value(row) in members
        literal = draw(literals)
        holds = ORDERS[sign]
        return f"{name} {sign} {written(literal)}", lambda row: value(row) is not None and holds(value(row), literal)

    return condition()


def patterned(name, texts):
    @st.composite
    def condition(draw):
        word = draw(st.sampled_from(["LIKE", "ILIKE"]))
        pattern = draw(st.sampled_from(["%", "a%", "%B", "_", "é_", "a\\%", "%a%", "Z\\"]))
        matches = like(pattern, ignore_case=word == "ILIKE")
        return f"{name} {word} {quoted(pattern)}", lambda row: any(matches(text) for text in texts(row))

    return condition()


def absent(name, is_absent):
    return st.just((f"{name} IS NULL", is_absent))


def json_compared(name, key):
    @st.composite
    def condition(draw):
        literal = draw(st.one_of(TEXTS, NUMBERS, st.booleans()))
        sign = "=" if isinstance(literal, bool) else draw(st.sampled_from(list(ORDERS)))
        value, holds = json_value(key, literal), ORDERS[sign]
        against = float(literal) if type(literal) is int else literal
        return f"{name} {sign} {written(literal)}", lambda row: value(row) is not None and holds(value(row), against)

    return condition()


def column(name):
    return lambda row: row[name] if row[name] != "" else None


OWN = st.one_of(
    compared("name", column("name"), TEXTS),
    compared("author", column("author"), st.one_of(st.just(""), TEXTS)),
    patterned("author", lambda row: [row["author"]] if row["author"] else []),
    absent("author", lambda row: row["author"] == ""),
    compared("pages", column("pages"), NUMBERS),
    absent("pages", lambda row: row["pages"] is None),
    compared("price", column("price"), NUMBERS.map(float)),
    compared("lent", column("lent"), st.booleans(), exact=True),
    compared("boughtAt", lambda row: row["bought_at"] and row["bought_at"].isoformat(), TIMES.map(datetime.isoformat)),
    patterned("topics", lambda row: row["topics"]),
    absent("topics", lambda row: not row["topics"]),
    TEXTS.map(lambda text: (f"topics = {quoted(text)}", lambda row: text in row["topics"])),
    json_compared("customProperties.x", "x"),
    json_compared("customProperties.`a.b`", "a.b"),
    json_compared("customProperties.`é\"'`", "é\"'"),
    absent("customProperties.x", lambda row: row["custom_properties"].get("x") in (None, [], {})),
)
OF_CHAPTERS = st.one_of(
    compared("chapters.title", column("title"), TEXTS),
    compared("chapters.length", column("length"), st.integers(-3, 3)),
    absent("chapters.length", lambda row: row["length"] is None),
)


@st.composite
def leaves(draw):
    of_chapter = draw(st.integers(0, 3)) == 0
    text, holds = draw(OF_CHAPTERS if of_chapter else OWN)
    return ("chapter" if of_chapter else "own"), text, holds


TREES = st.recursive(
    leaves(),
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=2, max_size=3)),
    ),
    max_leaves=6,
)


def text_of(tree):
    match tree:
        case ("not", inner):
            return f"NOT ({text_of(inner)})"
        case ("and" | "or" as word, list() as inner):
            return "(" + f" {word} ".join(text_of(part) for part in inner) + ")"
        case (_, text, _):
            return text


def flat(parts):
    for part in parts:
        if part[0] == "and":
            yield from flat(part[1])
        else:
            yield part


def holds(tree, row):
    match tree:
        case ("not", inner):
            return not holds(inner, row)
        case ("or", list() as inner):
            return any([holds(part, row) for part in inner])
        case ("and", list() as inner):
            parts = list(flat(inner))
            of_chapters = [part[2] for part in parts if part[0] == "chapter"]
            return all(holds(part, row) for part in parts if part[0] != "chapter") and (
                not of_chapters or any(all(check(chapter) for check in of_chapters) for chapter in row["chapters"])
            )
        case ("chapter", _, check):
            return any(check(chapter) for chapter in row["chapters"])
        case (_, _, check):
            return bool(check(row))


def store(rows):
    library = Library.objects.create(key="city")
    for number, row in enumerate(rows):
        values = {key: value for key, value in row.items() if key != "chapters"}
        book = Book.objects.create(id=UUID(int=number), source=library, **values)
        Chapter.objects.bulk_create(Chapter(entity=book, **chapter) for chapter in row["chapters"])


def found(text):
    condition = compile_filter(parse_filter(text), FIELDS)
    return {key.int for key in Book.objects.filter(condition).values_list("id", flat=True)}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=st.lists(BOOKS, max_size=6), trees=st.lists(TREES, min_size=1, max_size=6))
def test_filters_find_what_the_language_says(shelf, rows, trees):
    with shelf():
        store(rows)
        for tree in trees:
            expected = {number for number, row in enumerate(rows) if holds(tree, row)}
            assert found(text_of(tree)) == expected, text_of(tree)
            assert found(f"NOT {text_of(tree)}") == set(range(len(rows))) - expected, text_of(tree)


@pytest.mark.parametrize(
    ("plain", "negated"),
    [
        ("author = 'a'", "author != 'a'"),
        ("pages IN (1, 2)", "pages NOT IN (1, 2)"),
        ("author LIKE 'a%'", "author NOT LIKE 'a%'"),
        ("topics ILIKE 'a%'", "topics NOT ILIKE 'a%'"),
        ("customProperties.x = 1", "customProperties.x <> 1"),
        ("lent IS NULL", "lent IS NOT NULL"),
    ],
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(rows=st.lists(BOOKS, max_size=6))
def test_negated_operator_finds_the_rest(shelf, rows, plain, negated):
    with shelf():
        store(rows)
        assert found(plain) | found(negated) == set(range(len(rows)))
        assert not found(plain) & found(negated)
        assert found(negated) == found(f"NOT {plain}")
