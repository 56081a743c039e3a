"""Reading a catalog: one page of a list, one entity by name. All catalogs are read by this code.

A page costs a constant number of queries, and its entries are the documents that were made when they were stored. What
is asked in the same form again is not compiled again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import Any, NamedTuple, Protocol

from django.db.models import F, Q, TextField, Value

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.conditions import named_condition
from catalog_core.entities.held import HeldList
from catalog_core.entities.held_filters import HeldCondition, HeldFilter, held_conditions
from catalog_core.entities.paging import decode_token, encode_token, parse_page_size
from catalog_core.entities.prepared import PreparedList, Question, is_general, prepared_list
from catalog_core.entities.query.expressions import Compare
from catalog_core.entities.query.lifting import TextSlot, lift, slotted
from catalog_core.entities.queryable import query_fields
from catalog_core.entities.statements import Statement, compiled
from catalog_core.entities.view import CatalogView, VisibleSource, has_label
from catalog_core.exceptions import InvalidQuery, NotFound


class ListQuery(NamedTuple):
    """The parameters of a list as the client wrote them; empty where it did not."""

    filter_query: str = ""
    named_query: str = ""
    q: str = ""
    order_by: str = ""
    sort_order: str = ""
    page_size: str = ""
    page_token: str = ""
    sources: tuple[str, ...] = ()
    source_labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list.

    Attributes:
        documents: the entries as finished JSON texts.
        page_size: how many entries a page holds at most.
        next_page_token: leads to the next page; empty on the last one.
        total: how many entries match, over all pages.
    """

    documents: Sequence[str]
    page_size: int
    next_page_token: str
    total: int

    def json(self, plugin: CatalogPlugin) -> str:
        """Return the body of the answer."""
        shape = plugin.list_shape
        size = self.total if shape.size == "total" else len(self.documents)
        token = ""
        if self.next_page_token or shape.always_next_page_token:
            token = f'"nextPageToken":"{self.next_page_token}",'  # tokens are URL-safe, so JSON-safe
        return (
            f'{{"items":[{",".join(self.documents)}],{token}'
            f'"pageSize":{self.page_size},"size":{size},"totalSize":{self.total}}}'
        )


class Rows(Protocol):
    """Where the rows of a list come from: the database, or memory."""

    def rows(self, values: Sequence[Any], after: tuple[Any, ...] | None, limit: int) -> list[tuple[Any, ...]]:
        """Return at most ``limit`` rows from behind ``after`` on."""

    def count(self, values: Sequence[Any]) -> int:
        """Return how many rows there are."""


@dataclass(frozen=True, slots=True)
class _Form:
    """What lists have in common that differ in the values of their filter and in the page only.

    Attributes:
        prepared: the list.
        page_size: how many entities a page holds at most.
        scope: what page tokens may be used for, apart from the filter.
        everything: how many entities there are where no condition leaves some out.
        rows: where its rows come from.
    """

    prepared: PreparedList
    page_size: int
    scope: str
    everything: int
    rows: Rows


def list_entities(plugin: CatalogPlugin, view: CatalogView, query: ListQuery) -> Page:
    """Return the page that ``query`` asks for.

    Raises:
        InvalidQuery: a parameter cannot be understood.
    """
    form, values = _form_of(plugin, view, query)
    return read_page(
        form.prepared,
        values,
        page_size=form.page_size,
        token=query.page_token,
        scope=f"{form.scope}|{query.filter_query}",
        generation=view.generation,
        everything=form.everything,
        rows=form.rows,
    )


def _form_of(plugin: CatalogPlugin, view: CatalogView, query: ListQuery) -> tuple[_Form, tuple[Any, ...]]:
    """Return the form of a list, and the values that were taken out of its filter."""
    lifted = lift(query.filter_query) if query.filter_query else None
    if lifted is not None and lifted.values:
        general = query._replace(filter_query=lifted.shape, page_token="")
        slots = len(lifted.values)
        general_form = view.keep((plugin.name, slots, general), lambda: _general_form(plugin, view, general, slots))
        if general_form is not None:
            return general_form, lifted.values
    literal = query._replace(page_token="")
    make = partial(_make_form, plugin, view, literal, slots=None)
    return view.keep((plugin.name, None, literal), make), ()


def _general_form(plugin: CatalogPlugin, view: CatalogView, query: ListQuery, slots: int) -> _Form | None:
    """Return the form of a list whose filter has ``slots``; ``None`` if it cannot be compiled without its values."""
    return _make_form(plugin, view, query, slots) if is_general(_question(plugin, view, query, slots)) else None


def _question(plugin: CatalogPlugin, view: CatalogView, query: ListQuery, slots: int | None) -> Question:
    sources = _chosen_sources(view, query)
    narrowed = plugin.shares_model or view.hides_some or len(sources) < len(view.sources)
    return Question(
        plugin=plugin,
        filter=query.filter_query,
        slots=slots,
        q=query.q.strip(),
        order_by=query.order_by,
        sort_order=query.sort_order,
        sources=tuple(source.pk for source in sources) if narrowed else None,
    )


def _make_form(plugin: CatalogPlugin, view: CatalogView, query: ListQuery, slots: int | None) -> _Form:
    """Return the form of a list.

    Raises:
        InvalidQuery: a parameter cannot be understood.
    """
    named = named_condition(plugin, query_fields(plugin), query.named_query) if query.named_query else None
    sources = _chosen_sources(view, query)
    question = _question(plugin, view, query, slots)
    prepared = prepared_list(question, named)
    shape = plugin.list_shape
    # what the client says of sources; which they are may change between two pages, and the token still holds
    asked = repr((sorted(query.sources), sorted(query.source_labels)))
    everything = sum(source.entity_count for source in sources)
    rows: Rows = prepared
    if prepared.documents_tell_key and not named and not question.q and len(sources) == len(view.sources):
        rows = _held(view, question, prepared, everything)
    return _Form(
        prepared=prepared,
        page_size=parse_page_size(query.page_size, default=shape.default_page_size, maximum=shape.max_page_size),
        scope="|".join((plugin.name, query.q, repr(named), prepared.ordering.fingerprint, asked)),
        everything=everything,
        rows=rows,
    )


def _held(view: CatalogView, question: Question, prepared: PreparedList, size: int) -> Rows:
    """Return a list of all that is visible, in the order of names, as one that may be held in memory, if it can be."""
    conditions: tuple[HeldCondition, ...] = ()
    if prepared.has_condition:
        if question.slots is not None:
            conditions = held_conditions(question.plugin, slotted(question.filter))
        if not conditions:
            return prepared
    order = (question.plugin.name, prepared.ordering.descending)
    everything = replace(question, filter="", slots=None)
    whole = view.keep(("held", *order), lambda: HeldList(prepared_list(everything), size))
    if not conditions:
        return whole
    return view.keep(("held", *order, question.filter), lambda: HeldFilter(prepared, conditions, whole))


def read_page(
    prepared: PreparedList,
    values: Sequence[Any],
    *,
    page_size: int,
    token: str,
    scope: str,
    generation: str,
    everything: int,
    rows: Rows | None = None,
) -> Page:
    """Return one page of rows that have a ``document``.

    Args:
        prepared: the list.
        values: the values that were taken out of its filter.
        page_size: how many rows the page holds at most.
        token: the token that the page before gave out; empty for the first page.
        scope: what tokens of this list may be used for.
        generation: the state of what is listed; a token keeps the total as long as that is the same.
        everything: how many rows there are where no condition leaves some out.
        rows: where its rows come from, if not from the database.

    Raises:
        InvalidQuery: the token is none of this list.
    """
    after, total = _position(token, scope, generation)
    origin = rows or prepared
    found = origin.rows(values, after, page_size + 1)
    shown = found[:page_size]
    if total is None and not prepared.has_condition:
        total = everything
    elif total is None:  # counted only where nothing else says it
        total = len(found) if after is None and len(found) == len(shown) else origin.count(values)
    further = ""
    if len(found) > page_size:
        further = encode_token((*prepared.key_of(shown[-1]), generation, total), scope)
    return Page(documents=[row[0] for row in shown], page_size=page_size, next_page_token=further, total=total)


def get_entity(plugin: CatalogPlugin, view: CatalogView, name: str, *, source: str = "") -> str:
    """Return the document of the entity called ``name``.

    Where several sources have one of that name, the source that stands first in the configuration counts, unless
    ``source`` names another.

    Raises:
        NotFound: there is none.
    """
    statement = _by_name(plugin)
    found = dict(statement.rows((name,))) if statement else {}
    candidates = (found.get(visible.pk) for visible in view.sources if not source or visible.key == source)
    document = next((candidate for candidate in candidates if candidate is not None), None)
    if document is None:
        label = (plugin.kind_display_name or plugin.kind).lower()
        where = f" in source {source!r}" if source else ""
        raise NotFound(f'{label} "{name}" not found{where}.')
    return str(document)


@lru_cache
def _by_name(plugin: CatalogPlugin) -> Statement | None:
    """Return the statement for the entities of a name, which is its only value."""
    is_called = Q(Compare(F("name"), "=", Value(TextSlot(0), output_field=TextField())))
    return compiled(plugin.model._default_manager.filter(is_called).order_by().values_list("source_id", "document"))


def _chosen_sources(view: CatalogView, query: ListQuery) -> list[VisibleSource]:
    if query.sources and query.source_labels:
        raise InvalidQuery("source and sourceLabel exclude each other; give one of them.", parameter="sourceLabel")
    if query.sources:
        return [source for source in view.sources if source.key in query.sources]
    if query.source_labels:
        wanted = {label.casefold() for label in query.source_labels}
        return [source for source in view.sources if has_label(source.labels, wanted)]
    return list(view.sources)


def _position(token: str, scope: str, generation: str) -> tuple[tuple[Any, ...] | None, int | None]:
    """Return the row that the page begins after, and the total if it still holds."""
    if not token:
        return None, None
    *row, seen, total = decode_token(token, scope)
    return tuple(row), total if seen == generation else None
