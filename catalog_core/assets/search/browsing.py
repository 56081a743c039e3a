"""What a search shows that looks for no words: all assets that are meant, by name, with their counts."""

from collections import Counter
from dataclasses import replace
from typing import Any

from django.db.models import Count, QuerySet, Sum

from catalog_core.assets.listing import AssetFilter, asset_condition, chosen_sources, matching_assets
from catalog_core.assets.queryable import ASSET_QUERY_FIELDS
from catalog_core.assets.search.candidates import Candidate
from catalog_core.assets.search.facets import Facet, facets_of_counts
from catalog_core.assets.search.query import SearchQuery, scope_of
from catalog_core.assets.view import AssetSource, AssetsView
from catalog_core.entities.envelope import Asset
from catalog_core.entities.ordering import Ordering, parse_order
from catalog_core.entities.paging import seek
from catalog_core.entities.search_index import Matches, matching
from catalog_core.entities.search_index.models import FacetCount


def is_counted(query: SearchQuery) -> bool:
    """Say whether the kept counts answer for what is asked: nothing is but kinds, plugins and sources."""
    plain = replace(query.filter, kinds=(), plugins=(), sources=(), source_labels=())
    if query.chosen or query.search.excluded or plain != AssetFilter():
        return False
    return not query.filter.kinds or not _has_mixed_sources()


def by_name(view: AssetsView, query: SearchQuery, after: tuple[Any, ...] | None, limit: int) -> list[Candidate]:
    """Return the first assets, by name, that stand after a row given by its :func:`place`."""
    ordering = _ordering()
    rows = _meant(view, query)
    ordered = seek(rows, ordering, after) if after is not None else ordering.apply(rows)
    return [Candidate(*row) for row in ordered.values_list(*Candidate._fields)[:limit]]


def place(asset: Candidate) -> tuple[Any, ...]:
    """Return what :func:`by_name` needs to go on after an asset."""
    return asset.name, asset.uid


def kept_facets(view: AssetsView, query: SearchQuery) -> list[Facet]:
    """Return the facets of all assets of the sources that are meant, from kept counts; a query for each choice."""
    counts = _kept_counts(view, query)
    for field in query.narrowed:
        counts[field] = _kept_counts(view, query.without(field)).get(field, Counter())
    return facets_of_counts(query, counts)


def kept_total(view: AssetsView, query: SearchQuery) -> int:
    """Return how many assets the sources that are meant have."""
    return sum(source.entity_count for source in _sources(view, query.filter))


def _kept_counts(view: AssetsView, query: SearchQuery) -> dict[str, Counter[str]]:
    sources = _sources(view, query.filter)
    rows = FacetCount.objects.order_by()
    if view.hides_some or len(sources) < len(view.sources):
        rows = rows.filter(source__in=[source.pk for source in sources])
    counts: dict[str, Counter[str]] = {"source": Counter()}
    for source in sources:
        counts["source"][source.key] += source.entity_count
    summed = rows.values_list("field", "value").annotate(total=Sum("count"))
    for field, value, count in summed:
        counts.setdefault(field, Counter())[value] = count
    return counts


def _sources(view: AssetsView, wanted: AssetFilter) -> tuple[AssetSource, ...]:
    """Return the sources that are meant, where each holds assets of one kind."""
    sources = chosen_sources(view, wanted)
    if not wanted.kinds:
        return sources
    of_kind = set(FacetCount.objects.filter(field="kind", value__in=wanted.kinds).values_list("source", flat=True))
    return tuple(source for source in sources if source.pk in of_kind)


def _has_mixed_sources() -> bool:
    """Say whether a source holds assets of several kinds, as plugins that list assets themselves may."""
    kinds = FacetCount.objects.filter(field="kind").order_by().values("source").annotate(kinds=Count("id"))
    return kinds.filter(kinds__gt=1).exists()


def _meant(view: AssetsView, query: SearchQuery) -> QuerySet[Asset]:
    scope = scope_of(view, query)
    rows = matching_assets(view, scope.sources, asset_condition(query.filter))
    if query.chosen or query.search.excluded:
        rows = rows.filter(Matches(matching(query.search, scope.facts, scope.besides)))
    return rows


def _ordering() -> Ordering:
    return parse_order("", "", ASSET_QUERY_FIELDS)
