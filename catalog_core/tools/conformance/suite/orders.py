"""Category B: an order is an order, in both directions and over all pages."""

from collections.abc import Iterator, Sequence
from typing import Any

from catalog_core.tools.conformance.checks import Category, Findings, Note, check
from catalog_core.tools.conformance.kinds import Kind
from catalog_core.tools.conformance.subjects import Catalog
from catalog_core.tools.conformance.values import comparable, identity, order_key, value_at
from catalog_core.tools.conformance.wire import WireError

DIRECTIONS = ("ASC", "DESC")
PAGE_SIZE = 50

_check = check(Category.LIST_GET)


@_check
def every_sortable_column_orders(catalog: Catalog) -> Findings:
    """Values stand in their order both ways; entries without a value come last, and none is lost."""
    for kind in catalog.kinds:
        whole = {identity(item) for item in kind.some_items()}
        for column in _sortable(kind):
            for direction in DIRECTIONS:
                try:
                    found = kind.found(orderBy=str(column["name"]), sortOrder=direction)
                except WireError as error:
                    yield str(error)
                    continue
                what = f"{kind.name} ordered by {column['name']} {direction}"
                if {identity(item) for item in found} != whole or len(found) != len(whole):
                    yield f"{what}: {len(found)} entries, not the {len(whole)} of the list"
                yield from _order_problems(_values(found, column), direction, what)


@_check
def directions_are_opposite(catalog: Catalog) -> Findings:
    """Among entries that have a value, descending is ascending turned round."""
    for kind in catalog.kinds:
        for column in _sortable(kind):
            up, down = (
                [
                    identity(item)
                    for item in kind.found(orderBy=str(column["name"]), sortOrder=direction)
                    if value_at(item, str(column.get("path"))) is not None
                ]
                for direction in DIRECTIONS
            )
            if up != down[::-1]:
                yield f"{kind.name} ordered by {column['name']}: DESC is not ASC turned round"


@_check
def order_holds_over_pages(catalog: Catalog) -> Findings:
    """In pages, an ordered list is the same as in one piece."""
    for kind in catalog.kinds:
        page_size = max(2, min(PAGE_SIZE, len(kind.some_items()) // 3))
        for column in _sortable(kind):
            query = {"orderBy": str(column["name"]), "sortOrder": "DESC"}
            whole = [identity(item) for item in kind.found(**query)]
            paged = [identity(item) for item in kind.found(**query, pageSize=str(page_size))]
            if whole != paged:
                yield f"{kind.name} ordered by {column['name']}: pages of {page_size} do not make up the list"


def _sortable(kind: Kind) -> list[dict[str, Any]]:
    return [column for column in kind.columns if column.get("sortable") is True]


def _values(items: Sequence[dict[str, Any]], column: dict[str, Any]) -> list[Any]:
    """Return the values of a column; times in milliseconds stand as texts, but are numbers."""
    values = [value_at(item, str(column.get("path"))) for item in items]
    if column.get("type") == "date" and all(isinstance(value, str) and value.isdigit() for value in values):
        return [int(value) for value in values]
    return values


def _order_problems(values: list[Any], direction: str, what: str) -> Iterator[str]:
    present = [value for value in values if value is not None]
    if values[: len(present)] != present:
        yield f"{what}: an entry without a value stands before one with a value"
    if not comparable(present):
        yield Note(f"{what}: values of several types, which have no order that could be checked")
        return
    keys = [order_key(value) for value in present]
    if keys != sorted(keys, reverse=direction == "DESC"):
        yield f"{what}: the values are not in order"


CHECKS = (every_sortable_column_orders, directions_are_opposite, order_holds_over_pages)
