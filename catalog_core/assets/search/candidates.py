"""Finding the assets that a search is about: at most so many, the best ones first.

What is done with the candidates, ranking, counting, cutting into pages, costs no more for a word that every asset has
than for a rare one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db.models import QuerySet

from catalog_core.assets.filtering import asset_condition, assets_among
from catalog_core.assets.scope import Scope, scope_of
from catalog_core.assets.search.query import SearchQuery
from catalog_core.assets.view import AssetsView
from catalog_core.entities.envelope import Asset
from catalog_core.entities.search_index import first_matches, tiers
from catalog_core.entities.statements import compiled

MAX_CANDIDATES = 1000
"""How many assets are ranked and counted; of more, the best so many, as far as the index can tell."""
MAX_LOOKED_AT = 10_000
"""How many assets are looked at where the index cannot tell by itself whether they are meant."""


class Candidate(NamedTuple):
    """What ranking and counting have to know of an asset."""

    pk: int
    uid: str
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
        rows: the assets, not yet read.
        is_exact: whether these are all; else there may be more.
    """

    rows: QuerySet[Asset]
    is_exact: bool

    def assets(self) -> list[Candidate]:
        """Return the assets, in no particular order; one query."""
        return read(self.rows)


def find_candidates(view: AssetsView, query: SearchQuery, *, limit: int = 0) -> Candidates:
    """Return the candidates of a search; one or two queries, and one more to read them.

    Args:
        view: what readers see.
        query: what is asked for.
        limit: how many at most; ``MAX_CANDIDATES`` if it is 0.

    Raises:
        InvalidQuery: the filter has a fault.
    """
    limit = limit or MAX_CANDIDATES
    scope = scope_of(view, query.filter, query.chosen)
    if not scope.sources:
        return Candidates(Asset.objects.none(), True)
    found = first_matches(tiers(query.search, scope.facts, scope.besides), _room(scope, limit) + 1)
    is_exact = len(found) <= _room(scope, limit)
    node = asset_condition(query.filter)
    if not scope.is_complete:
        meant = set(assets_among(view, scope.sources, node, found).order_by().values_list("pk", flat=True))
        found = [key for key in found if key in meant]
        is_exact = is_exact and len(found) <= limit
    return Candidates(assets_among(view, scope.sources, node, found[:limit]).order_by(), is_exact)


def read(rows: QuerySet[Asset]) -> list[Candidate]:
    """Return assets; one query.

    Of a thousand rows most hold the same few tags and facets: these are read once, not once for each row.
    """
    statement = compiled(rows.values_list(*Candidate._fields))
    return list(_candidates(statement.rows())) if statement else []


def _candidates(rows: Iterable[tuple[Any, ...]]) -> Iterable[Candidate]:
    for pk, uid, kind, plugin, source, name, title, lifecycle, tags, license_name, provider, facets in rows:
        yield Candidate(
            pk=pk,
            uid=_uid(uid),
            kind=kind,
            plugin=plugin,
            source_id=source,
            name=name,
            display_name=title,
            lifecycle=lifecycle,
            tags=_parsed(tags),
            license=license_name,
            provider=provider,
            facets=_parsed(facets),
        )


def _uid(stored: UUID | str) -> str:
    """Return a uid as it is written; SQLite has 32 digits."""
    text = str(stored)
    return text if len(text) > 32 else f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@lru_cache(maxsize=2048)
def _parsed(text: str) -> Any:
    """Return what a column of JSON holds; not to be changed."""
    return orjson.loads(text)


def _room(scope: Scope, limit: int) -> int:
    return limit if scope.is_complete else max(limit, MAX_LOOKED_AT)
