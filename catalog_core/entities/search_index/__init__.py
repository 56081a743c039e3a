"""The index of words over assets of all kinds, written with them and asked by searches and lists."""

from catalog_core.entities.search_index.entries import INDEX_VERSION, fact
from catalog_core.entities.search_index.expressions import Match, has_fact, matching, tiers
from catalog_core.entities.search_index.facets import CountChanges, forget_counts
from catalog_core.entities.search_index.language import NOTHING, Search, Term, parse_search
from catalog_core.entities.search_index.store import Matches, first_matches, remove_words, write_words

__all__ = [
    "INDEX_VERSION",
    "NOTHING",
    "CountChanges",
    "Match",
    "Matches",
    "Search",
    "Term",
    "fact",
    "first_matches",
    "forget_counts",
    "has_fact",
    "matching",
    "parse_search",
    "remove_words",
    "tiers",
    "write_words",
]
