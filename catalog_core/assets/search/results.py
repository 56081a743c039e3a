"""Searching: one page of hits with what surrounds them, and names to suggest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from catalog_core.assets.search import browsing
from catalog_core.assets.search.candidates import Candidate, find_candidates
from catalog_core.assets.search.facets import Facet, count_facets
from catalog_core.assets.search.highlighting import highlight, snippet
from catalog_core.assets.search.query import SearchQuery
from catalog_core.assets.search.ranking import MatchedIn, Rank, matched_in, rank
from catalog_core.assets.view import AssetsView
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.envelope import Asset
from catalog_core.entities.paging import decode_token, encode_token
from catalog_core.plugins.registry import PluginRegistry

MAX_SUGGESTIONS = 20
_SUGGESTION_CANDIDATES = 200
_DESCRIPTION_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Hit:
    """One match.

    Attributes:
        asset: what is known of it.
        description: its description, cut if it is long.
        matched_in: where the words were found: the worst of their best places.
        highlights: by field, texts with the matches marked, as HTML.
        source: the id of its source.
        entity_path: where its own catalog serves it; empty where that is not known.
    """

    asset: Candidate
    description: str
    matched_in: str
    highlights: Mapping[str, str]
    source: str
    entity_path: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name to offer: the asset that has it, and the name as HTML with what was typed marked, if it stands in it."""

    asset: Candidate
    highlight: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """One page of matches.

    Attributes:
        hits: the matches, the best first.
        facets: how many matches have which values.
        total: how many matches there are, at least.
        is_exact: whether the total is exact; else too many match, and the best ones were looked at.
        next_page_token: leads to the next page; empty on the last one.
    """

    hits: Sequence[Hit]
    facets: Sequence[Facet]
    total: int
    is_exact: bool
    next_page_token: str


def search(view: AssetsView, query: SearchQuery, plugins: PluginRegistry) -> SearchResult:
    """Return the page of matches that is asked for.

    Raises:
        InvalidQuery: a filter has a fault, or the page token is none of this search.
    """
    if not query.search.wanted:
        return _browsed(view, query, plugins)
    after = _after(query)
    candidates = find_candidates(view, query)
    assets = candidates.assets()
    ranked = _ranked(query, assets)
    rest = [entry for entry in ranked if after is None or entry[0] > after]
    shown = rest[: query.page_size]
    return SearchResult(
        hits=_hits(view, query, [asset for _, asset in shown], plugins),
        facets=count_facets(view, query, assets, is_exact=candidates.is_exact),
        total=len(assets),
        is_exact=candidates.is_exact,
        next_page_token=encode_token(shown[-1][0], _scope(query)) if len(rest) > len(shown) else "",
    )


def _browsed(view: AssetsView, query: SearchQuery, plugins: PluginRegistry) -> SearchResult:
    found = browsing.by_name(view, query, _after(query), query.page_size + 1)
    shown = found[: query.page_size]
    if kept := browsing.kept_counts(view, query):
        (facets, total), is_exact = kept, True
    else:
        candidates = find_candidates(view, query)
        assets, is_exact = candidates.assets(), candidates.is_exact
        facets, total = count_facets(view, query, assets, is_exact=is_exact), len(assets)
    return SearchResult(
        hits=_hits(view, query, shown, plugins),
        facets=facets,
        total=total,
        is_exact=is_exact,
        next_page_token=encode_token(browsing.place(shown[-1]), _scope(query)) if len(found) > len(shown) else "",
    )


def suggest(view: AssetsView, query: SearchQuery) -> list[Suggestion]:
    """Return what to offer to somebody who is typing, the best first, no name twice; nothing for no words.

    Raises:
        InvalidQuery: a filter has a fault.
    """
    if not query.search.wanted:
        return []
    found = find_candidates(view, query, limit=_SUGGESTION_CANDIDATES)
    by_name: dict[str, Candidate] = {}
    for ranked, asset in _ranked(query, found.assets()):
        if ranked[1] < MatchedIn.TAGS:
            by_name.setdefault(asset.name, asset)
    first = list(by_name.items())[: query.page_size]
    return [Suggestion(asset, highlight(name, query.search, is_name=True)) for name, asset in first]


def _ranked(query: SearchQuery, assets: Iterable[Candidate]) -> list[tuple[Rank, Candidate]]:
    return sorted(
        (rank(query.search, asset.name, asset.display_name, asset.tags, asset.uid), asset) for asset in assets
    )


def _scope(query: SearchQuery) -> str:
    chosen = sorted(query.chosen.items())
    return f"search|{query.search!r}|{query.filter!r}|{chosen!r}"


def _after(query: SearchQuery) -> tuple[Any, ...] | None:
    return decode_token(query.page_token, _scope(query)) if query.page_token else None


def _hits(view: AssetsView, query: SearchQuery, assets: Sequence[Candidate], plugins: PluginRegistry) -> list[Hit]:
    texts = dict(Asset.objects.filter(pk__in=[asset.pk for asset in assets]).values_list("pk", "description"))
    keys = {source.pk: source.key for source in view.sources}
    catalogs = _catalogs({asset.plugin for asset in assets}, plugins)
    return [
        _hit(query, asset, texts.get(asset.pk, ""), keys[asset.source_id], catalogs.get(asset.plugin))
        for asset in assets
    ]


def _catalogs(names: Iterable[str], plugins: PluginRegistry) -> dict[str, CatalogPlugin]:
    """Return those of the plugins that are catalogs. To ask that for each hit would take its time."""
    found = ((name, plugins.get(name)) for name in names)
    return {name: plugin for name, plugin in found if isinstance(plugin, CatalogPlugin)}


def _hit(query: SearchQuery, asset: Candidate, description: str, source: str, catalog: CatalogPlugin | None) -> Hit:
    places = matched_in(query.search, asset.name, asset.display_name, asset.tags)
    return Hit(
        asset=asset,
        description=_cut(description),
        matched_in=max(places).field if places else "",
        highlights=_highlights(query, asset, description),
        source=source,
        entity_path=_entity_path(catalog, asset, source) if catalog else "",
    )


def _highlights(query: SearchQuery, asset: Candidate, description: str) -> dict[str, str]:
    marked = {
        "name": highlight(asset.name, query.search, is_name=True),
        "displayName": highlight(asset.display_name, query.search),
        "description": snippet(description, query.search),
        "tags": highlight(", ".join(tag for tag in asset.tags if isinstance(tag, str)), query.search),
    }
    return {field: text for field, text in marked.items() if text}


def _cut(text: str) -> str:
    return text if len(text) <= _DESCRIPTION_CHARACTERS else f"{text[:_DESCRIPTION_CHARACTERS].rstrip()}…"


def _entity_path(catalog: CatalogPlugin, asset: Candidate, source: str) -> str:
    path = catalog.get_path().format(source_id=quote(source, safe=""), name=quote(asset.name, safe="/"))
    return path if catalog.addressed_by_source else f"{path}?{urlencode({'source': source})}"


def asset_path(uid: str) -> str:
    """Return where an asset is served."""
    return f"/api/assets/{uid}"
