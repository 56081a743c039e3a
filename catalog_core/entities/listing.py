"""Reading a catalog: one page of a list, one entity by name. All catalogs are read by this code.

A page costs a constant number of queries, and its entries are the documents that were made when they were stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, Min, Q, QuerySet

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.models import EntityModel
from catalog_core.entities.ordering import Ordering, parse_order
from catalog_core.entities.paging import decode_token, encode_token, parse_page_size, seek
from catalog_core.entities.query import (
    FieldType,
    Node,
    QueryFields,
    compile_filter,
    named_query,
    parse_filter,
    parse_name,
)
from catalog_core.entities.query.conditions import value_of
from catalog_core.entities.query.nodes import Comparison, Literal, Name, Operator, conjunction, disjunction
from catalog_core.entities.queryable import query_fields
from catalog_core.entities.view import CatalogView, VisibleSource
from catalog_core.exceptions import InvalidQuery, NotFound
from catalog_core.problems import did_you_mean
from catalog_core.sources.models import ConfigurationState

MAX_SEARCH_CHARACTERS = 200
MAX_SEARCH_WORDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
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


def list_entities(plugin: CatalogPlugin, view: CatalogView, query: ListQuery) -> Page:
    """Return the page that ``query`` asks for.

    Raises:
        InvalidQuery: a parameter cannot be understood.
    """
    fields = query_fields(plugin)
    node = _condition(plugin, fields, query)
    ordering = parse_order(query.order_by, query.sort_order, fields, where=node)
    page_size = parse_page_size(
        query.page_size, default=plugin.list_shape.default_page_size, maximum=plugin.list_shape.max_page_size
    )
    sources = _chosen_sources(view, query)
    matching = _matching(plugin, view, sources, node, fields)
    scope = f"{plugin.name}|{node!r}|{ordering.fingerprint}|{sorted(source.key for source in sources)}"
    after, total = _position(query.page_token, scope, view)
    if total is None:
        total = matching.count() if node is not None else sum(source.entity_count for source in sources)
    rows = _rows(matching, ordering, after, page_size + 1)
    shown = rows[:page_size]
    token = ""
    if len(rows) > page_size:
        token = encode_token((*shown[-1][1:], view.generation, total), scope)
    return Page(documents=[row[0] for row in shown], page_size=page_size, next_page_token=token, total=total)


def get_entity(plugin: CatalogPlugin, view: CatalogView, name: str, *, source: str = "") -> str:
    """Return the document of the entity called ``name``.

    Where several sources have one of that name, the source that stands first in the configuration counts, unless
    ``source`` names another.

    Raises:
        NotFound: there is none.
    """
    found = dict(plugin.model._default_manager.filter(name=name).values_list("source_id", "document"))
    candidates = (found.get(visible.pk) for visible in view.sources if not source or visible.key == source)
    document = next((candidate for candidate in candidates if candidate is not None), None)
    if document is None:
        label = (plugin.kind_display_name or plugin.kind).lower()
        where = f" in source {source!r}" if source else ""
        raise NotFound(f'{label} "{name}" not found{where}.')
    return document


def _condition(plugin: CatalogPlugin, fields: QueryFields, query: ListQuery) -> Node | None:
    conditions = [
        parse_filter(query.filter_query),
        _named(plugin, fields, query.named_query) if query.named_query else None,
        _search(plugin, query.q) if query.q.strip() else None,
    ]
    found = tuple(node for node in conditions if node is not None)
    return conjunction(found) if found else None


def _named(plugin: CatalogPlugin, fields: QueryFields, name: str) -> Node:
    section = ConfigurationState.current().sections.get(plugin.name) or {}
    queries: Mapping[str, Any] = section.get("namedQueries") or {}
    if name not in queries:
        hint = did_you_mean(name, queries) or "The configuration names no queries for this catalog."
        raise InvalidQuery(f"there is no query called {name!r}. {hint}", parameter="namedQuery")
    return named_query(queries[name], ranges=_ranges(plugin, fields, queries[name]))


def _ranges(
    plugin: CatalogPlugin, fields: QueryFields, query: Mapping[str, Mapping[str, Any]]
) -> dict[str, tuple[float, float]]:
    """Return the smallest and largest value of each field whose condition speaks of ``min`` or ``max``."""
    ranges = {}
    for name, entry in query.items():
        if entry.get("value") not in ("min", "max"):
            continue
        target = fields.resolve(parse_name(name, parameter="namedQuery"), parameter="namedQuery")
        if target.field.type not in (FieldType.INTEGER, FieldType.NUMBER):
            continue
        rows = fields.children[target.child].rows() if target.child else plugin.rows()
        value = value_of(target.field)
        low, high = rows.aggregate(low=Min(value), high=Max(value)).values()
        ranges[name] = (low if low is not None else 0, high if high is not None else 0)
    return ranges


def _search(plugin: CatalogPlugin, text: str) -> Node:
    """Return the condition that every word of ``text`` occurs in some searchable field."""
    words = text.split()
    if len(text) > MAX_SEARCH_CHARACTERS or len(words) > MAX_SEARCH_WORDS:
        raise InvalidQuery(
            f"a search has at most {MAX_SEARCH_WORDS} words and {MAX_SEARCH_CHARACTERS} characters.", parameter="q"
        )
    names = [Name((name,)) for name in plugin.searchable_fields()]
    return conjunction(
        tuple(
            disjunction(tuple(Comparison(name, Operator.ILIKE, (_contains(word),)) for name in names)) for word in words
        )
    )


def _contains(word: str) -> Literal:
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return Literal(f"%{escaped}%")


def _chosen_sources(view: CatalogView, query: ListQuery) -> list[VisibleSource]:
    if query.sources and query.source_labels:
        raise InvalidQuery("source and sourceLabel exclude each other; give one of them.", parameter="sourceLabel")
    if query.sources:
        return [source for source in view.sources if source.key in query.sources]
    if query.source_labels:
        wanted = {label.casefold() for label in query.source_labels}
        return [source for source in view.sources if _has_label(source, wanted)]
    return list(view.sources)


def _has_label(source: VisibleSource, wanted: set[str]) -> bool:
    if not source.labels:
        return "null" in wanted
    return any(label.casefold() in wanted for label in source.labels)


def _matching(
    plugin: CatalogPlugin, view: CatalogView, sources: list[VisibleSource], node: Node | None, fields: QueryFields
) -> QuerySet[EntityModel]:
    rows = plugin.model._default_manager.all()
    if plugin.shares_model or view.hides_some or len(sources) < len(view.sources):
        rows = rows.filter(Q(source__in=[source.pk for source in sources]))
    return rows.filter(compile_filter(node, fields)) if node is not None else rows


def _position(token: str, scope: str, view: CatalogView) -> tuple[tuple[Any, ...] | None, int | None]:
    """Return the row that the page begins after, and the total if it still holds."""
    if not token:
        return None, None
    *row, generation, total = decode_token(token, scope)
    return tuple(row), total if generation == view.generation else None


def _rows(
    matching: QuerySet[EntityModel], ordering: Ordering, after: tuple[Any, ...] | None, limit: int
) -> list[tuple[Any, ...]]:
    ordered = seek(matching, ordering, after) if after is not None else ordering.apply(matching)
    return list(ordered.values_list("document", *ordering.key_columns())[:limit])
