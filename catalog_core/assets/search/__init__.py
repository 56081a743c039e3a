"""Search over the assets of all catalogs."""

from catalog_core.assets.search.facets import Facet
from catalog_core.assets.search.query import SearchQuery, with_chosen
from catalog_core.assets.search.results import (
    MAX_SUGGESTIONS,
    Hit,
    SearchResult,
    Suggestion,
    asset_path,
    search,
    suggest,
)

__all__ = [
    "MAX_SUGGESTIONS",
    "Facet",
    "Hit",
    "SearchQuery",
    "SearchResult",
    "Suggestion",
    "asset_path",
    "search",
    "suggest",
    "with_chosen",
]
