from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.db import connection

from catalog_core.entities.ordering import parse_order
from catalog_core.entities.query import parse_filter
from catalog_core.exceptions import InvalidQuery
from tests.core.entities.query.shelf import FIELDS, Book, Chapter, Library

pytestmark = pytest.mark.django_db


def order(order_by="", sort_order="", where=None):
    return parse_order(order_by, sort_order, FIELDS, where=parse_filter(where or ""))


def listed(*arguments, **options):
    return [book.id.int for book in order(*arguments, **options).apply(Book.objects.all())]


def books(shelf, *rows):
    """Store a book for each row, numbered from 1."""
    library = Library.objects.create(key="city")
    return [
        Book.objects.create(id=UUID(int=number), source=library, **{"name": "x", **row})
        for number, row in enumerate(rows, 1)
    ]


@pytest.mark.parametrize(
    ("order_by", "parts"),
    [
        ("nmae", ['no field "nmae"', 'Did you mean "name"?']),
        ("topics", ["a list of texts and has no order"]),
        ("details", ["has no order"]),
        ("customProperties.x", ["has no order"]),
        ("metadata.tier", ["has no order"]),
        ("chapters.id", ["has no order"]),
        ("name desc", ["expected"]),
        ("name;", ["expected"]),
        ("CREATE_TIME", ['no field "createTimeSinceEpoch"']),
    ],
)
def test_order_by_what_has_no_order_is_refused(order_by, parts):
    with pytest.raises(InvalidQuery) as caught:
        order(order_by)
    assert caught.value.parameter == "orderBy"
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize("sort_order", ["up", "ASC DESC", "-1", "ascending"])
def test_unknown_direction_is_refused(sort_order):
    with pytest.raises(InvalidQuery, match="neither ASC nor DESC") as caught:
        order("name", sort_order)
    assert caught.value.parameter == "sortOrder"


@pytest.mark.parametrize("sort_order", ["desc", "DESC", " Desc "])
def test_direction_is_known_in_any_case(sort_order):
    assert order("name", sort_order).descending


def test_name_orders_where_nobody_asks():
    assert order().fingerprint == order("NAME", "asc").fingerprint == "name:TEXT:asc"


def test_texts_order_without_case_then_by_code_point(shelf):
    names = ["b", "B", "a", "éa", "Éa", "Z", "zz", "10", "9", "日", "a "]
    expected = sorted(names, key=lambda name: ("".join(c.lower() if c.isascii() else c for c in name), name))
    with shelf():
        books(shelf, *({"name": name} for name in names))
        assert [names[number - 1] for number in listed("name")] == expected
        assert [names[number - 1] for number in listed("name", "DESC")] == expected[::-1]


@pytest.mark.parametrize(
    ("order_by", "rows"),
    [
        ("pages", [{"pages": 9}, {"pages": 10}, {"pages": None}]),
        ("price", [{"price": -1.5}, {"price": 1e30}, {"price": None}]),
        ("lent", [{"lent": False}, {"lent": True}, {"lent": None}]),
        ("author", [{"author": "A"}, {"author": "b"}, {"author": ""}]),
        ("boughtAt", [{"bought_at": datetime(2024, 1, day, tzinfo=UTC)} for day in (1, 2)] + [{}]),
        ("weight", [{"details": {"weight": 9}}, {"details": {"weight": "10"}}, {"details": {"weight": "x"}}]),
        ("publisher", [{"details": {"publisher": {"name": name}}} for name in ("A", "b", None)]),
        ("score.double_value", [{"metadata": {"score": {"double_value": value}}} for value in (9, 10.5)] + [{}]),
    ],
)
def test_rows_without_a_value_come_last_in_both_directions(shelf, order_by, rows):
    with shelf():
        books(shelf, *rows)
        assert listed(order_by) == [1, 2, 3]
        assert listed(order_by, "DESC") == [2, 1, 3]


def test_id_decides_between_equals_in_the_direction_asked_for(shelf):
    with shelf():
        books(shelf, {}, {}, {"pages": 1}, {"pages": 1})
        assert listed("pages") == [3, 4, 1, 2]
        assert listed("pages", "DESC") == [4, 3, 2, 1]
        assert listed("ID", "DESC") == [4, 3, 2, 1]


def test_children_order_by_their_smallest_or_largest_value(shelf):
    with shelf():
        for book, lengths in zip(books(shelf, {}, {}, {}), [(1, 9), (2, 5), ()], strict=True):
            Chapter.objects.bulk_create(Chapter(entity=book, length=length, title=f"t{length}") for length in lengths)
        assert listed("chapters.length") == [1, 2, 3]
        assert listed("LENGTH", "DESC") == [1, 2, 3]
        assert listed("LENGTH", "DESC", where="chapters.length < 9") == [2, 1, 3]
        assert listed("chapters.title") == [1, 2, 3]


def test_index_with_the_expressions_of_the_order_can_be_made_and_is_used(shelf):
    with connection.cursor() as cursor:
        indexes = connection.introspection.get_constraints(cursor, Book._meta.db_table)
    assert indexes["book_by_name"]["index"]
    with shelf():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        for direction in ("ASC", "DESC"):
            plan = order("name", direction).apply(Book.objects.all()).explain()
            assert "book_by_name" in plan
            assert "TEMP B-TREE" not in plan
            assert "Sort" not in plan
