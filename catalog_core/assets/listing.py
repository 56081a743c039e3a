"""Reading assets of all kinds: one page of a list, one asset by kind and name or by its uid.

A page costs a constant number of queries, whatever number of catalogs there is.
"""

import uuid
from dataclasses import dataclass, field

from catalog_core.assets.counts import kept_total
from catalog_core.assets.filtering import AssetFilter, asset_condition
from catalog_core.assets.finding import find
from catalog_core.assets.queryable import ASSET_QUERY_FIELDS
from catalog_core.assets.scope import scope_of
from catalog_core.assets.view import AssetsView
from catalog_core.entities.envelope import Asset
from catalog_core.entities.listing import Page, read_page
from catalog_core.entities.ordering import parse_order
from catalog_core.entities.paging import parse_page_size
from catalog_core.entities.prepared import PreparedList
from catalog_core.entities.search_index import parse_search
from catalog_core.exceptions import NotFound
from catalog_core.problems import did_you_mean

DEFAULT_PAGE_SIZE = 100
MAX_PAGE_SIZE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetQuery:
    """The parameters of a list of assets as the client wrote them."""

    filter: AssetFilter = field(default_factory=AssetFilter)
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
    ordering = parse_order(query.order_by, query.sort_order, ASSET_QUERY_FIELDS, where=node)
    words = query.q.strip()
    search = parse_search(words)
    scope = scope_of(view, query.filter, {})
    total = None if words else kept_total(view, query.filter, {})
    rows = find(view, scope, node, search, ordering, total=total)
    return read_page(
        PreparedList(ordering, total is None, rows),
        (),
        page_size=parse_page_size(query.page_size, default=DEFAULT_PAGE_SIZE, maximum=MAX_PAGE_SIZE),
        token=query.page_token,
        scope=f"assets|{node!r}|{words}|{ordering.fingerprint}|{_asked_sources(query.filter)!r}",
        generation=view.generation,
        everything=total or 0,
    )


def _asked_sources(wanted: AssetFilter) -> tuple[list[str], ...]:
    """Return what the client says of sources: which they are may change between two pages, and tokens still hold."""
    return tuple(sorted(named) for named in (wanted.plugins, wanted.sources, wanted.source_labels))


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


def _kind_hint(view: AssetsView, kind: str) -> str:
    kinds = list(view.visible().order_by().values_list("kind", flat=True).distinct())
    if kind in kinds:
        return ""
    return did_you_mean(kind, kinds) or f"There are the kinds {', '.join(sorted(kinds))}."
