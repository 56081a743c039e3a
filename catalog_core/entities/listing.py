"""Reading a catalog: one page of a list, one entity by name. All catalogs are read by this code.

A page costs a constant number of queries, and its entries are the documents that were made when they were stored. What
is asked in the same form again is not compiled again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import F, Q, TextField, Value

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.conditions import named_condition
from catalog_core.entities.held import HeldList
from catalog_core.entities.paging import decode_token, encode_token, parse_page_size
from catalog_core.entities.prepared import PreparedList, Question, is_general, prepared_list
from catalog_core.entities.query.expressions import Compare
from catalog_core.entities.query.lifting import TextSlot, lift
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


@dataclass(frozen=True, slots=True)
class _Form:
    """What lists have in common that differ in the values of their filter and in the page only.

    Attributes:
        prepared: the list.
        page_size: how many entities a page holds at most.
        scope: what page tokens may be used for, apart from the filter.
        everything: how many entities there are where no condition leaves some out.
        held: the same list where it may be held in memory.
    """

    prepared: PreparedList
    page_size: int
    scope: str
    everything: int
    held: HeldList | None


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
        held=form.held,
    )


def _form_of(plugin: CatalogPlugin, view: CatalogView, query: ListQuery) -> tuple[_Form, tuple[Any, ...]]:
    """Return the form of a list, and the values that were taken out of its filter."""
    lifted = lift(query.filter_query) if query.filter_query else None
    if lifted is not None and lifted.values:
        general = query._replace(filter_query=lifted.shape, page_token="")
        slots = len(lifted.values)
        form = view.keep((plugin.name, slots, general), lambda: _make_form(plugin, view, general, slots))
        if form is not None:
            return form, lifted.values
    literal = query._replace(page_token="")
    return view.keep((plugin.name, None, literal), lambda: _make_form(plugin, view, literal, None)), ()


def _make_form(plugin: CatalogPlugin, view: CatalogView, query: ListQuery, slots: int | None) -> _Form | None:
    """Return the form of a list; ``None`` if a filter has ``slots``, but cannot be compiled without its values."""
    named = named_condition(plugin, query_fields(plugin), query.named_query) if query.named_query else None
    sources = _chosen_sources(view, query)
    narrowed = plugin.shares_model or view.hides_some or len(sources) < len(view.sources)
    question = Question(
        plugin=plugin,
        filter=query.filter_query,
        slots=slots,
        q=query.q.strip(),
        order_by=query.order_by,
        sort_order=query.sort_order,
        sources=tuple(source.pk for source in sources) if narrowed else None,
    )
    if slots is not None and not is_general(question):
        return None
    prepared = prepared_list(question, named)
    shape = plugin.list_shape
    # what the client says of sources; which they are may change between two pages, and the token still holds
    asked = repr((sorted(query.sources), sorted(query.source_labels)))
    everything = sum(source.entity_count for source in sources)
    held = None
    if prepared.documents_tell_key and not prepared.has_condition and len(sources) == len(view.sources):
        key = ("held", plugin.name, prepared.ordering.descending)
        held = view.keep(key, lambda: HeldList(prepared, everything))
    return _Form(
        prepared=prepared,
        page_size=parse_page_size(query.page_size, default=shape.default_page_size, maximum=shape.max_page_size),
        scope="|".join((plugin.name, query.q, repr(named), prepared.ordering.fingerprint, asked)),
        everything=everything,
        held=held,
    )


def read_page(
    prepared: PreparedList,
    values: Sequence[Any],
    *,
    page_size: int,
    token: str,
    scope: str,
    generation: str,
    everything: int,
    held: HeldList | None = None,
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
        held: the same list where it may be held in memory; then there are no values.

    Raises:
        InvalidQuery: the token is none of this list.
    """
    after, total = _position(token, scope, generation)
    rows = held.rows(after, page_size + 1) if held else prepared.rows(values, after, page_size + 1)
    shown = rows[:page_size]
    if total is None and not prepared.has_condition:
        total = everything
    elif total is None:  # counted only where nothing else says it
        total = len(rows) if after is None and len(rows) == len(shown) else prepared.count(values)
    further = ""
    if len(rows) > page_size:
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
