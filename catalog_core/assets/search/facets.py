"""Counting the values of facets among candidates."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from catalog_core.assets.search.candidates import Candidate, Candidates, find_candidates
from catalog_core.assets.search.query import SearchQuery
from catalog_core.assets.view import AssetsView
from catalog_core.entities.search_index.facets import COMMON_FACETS, TEXT_FACETS, several_values
from catalog_core.entities.search_index.models import MAX_FACET_CHARACTERS

MAX_FACET_VALUES = 20
"""How many values of a facet are told, besides those that were chosen; the most frequent ones."""

Counts = Mapping[str, Counter[str]]
"""For each facet how many assets have each of its values."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet, how many matches have it, and whether it was chosen."""

    value: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """A facet of the matches.

    Attributes:
        field: its name.
        values: its values, the most frequent first, then by their text.
        further: how many more values there are.
        is_exact: whether all matches were counted; else too many match, and the best ones were.
    """

    field: str
    values: Sequence[FacetValue]
    further: int
    is_exact: bool = True


def count_facets(view: AssetsView, query: SearchQuery, assets: Sequence[Candidate], *, is_exact: bool) -> list[Facet]:
    """Return the facets of the matches.

    The counts of a facet respect everything that is asked for but the values of that facet itself: they say how many
    matches there would be with another value.

    Args:
        view: what readers see.
        query: what is asked for.
        assets: the matches.
        is_exact: whether these are all.
    """
    keys = {source.pk: source.key for source in view.sources}
    apart = {field: find_candidates(view, query.without(field)) for field in query.narrowed}
    counts = dict(counted(assets, keys))
    for field, candidates in apart.items():
        counts[field] = _counts_of(field, candidates, keys)
    return [
        replace(facet, is_exact=apart[facet.field].is_exact if facet.field in apart else is_exact)
        for facet in facets_of_counts(query, counts)
    ]


def counted(assets: Sequence[Candidate], source_keys: Mapping[int, str]) -> Counts:
    """Return how many of the assets have each value of each facet, as ``facet_values`` has them for one asset."""
    counts: dict[str, Counter[str]] = {field: _counted_texts(map(attrgetter(field), assets)) for field in TEXT_FACETS}
    counts["source"] = Counter(source_keys[asset.source_id] for asset in assets)
    further = Counter(pair for asset in assets if asset.tags or asset.facets for pair in several_values(asset))
    for (field, value), count in further.items():
        counts.setdefault(field, Counter())[value] = count
    return counts


def facets_of_counts(query: SearchQuery, counts: Counts) -> list[Facet]:
    """Return what clients are told of the counts: the facets of all kinds first, then others by name."""
    declared = sorted((counts.keys() | query.chosen.keys()) - set(COMMON_FACETS))
    return [_facet(field, counts.get(field, Counter()), query.values(field)) for field in (*COMMON_FACETS, *declared)]


def _facet(field: str, counter: Counter[str], chosen: Sequence[str]) -> Facet:
    ordered = sorted(counter.items(), key=lambda entry: (-entry[1], entry[0]))
    shown = ordered[:MAX_FACET_VALUES]
    told = {value for value, _ in shown}
    shown += [(value, counter[value]) for value in dict.fromkeys(chosen) if value not in told]
    values = [FacetValue(value, count, value in chosen) for value, count in shown]
    return Facet(field, values, len(counter.keys() - {value for value, _ in shown}))


def _counted_texts(values: Iterable[str]) -> Counter[str]:
    counts = Counter(values)
    return Counter({value: count for value, count in counts.items() if 0 < len(value) <= MAX_FACET_CHARACTERS})


def _counts_of(field: str, candidates: Candidates, keys: Mapping[int, str]) -> Counter[str]:
    """Return the counts of one facet among the candidates of a search."""
    if field in TEXT_FACETS:
        return _counted_texts(candidates.rows.values_list(field, flat=True))
    return counted(candidates.assets(), keys).get(field, Counter())
