"""How many assets there are with some value, from the counts that are kept for each source: nothing is counted."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from django.db.models import Q, Sum

from catalog_core.assets.filtering import AssetFilter, chosen_sources
from catalog_core.assets.scope import named_values
from catalog_core.assets.view import AssetSource, AssetsView
from catalog_core.entities.query import parse_filter
from catalog_core.entities.search_index.facets import TEXT_FACETS
from catalog_core.entities.search_index.models import FacetCount

_KEPT = 32
"""For how many choices of sources the sums are remembered in each process."""


def kept_total(view: AssetsView, wanted: AssetFilter, chosen: Mapping[str, Sequence[str]]) -> int | None:
    """Return how many assets are meant, or nothing if the kept counts do not tell; at most one query.

    They tell as long as nothing is asked for but kinds, sources, and the values of one more facet.

    Args:
        view: what readers see.
        wanted: which assets are meant.
        chosen: for each further facet the values of which an asset has to have one.

    Raises:
        InvalidQuery: the filter query has a fault, or sources are given both by id and by label.
    """
    named = list(named_values(parse_filter(wanted.filter_query)))
    facets = [("lifecycle", wanted.lifecycles), ("tags", wanted.tags), *chosen.items(), *(one for one in named if one)]
    asked = [(field, set(values)) for field, values in facets if values]
    if wanted.labels or None in named or len(asked) > 1:
        return None
    field, values = asked[0] if asked else ("", set())
    if len(values) > 1 and field not in TEXT_FACETS:  # an asset may have several values of other facets
        return None
    return _total(view, wanted, field, values)


def sources_of_kinds(view: AssetsView, wanted: AssetFilter) -> tuple[AssetSource, ...] | None:
    """Return the sources that are meant, where each holds assets of one kind; nothing if some hold several."""
    sources = chosen_sources(view, wanted)
    if not wanted.kinds:
        return sources
    return _of_kinds(sources, wanted.kinds, FacetCount.objects.filter(field="kind").values_list("source", "value"))


def facet_sums(view: AssetsView, sources: tuple[AssetSource, ...]) -> Mapping[str, Counter[str]]:
    """Return how many assets of these sources have each value of each facet; not to be changed."""
    keys = None if not view.hides_some and len(sources) == len(view.sources) else frozenset(one.pk for one in sources)
    sums = dict(_sums(view.generation, keys))
    sums["source"] = Counter()
    for source in sources:
        sums["source"][source.key] += source.entity_count
    return sums


@lru_cache(maxsize=_KEPT)
def _sums(generation: str, sources: frozenset[int] | None) -> Mapping[str, Counter[str]]:
    """Return the sums over some sources, or all. What is counted changes with the generation only."""
    rows = FacetCount.objects.order_by()
    if sources is not None:
        rows = rows.filter(source__in=sources)
    sums: dict[str, Counter[str]] = {}
    for field, value, count in rows.values_list("field", "value").annotate(total=Sum("count")):
        sums.setdefault(field, Counter())[value] = count
    return sums


def _total(view: AssetsView, wanted: AssetFilter, field: str, values: Collection[str]) -> int | None:
    sources = chosen_sources(view, wanted)
    if not (wanted.kinds or field):
        return sum(source.entity_count for source in sources)
    asked = Q(field=field, value__in=values) if field else Q(pk__in=())
    if wanted.kinds:
        asked |= Q(field="kind")
    rows = list(FacetCount.objects.filter(asked).order_by().values_list("field", "source", "value", "count"))
    if wanted.kinds:
        kinds = {(source, value) for name, source, value, _ in rows if name == "kind"}
        of_kinds = _of_kinds(sources, wanted.kinds, kinds)
        if of_kinds is None:
            return None
        sources = of_kinds
    keys = {source.pk for source in sources}
    if not field:
        return sum(source.entity_count for source in sources)
    return sum(count for name, source, value, count in rows if name == field and value in values and source in keys)


def _of_kinds(
    sources: tuple[AssetSource, ...], wanted: Collection[str], kinds: Collection[tuple[int, str]]
) -> tuple[AssetSource, ...] | None:
    known = dict(kinds)
    if len(known) < len(kinds):
        return None
    return tuple(source for source in sources if known.get(source.pk) in wanted)
