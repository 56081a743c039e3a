"""Lists as statements, compiled once for all requests that ask in the same form."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.db.models import F, Q, QuerySet

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.conditions import search_condition, together
from catalog_core.entities.ordering import Ordering, parse_order
from catalog_core.entities.paging import seek_from, stands_last
from catalog_core.entities.query import Node, compile_filter, parse_filter
from catalog_core.entities.query.expressions import Placeholder
from catalog_core.entities.query.lifting import slotted
from catalog_core.entities.queryable import query_fields
from catalog_core.entities.statements import RowSlot, Statement, compiled
from catalog_core.exceptions import InvalidQuery

_KEPT = 256
"""How many forms of lists are kept compiled in each process; some kilobytes each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a list is asked for, but for the page. Equal questions have equal statements.

    Attributes:
        plugin: whose list it is.
        filter: the filter; without its values if it is lifted.
        slots: how many values were taken out of it; ``None`` if it is not lifted.
        q: the words searched for.
        order_by: the parameter ``orderBy``.
        sort_order: the parameter ``sortOrder``.
        sources: the sources that entries may come from, by primary key; ``None`` for all that are stored.
    """

    plugin: CatalogPlugin
    filter: str
    slots: int | None
    q: str
    order_by: str
    sort_order: str
    sources: tuple[int, ...] | None


@dataclass(frozen=True, slots=True)
class PreparedList:
    """A list of a catalog, ready to be read from any row on.

    Attributes:
        ordering: its order.
        has_condition: whether some entries are left out by more than their source.
        matching: its entries, without an order.
        documents_tell_key: whether documents hold what the order goes by; columns that are not fetched cost nothing.
        statements: what was compiled so far, by name.
    """

    ordering: Ordering
    has_condition: bool
    matching: QuerySet[Any]
    documents_tell_key: bool = False
    statements: dict[str, Statement | None] = field(default_factory=dict)

    def rows(self, values: Sequence[Any], after: tuple[Any, ...] | None, limit: int) -> list[tuple[Any, ...]]:
        """Return documents with what :meth:`key_of` needs, at most ``limit``, from behind the row ``after`` on."""
        if after is None:
            form = "first"
        else:
            form = "behind those without a value" if stands_last(self.ordering, after) else "next"
        statement = self._statement(form)
        return statement.rows(values, after or (), limit) if statement else []

    def all_rows(self) -> list[tuple[Any, ...]]:
        """Return the documents of all entries, in their order, each with its id as the database gives it."""
        statement = self._statement("whole")
        return statement.rows() if statement else []

    def values_of(self, column: str) -> list[tuple[Any, Any]]:
        """Return the id and the value of a column of all entries, both as the database gives them, in no order."""
        statement = compiled(self.matching.order_by().values_list("id", column))
        return statement.rows() if statement else []

    def count(self, values: Sequence[Any]) -> int:
        """Return how many entries there are."""
        statement = self._statement("all")
        return statement.count(values) if statement else 0

    def key_of(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return what says where a row of the last :meth:`rows` stands."""
        if self.documents_tell_key:
            entity = orjson.loads(row[0])
            return entity["name"], UUID(entity["id"])
        statement = self._statement("first")
        return statement.converted(row)[1:] if statement else ()

    def has_slots(self, count: int) -> bool:
        """Say whether each of so many values has a place in the statement."""
        statement = self._statement("first")
        return statement is None or statement.slots == frozenset(range(count))

    def _statement(self, form: str) -> Statement | None:
        if form not in self.statements:
            self.statements[form] = self._compiled(form)
        return self.statements[form]

    def _compiled(self, form: str) -> Statement | None:
        if form == "all":
            return compiled(self.matching.order_by().values_list("id"))
        if form == "whole":
            return compiled(self.ordering.apply(self.matching).values_list("document", "id"))
        if form == "first":
            rows = self.ordering.apply(self.matching)
        else:
            marks = [
                Placeholder(RowSlot(index, column), output_field=column)
                for index, column in enumerate(self.ordering.key_fields())
            ]
            rows = seek_from(self.matching, self.ordering, self.ordering.keys_of(*marks), absent=form != "next")
        columns = () if self.documents_tell_key else self.ordering.key_columns()
        statement = compiled(rows.values_list("document", *columns))
        return statement.limited() if statement else None


def prepared_list(question: Question, named: Node | None = None) -> PreparedList:
    """Return the list that ``question`` asks for.

    Args:
        question: what is asked for.
        named: a further condition, whose form says nothing about its values; with it nothing is kept.

    Raises:
        InvalidQuery: a parameter cannot be understood.
    """
    return _prepare(question, named) if named is not None else _prepared(question)


@lru_cache(maxsize=_KEPT)
def _prepared(question: Question) -> PreparedList:
    return _prepare(question, None)


@lru_cache(maxsize=4 * _KEPT)
def is_general(question: Question) -> bool:
    """Say whether the statement for a filter without its values serves all filters of that form."""
    try:
        return _prepared(question).has_slots(question.slots or 0)
    except InvalidQuery:  # whoever compiles the filter as it was written hears where it is wrong
        return False


def _prepare(question: Question, named: Node | None) -> PreparedList:
    plugin = question.plugin
    fields = query_fields(plugin)
    condition = parse_filter(question.filter) if question.slots is None else slotted(question.filter)
    node = together(condition, named)
    ordering = parse_order(question.order_by, question.sort_order, fields, where=node)
    rows = plugin.model._default_manager.all()
    if question.sources is not None:
        rows = rows.filter(Q(source__in=question.sources))
    if node is not None:
        rows = rows.filter(compile_filter(node, fields))
    if question.q:
        rows = rows.filter(search_condition(plugin, question.q))
    by_name = ordering.value == F("name") and ordering.key == "id"
    return PreparedList(ordering, node is not None or bool(question.q), rows, documents_tell_key=by_name)
