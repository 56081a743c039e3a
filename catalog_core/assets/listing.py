"""Reading assets of all kinds: one page of a list, one asset by kind and name or by its uid.

A page costs a constant number of queries, whatever number of catalogs there is.
"""

import uuid
from dataclasses import dataclass

from django.db.models import QuerySet

from catalog_core.assets.queryable import ASSET_QUERY_FIELDS
from catalog_core.assets.view import AssetSource, AssetsView
from catalog_core.entities.envelope import Asset, Lifecycle
from catalog_core.entities.listing import Page, read_page
from catalog_core.entities.ordering import parse_order
from catalog_core.entities.paging import parse_page_size
from catalog_core.entities.prepared import PreparedList
from catalog_core.entities.query import Node, compile_filter, parse_filter
from catalog_core.entities.query.nodes import Comparison, Literal, Name, Operator, conjunction
from catalog_core.entities.search_index import Matches, parse_search
from catalog_core.entities.search_index import matching as matching_words
from catalog_core.entities.view import has_label
from catalog_core.exceptions import InvalidQuery, NotFound
from catalog_core.problems import did_you_mean

DEFAULT_PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetFilter:
    """Which assets are meant, as the client wrote it; empty where it did not.

    Attributes:
        kinds: one of these kinds.
        plugins: of one of these plugins.
        sources: of one of the sources with these ids, whatever their plugin.
        source_labels: of sources with one of these labels, in any case; ``null`` stands for sources without.
        lifecycles: in one of these phases.
        tags: with all of these tags.
        labels: with all of these labels, each ``key`` or ``key=value``.
        filter_query: for which this condition holds.
    """

    kinds: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    source_labels: tuple[str, ...] = ()
    lifecycles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    filter_query: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetQuery:
    """The parameters of a list of assets as the client wrote them."""

    filter: AssetFilter = AssetFilter()
    q: str = ""
    order_by: str = ""
    sort_order: str = ""
    page_size: str = ""
    page_token: str = ""


def list_assets(view: AssetsView, query: AssetQuery) -> Page:
    """Return the page that ``query`` asks for.

    Raises:
        InvalidQuery: a parameter cannot be understood.
    """
    node = asset_condition(query.filter)
    sources = chosen_sources(view, query.filter)
    ordering = parse_order(query.order_by, query.sort_order, ASSET_QUERY_FIELDS, where=node)
    matching = matching_assets(view, sources, node)
    words = query.q.strip()
    if words:
        matching = matching.filter(Matches(matching_words(parse_search(words))))
    return read_page(
        PreparedList(ordering, bool(node is not None or words), matching),
        (),
        page_size=parse_page_size(query.page_size, default=DEFAULT_PAGE_SIZE, maximum=MAX_PAGE_SIZE),
        token=query.page_token,
        scope=f"assets|{node!r}|{words}|{ordering.fingerprint}|{sorted(source.pk for source in sources)}",
        generation=view.generation,
        everything=sum(source.entity_count for source in sources),
    )


def get_asset(view: AssetsView, kind: str, name: str, *, source: str = "") -> Asset:
    """Return the asset of that kind and name; where several sources have one, that of the first source.

    Args:
        view: what readers see.
        kind: the kind, as it is written in the envelope.
        name: the name.
        source: the id of the source to take it from; empty for any.

    Raises:
        NotFound: there is none.
    """
    rank = view.rank()
    found = [
        asset
        for asset in Asset.objects.filter(kind=kind, name=name).select_related("source")
        if asset.source_id in rank
    ]
    wanted = [asset for asset in found if not source or asset.source.key == source]
    if not wanted:
        where = f" in source {source!r}" if source else ""
        raise NotFound(f'{kind} "{name}" not found{where}. {_kind_hint(view, kind)}'.rstrip())
    return min(wanted, key=lambda asset: rank[asset.source_id])


def get_asset_by_uid(view: AssetsView, uid: uuid.UUID) -> Asset:
    """Return the asset with that uid.

    Raises:
        NotFound: there is none.
    """
    asset = view.visible().select_related("source").filter(uid=uid).first()
    if asset is None:
        raise NotFound(f"no asset has the uid {uid}.")
    return asset


def chosen_sources(view: AssetsView, wanted: AssetFilter) -> tuple[AssetSource, ...]:
    """Return the visible sources whose assets are meant.

    Raises:
        InvalidQuery: sources are given both by id and by label.
    """
    if wanted.sources and wanted.source_labels:
        raise InvalidQuery("source and sourceLabel exclude each other; give one of them.", parameter="sourceLabel")
    labels = {label.casefold() for label in wanted.source_labels}
    return tuple(
        source
        for source in view.sources
        if (not wanted.plugins or source.plugin in wanted.plugins)
        and (not wanted.sources or source.key in wanted.sources)
        and (not labels or has_label(source.labels, labels))
    )


def matching_assets(view: AssetsView, sources: tuple[AssetSource, ...], node: Node | None) -> QuerySet[Asset]:
    """Return the assets of ``sources`` that ``node`` lets through.

    Raises:
        InvalidQuery: the condition names a field that assets do not have, or compares it with another type.
    """
    rows = view.of(sources)
    return rows.filter(compile_filter(node, ASSET_QUERY_FIELDS)) if node is not None else rows


def asset_condition(wanted: AssetFilter) -> Node | None:
    """Return the condition on the columns of an asset, or nothing if every one is meant.

    Raises:
        InvalidQuery: the filter query has a fault, or a phase of the lifecycle is none.
    """
    for phase in wanted.lifecycles:
        if phase not in Lifecycle.values:
            hint = did_you_mean(phase, Lifecycle.values) or f"There are {', '.join(Lifecycle.values)}."
            raise InvalidQuery(f"{phase!r} is no phase of the lifecycle. {hint}", parameter="lifecycle")
    conditions = [
        _one_of("kind", wanted.kinds),
        _one_of("lifecycle", wanted.lifecycles),
        *(_equals(("tags",), tag) for tag in wanted.tags),
        *(_label(label) for label in wanted.labels),
        parse_filter(wanted.filter_query),
    ]
    found = tuple(node for node in conditions if node is not None)
    return conjunction(found) if found else None


def _one_of(field: str, values: tuple[str, ...]) -> Node | None:
    return Comparison(Name((field,)), Operator.IN, tuple(Literal(value) for value in values)) if values else None


def _equals(path: tuple[str, ...], value: str) -> Node:
    return Comparison(Name(path), Operator.EQUAL, (Literal(value),))


def _label(text: str) -> Node:
    key, equals, value = text.partition("=")
    if equals:
        return _equals(("labels", key.strip()), value.strip())
    return Comparison(Name(("labels", key.strip())), Operator.IS_NULL, (), negated=True)


def _kind_hint(view: AssetsView, kind: str) -> str:
    kinds = list(view.visible().order_by().values_list("kind", flat=True).distinct())
    if kind in kinds:
        return ""
    return did_you_mean(kind, kinds) or f"There are the kinds {', '.join(sorted(kinds))}."
