"""Counting the values of facets among candidates."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog_core.assets.search.candidates import Candidate, find_candidates
from catalog_core.assets.search.query import SearchQuery
from catalog_core.assets.view import AssetsView
from catalog_core.entities.search_index.facets import COMMON_FACETS, facet_values

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
    """

    field: str
    values: Sequence[FacetValue]
    further: int


def count_facets(view: AssetsView, query: SearchQuery, assets: Iterable[Candidate]) -> list[Facet]:
    """Return the facets of the matches.

    The counts of a facet respect everything that is asked for but the values of that facet itself: they say how many
    matches there would be with another value.
    """
    keys = {source.pk: source.key for source in view.sources}
    counts = dict(counted(assets, keys))
    for field in query.narrowed:
        others = find_candidates(view, query.without(field)).assets()
        counts[field] = counted(others, keys).get(field, Counter())
    return facets_of_counts(query, counts)


def counted(assets: Iterable[Candidate], source_keys: Mapping[int, str]) -> Counts:
    """Return how many of the assets have each value of each facet."""
    pairs = Counter(pair for asset in assets for pair in _values(asset, source_keys))
    counts: dict[str, Counter[str]] = {}
    for (field, value), count in pairs.items():
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


def _values(asset: Candidate, source_keys: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    yield "source", source_keys[asset.source_id]
    yield from facet_values(asset)
