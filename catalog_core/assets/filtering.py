"""Which assets are meant: what clients give as parameters, and the same as conditions on rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap
from types import MappingProxyType

from django.db.models import Q, QuerySet

from catalog_core.assets.queryable import ASSET_QUERY_FIELDS
from catalog_core.assets.view import AssetSource, AssetsView
from catalog_core.entities.envelope import Asset, Lifecycle
from catalog_core.entities.query import Node, compile_filter, parse_filter
from catalog_core.entities.query.nodes import Comparison, Literal, Name, Operator, conjunction, conjuncts
from catalog_core.entities.search_index.facets import TEXT_FACETS
from catalog_core.entities.search_index.models import MAX_FACET_CHARACTERS
from catalog_core.entities.search_index.store import OneOf, Unindexed
from catalog_core.entities.view import has_label
from catalog_core.exceptions import InvalidQuery
from catalog_core.problems import did_you_mean

NOTHING_CHOSEN: Mapping[str, Sequence[str]] = MappingProxyType({})


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


def assets_among(
    view: AssetsView, sources: tuple[AssetSource, ...], node: Node | None, keys: Sequence[int]
) -> QuerySet[Asset]:
    """Return those of the assets with these primary keys that are meant.

    They are looked up by their keys. Left to itself, SQLite would rather look through all assets of a kind for them.
    """
    return Asset.objects.filter(OneOf(keys), *map(Unindexed, row_conditions(view, sources, node)))


def row_conditions(view: AssetsView, sources: tuple[AssetSource, ...], node: Node | None) -> list[Q]:
    """Return the conditions on rows that make up :func:`matching_assets`, each by itself."""
    conditions = [compile_filter(part, ASSET_QUERY_FIELDS) for part in conjuncts(node)] if node is not None else []
    if view.hides_some or len(sources) < len(view.sources):
        conditions.append(Q(source__in=[source.pk for source in sources]))
    return conditions


def told_by_columns(chosen: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """Return those of the chosen facets that columns of an asset tell as the index of words does.

    The index knows no longer values, so that nothing is found by these.
    """
    return {
        field: values
        for field, values in chosen.items()
        if field in TEXT_FACETS and all(len(value) <= MAX_FACET_CHARACTERS for value in values)
    }


def asset_condition(wanted: AssetFilter, chosen: Mapping[str, Sequence[str]] = NOTHING_CHOSEN) -> Node | None:
    """Return the condition on the columns of an asset, or nothing if every one is meant.

    Args:
        wanted: which assets are meant.
        chosen: for each further column the values of which an asset has to have one.

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
        *starmap(_one_of, chosen.items()),
        parse_filter(wanted.filter_query),
    ]
    found = tuple(node for node in conditions if node is not None)
    return conjunction(found) if found else None


def _one_of(field: str, values: Sequence[str]) -> Node | None:
    return Comparison(Name((field,)), Operator.IN, tuple(Literal(value) for value in values)) if values else None


def _equals(path: tuple[str, ...], value: str) -> Node:
    return Comparison(Name(path), Operator.EQUAL, (Literal(value),))


def _label(text: str) -> Node:
    key, equals, value = text.partition("=")
    if equals:
        return _equals(("labels", key.strip()), value.strip())
    return Comparison(Name(("labels", key.strip())), Operator.IS_NULL, (), negated=True)
