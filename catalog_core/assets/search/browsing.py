"""What a search shows that looks for no words: all assets that are meant, by name, with their counts."""

from typing import Any
from uuid import UUID

from catalog_core.assets.counts import facet_sums, kept_total, sources_of_kinds
from catalog_core.assets.filtering import AssetFilter, asset_condition, told_by_columns
from catalog_core.assets.finding import find
from catalog_core.assets.queryable import ASSET_QUERY_FIELDS
from catalog_core.assets.scope import scope_of
from catalog_core.assets.search.candidates import Candidate, read
from catalog_core.assets.search.facets import Facet, facets_of_counts
from catalog_core.assets.search.query import SearchQuery
from catalog_core.assets.view import AssetSource, AssetsView
from catalog_core.entities.ordering import Ordering, parse_order
from catalog_core.entities.paging import seek


def kept_counts(view: AssetsView, query: SearchQuery) -> tuple[list[Facet], int] | None:
    """Return the facets of all assets that are meant and their number, from kept counts; nothing if these do not tell.

    They tell where nothing is asked for but kinds, plugins and sources.
    """
    sources = _sources(view, query)
    if sources is None:
        return None
    sums = dict(facet_sums(view, sources))
    for field in query.narrowed:
        others = _sources(view, query.without(field))
        if others is None:
            return None
        sums[field] = facet_sums(view, others)[field]
    return facets_of_counts(query, sums), sum(source.entity_count for source in sources)


def by_name(view: AssetsView, query: SearchQuery, after: tuple[Any, ...] | None, limit: int) -> list[Candidate]:
    """Return the first assets, by name, that stand after a row given by its :func:`place`."""
    scope, ordering = scope_of(view, query.filter, query.chosen), _ordering()
    if not scope.sources:
        return []
    total = None if query.search.excluded else kept_total(view, query.filter, query.chosen)
    in_columns = told_by_columns(query.chosen)
    node = asset_condition(query.filter, in_columns)
    others = {field: values for field, values in query.chosen.items() if field not in in_columns}
    rows = find(view, scope, node, query.search, ordering, total=total, chosen=others)
    ordered = seek(rows, ordering, after) if after is not None else ordering.apply(rows)
    return read(ordered[:limit])


def place(asset: Candidate) -> tuple[Any, ...]:
    """Return what :func:`by_name` needs to go on after an asset."""
    return asset.name, UUID(asset.uid)


def _sources(view: AssetsView, query: SearchQuery) -> tuple[AssetSource, ...] | None:
    """Return the sources all of whose assets are meant; nothing if more is asked for than kinds, plugins, sources."""
    wanted = query.filter
    plain = AssetFilter(
        kinds=wanted.kinds, plugins=wanted.plugins, sources=wanted.sources, source_labels=wanted.source_labels
    )
    if query.chosen or query.search.excluded or wanted != plain:
        return None
    return sources_of_kinds(view, wanted)


def _ordering() -> Ordering:
    return parse_order("", "", ASSET_QUERY_FIELDS)
