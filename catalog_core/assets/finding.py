"""Finding the rows that a filter means, in the cheaper of two ways.

Few rows are *gathered*: the index of words, which knows kinds, tags, lifecycles and so on, gives their keys, and they
are put in order. Where there are many, the index of the order is *walked* from the place where the page begins, and
those rows are left out that are not meant: a page's worth is soon together. Databases choose between the two as well,
but by what they believe of the values, not by what is so.
"""

from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet

from catalog_core.assets.filtering import NOTHING_CHOSEN, assets_among, matching_assets, row_conditions
from catalog_core.assets.scope import Scope
from catalog_core.assets.view import AssetsView
from catalog_core.entities.envelope import Asset
from catalog_core.entities.ordering import Ordering
from catalog_core.entities.query import Node
from catalog_core.entities.search_index import Match, Matches, Search, fact, first_matches, has_fact, matching
from catalog_core.entities.search_index.store import Unindexed

_MOST_GATHERED = 2_000
_GATHERED_SHARE = 50
"""So many rows are gathered, or one in so many if that is more."""
_WALKED_ORDERS = frozenset(("name", "uid", "created_at", "updated_at"))
"""The columns whose order an index has."""


def find(
    view: AssetsView,
    scope: Scope,
    node: Node | None,
    search: Search,
    ordering: Ordering,
    *,
    total: int | None,
    chosen: Mapping[str, Sequence[str]] = NOTHING_CHOSEN,
) -> QuerySet[Asset]:
    """Return the rows that are meant, without an order, so that a page of them costs little; at most one query.

    Args:
        view: what readers see.
        scope: what the index knows of the filter.
        node: the filter, as conditions on rows.
        search: the words.
        ordering: the order that they will be put in.
        total: how many rows are meant, if that is known.
        chosen: for each facet that only the index knows, the values of which an asset has to have one.

    Raises:
        InvalidQuery: the filter has a fault.
    """
    rows = matching_assets(view, scope.sources, node)
    asked = [*map(_one_of, chosen.items())]
    has_words = bool(search.wanted or search.excluded or asked)
    if not (scope.facts or has_words):
        return rows
    room = max(_MOST_GATHERED, sum(source.entity_count for source in view.sources) // _GATHERED_SHARE)
    if total is None or total <= room:
        keys = first_matches([matching(search, scope.facts, scope.besides)], room + 1)
        if len(keys) <= room:
            return assets_among(view, scope.sources, node, keys)
    words = matching(search, asked) if has_words else None
    if ordering.field.column in _WALKED_ORDERS:
        return _walked(view, scope, node, words)
    return rows.filter(Matches(words)) if words else rows


def _walked(view: AssetsView, scope: Scope, node: Node | None, words: Match | None) -> QuerySet[Asset]:
    """Return the rows by conditions for which no index but that of the order can be used.

    Each condition stands by itself: those on columns that this index holds are tried before a row is read.
    """
    conditions = row_conditions(view, scope.sources, node)
    if words is not None:
        conditions.append(Q(Matches(words, is_walked=True)))
    return Asset.objects.filter(*map(Unindexed, conditions))


def _one_of(facet: tuple[str, Sequence[str]]) -> Match:
    name, values = facet
    return has_fact(*(fact(name, value) for value in values))
