from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_core.entities.ordering import parse_order
from catalog_core.entities.paging import MAX_TOKEN_CHARACTERS, decode_token, encode_token, parse_page_size, seek
from catalog_core.exceptions import InvalidQuery
from tests.core.entities.query.shelf import FIELDS, Book, Chapter, Library

pytestmark = pytest.mark.django_db

TEXTS = st.sampled_from(["", "a", "A", "b", "B", "aé", "aÉ", "é", "É", "日本", "x" * 300, "it's"])
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": TEXTS.map(lambda text: text or "unnamed"),
            "author": TEXTS,
            "pages": st.none() | st.integers(-2, 2) | st.just(2**60),
            "price": st.none() | st.sampled_from([0.1, 1 / 3, -1e30, 5e-324]),
            "lent": st.none() | st.booleans(),
            "bought_at": st.none() | st.integers(0, 2).map(lambda us: datetime(2024, 1, 1, 0, 0, 0, us, tzinfo=UTC)),
            "details": st.sampled_from([{}, {"weight": 0.1}, {"weight": "7"}, {"publisher": {"name": "Oak"}}]),
            "chapters": st.lists(st.integers(0, 2), max_size=2),
        }
    ),
    max_size=9,
)
ORDERS = st.sampled_from(
    ["name", "id", "author", "pages", "price", "lent", "boughtAt", "weight", "publisher", "chapters.length", "sourceId"]
)
DIRECTIONS = st.sampled_from(["ASC", "DESC"])
PAGE_SIZES = st.integers(1, 5)


def add(rows, first=0):
    library, _ = Library.objects.get_or_create(key="city")
    for number, row in enumerate(rows, first):
        # Numbers are spread, so that the order of making is not the order of ids.
        identity = UUID(int=(number * 0x9E3779B97F4A7C15F39CC0605CEDC835) % 2**128)
        values = {key: value for key, value in row.items() if key != "chapters"}
        book = Book.objects.create(id=identity, source=library, **values)
        Chapter.objects.bulk_create(Chapter(entity=book, length=length) for length in row["chapters"])


def pages(ordering, size):
    """Walk all pages, each begun from the token of the one before."""
    queryset = ordering.apply(Book.objects.all())
    while rows := list(queryset.values_list(*ordering.key_columns())[:size]):
        yield [row[-1] for row in rows]
        token = encode_token(rows[-1], ordering.fingerprint)
        queryset = seek(Book.objects.all(), ordering, decode_token(token, ordering.fingerprint))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=ROWS, order_by=ORDERS, direction=DIRECTIONS, size=PAGE_SIZES)
def test_all_pages_together_are_the_whole_list(shelf, rows, order_by, direction, size):
    with shelf():
        add(rows)
        ordering = parse_order(order_by, direction, FIELDS)
        whole = [book.id for book in ordering.apply(Book.objects.all())]
        walked = list(pages(ordering, size))
        assert [identity for page in walked for identity in page] == whole
        assert all(len(page) == size for page in walked[:-1])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(rows=ROWS, more=ROWS, order_by=ORDERS, direction=DIRECTIONS, size=PAGE_SIZES, data=st.data())
def test_rows_that_come_and_go_make_nobody_miss_or_see_another_row_twice(
    shelf, rows, more, order_by, direction, size, data
):
    with shelf():
        add(rows)
        before = set(Book.objects.values_list("id", flat=True))
        seen = []
        for turn, page in enumerate(pages(parse_order(order_by, direction, FIELDS), size)):
            seen += page
            add(more[turn : turn + 1], first=100 + turn)
            if data.draw(st.booleans()):
                Book.objects.filter(id=data.draw(st.sampled_from(sorted(before)))).delete()
        survivors = before & set(Book.objects.values_list("id", flat=True))
        assert len(seen) == len(set(seen))
        assert survivors <= set(seen)


@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_later_page_is_found_by_index(shelf, direction):
    with shelf():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        ordering = parse_order("name", direction, FIELDS)
        plan = seek(Book.objects.all(), ordering, ("middle", UUID(int=5))).explain()
        assert "SEARCH shelf_book USING INDEX book_by_name" in plan or ("Index Cond" in plan and "book_by_name" in plan)
        assert "TEMP B-TREE" not in plan
        assert "Sort" not in plan


KEY_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=50),
    st.datetimes(timezones=st.just(UTC)),
    st.uuids(),
)


@given(st.lists(KEY_VALUES, min_size=1, max_size=3), st.text(max_size=20))
def test_token_gives_back_what_it_was_made_of(values, scope):
    token = encode_token(values, scope)
    assert token.isascii()
    assert set(token) <= set("-_.0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert list(decode_token(token, scope)) == values


@pytest.mark.parametrize(
    "text", ["", "x", "MQ==", ".", "a.b", "é", "\x00", "\ud800", "[]", "..", "9" * (MAX_TOKEN_CHARACTERS + 1)]
)
def test_anything_but_a_token_is_refused(text):
    with pytest.raises(InvalidQuery, match="no page token of this list") as caught:
        decode_token(text, "list")
    assert caught.value.parameter == "pageToken"


@given(st.text())
def test_no_text_by_chance_is_a_token(text):
    with pytest.raises(InvalidQuery):
        decode_token(text, "list")


def test_token_of_another_list_key_or_length_is_refused(settings):
    token = encode_token(["x", UUID(int=1)], "agents")
    for foreign in (token[:-1], token[1:], token + "A", token.swapcase()):
        with pytest.raises(InvalidQuery):
            decode_token(foreign, "agents")
    with pytest.raises(InvalidQuery):
        decode_token(token, "models")
    settings.SECRET_KEY = "another"
    with pytest.raises(InvalidQuery):
        decode_token(token, "agents")


def test_token_outlives_a_change_of_the_key_that_keeps_the_old_one_as_fallback(settings):
    token = encode_token([datetime(2024, 1, 1, tzinfo=UTC) + timedelta(microseconds=1)], "agents")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"
    assert decode_token(token, "agents") == (datetime(2024, 1, 1, 0, 0, 0, 1, tzinfo=UTC),)


def test_token_of_the_longest_name_is_accepted():
    values = ["".join(chr(0x20000 + number) for number in range(512)), UUID(int=1)]
    assert list(decode_token(encode_token(values, "list"), "list")) == values


@pytest.mark.parametrize("text", ["x", "1.5", "1e3", "--1", "+-1", "-", "٣", "0x10", "1 2"])
def test_page_size_that_is_no_whole_number_is_refused(text):
    with pytest.raises(InvalidQuery, match="not a whole number") as caught:
        parse_page_size(text, default=20, maximum=100)
    assert caught.value.parameter == "pageSize"


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("", 20),
        (" ", 20),
        ("0", 20),
        ("-5", 20),
        ("000", 20),
        ("7", 7),
        ("+7", 7),
        (" 007 ", 7),
        ("100", 100),
        ("101", 100),
        ("9" * 5000, 100),
        ("-" + "9" * 5000, 20),
    ],
)
def test_page_size_is_kept_within_its_limits(text, size):
    assert parse_page_size(text, default=20, maximum=100) == size
