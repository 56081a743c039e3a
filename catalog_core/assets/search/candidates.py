"""Finding the assets that a search is about: at most so many, the best ones first.

What is done with the candidates, ranking, counting, cutting into pages, costs no more for a word that every asset has
than for a rare one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from catalog_core.assets.listing import asset_condition, matching_assets
from catalog_core.assets.search.query import Scope, SearchQuery, scope_of
from catalog_core.assets.view import AssetsView
from catalog_core.entities.search_index import first_matches, tiers

MAX_CANDIDATES = 1000
"""How many assets are ranked and counted; of more, the best so many, as far as the index can tell."""
MAX_LOOKED_AT = 10_000
"""How many assets are looked at where the index cannot tell by itself whether they are meant."""


class Candidate(NamedTuple):
    """What ranking and counting have to know of an asset."""

    pk: int
    uid: UUID
    kind: str
    plugin: str
    source_id: int
    name: str
    display_name: str
    lifecycle: str
    tags: Sequence[Any]
    license: str
    provider: str
    facets: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The assets that a search is about.

    Attributes:
        assets: the assets, in no particular order.
        is_exact: whether these are all; else there may be more.
    """

    assets: Sequence[Candidate]
    is_exact: bool


def find_candidates(view: AssetsView, query: SearchQuery, *, limit: int = 0) -> Candidates:
    """Return the candidates of a search; two or three queries.

    Args:
        view: what readers see.
        query: what is asked for.
        limit: how many at most; ``MAX_CANDIDATES`` if it is 0.

    Raises:
        InvalidQuery: the filter has a fault.
    """
    limit = limit or MAX_CANDIDATES
    scope = scope_of(view, query)
    if not scope.sources:
        return Candidates((), True)
    found = first_matches(tiers(query.search, scope.facts, scope.besides), _room(scope, limit) + 1)
    is_exact = len(found) <= _room(scope, limit)
    rows = matching_assets(view, scope.sources, asset_condition(query.filter)).order_by()
    if not scope.is_complete:
        meant = set(rows.filter(pk__in=found).values_list("pk", flat=True))
        found = [key for key in found if key in meant]
        is_exact = is_exact and len(found) <= limit
    chosen = rows.filter(pk__in=found[:limit]).values_list(*Candidate._fields)
    return Candidates([Candidate(*row) for row in chosen], is_exact)


def _room(scope: Scope, limit: int) -> int:
    return limit if scope.is_complete else max(limit, MAX_LOOKED_AT)
