"""Which of several matches comes first. Pure, so that the order is the same on every database.

The name counts more than the display name, that more than tags, and those more than all other texts; whole words more
than beginnings, and beginnings more than what lies within a word. Of equal matches the shorter name comes first.
"""

import enum
from collections.abc import Sequence
from typing import Any

from catalog_core.entities.search_index import Search, Term
from catalog_core.entities.search_index.entries import split_name
from catalog_core.entities.search_index.words import MAX_WORD_CHARACTERS, humps_of, joined, words_of

Rank = tuple[int, int, int, int, str, str]
"""What candidates are ordered by; the last is the uid, so no two are equal."""


class MatchedIn(enum.IntEnum):
    """Where a term was found, the best place first."""

    NAME = 1
    NAME_BEGINNING = 2
    NAME_PART = 3
    DISPLAY_NAME = 4
    DISPLAY_NAME_BEGINNING = 5
    TAGS = 6
    TAGS_BEGINNING = 7
    TEXT = 8

    @property
    def field(self) -> str:
        """The field that it stands for, as clients know it."""
        return "text" if self is MatchedIn.TEXT else _FIELDS[self.name.split("_BEGINNING")[0].split("_PART")[0]]


_FIELDS = {"NAME": "name", "DISPLAY_NAME": "displayName", "TAGS": "tags"}


def rank(search: Search, name: str, display_name: str, tags: Sequence[Any], uid: str) -> Rank:
    """Return what the match is ordered by.

    Args:
        search: what is looked for, one term at least.
        name: the name of the asset.
        display_name: its display name, perhaps empty.
        tags: its tags.
        uid: its uid, which decides between equals.
    """
    segments = [words_of(segment) for segment in split_name(name)]
    places = _places(search, name, segments, display_name, tags)
    exactness = _exactness(search, segments, display_name)
    return exactness, max(places), sum(places), len(name), name.casefold(), uid


def matched_in(search: Search, name: str, display_name: str, tags: Sequence[Any]) -> list[MatchedIn]:
    """Return for each term the best place that it was found in."""
    return _places(search, name, [words_of(segment) for segment in split_name(name)], display_name, tags)


def _exactness(search: Search, segments: Sequence[Sequence[str]], display_name: str) -> int:
    """Return how near to the whole name the search comes; 3 is not near at all."""
    whole = search.whole
    names = ["".join(segment)[:MAX_WORD_CHARACTERS] for segment in segments]
    if "".join(names)[:MAX_WORD_CHARACTERS] == whole:
        return 0
    if names and names[-1] == whole:
        return 1
    return 2 if display_name and joined(display_name) == whole else 3


def _places(
    search: Search, name: str, segments: Sequence[Sequence[str]], display_name: str, tags: Sequence[Any]
) -> list[MatchedIn]:
    if name.isascii() and not (display_name or tags):
        # Most matches of a common word have it in their texts, and to see that is far cheaper than to look for it.
        together = "".join(word for segment in segments for word in segment)
        if not any(term.whole in together for term in search.wanted):
            return [MatchedIn.TEXT] * len(search.wanted)
    named = _named(name, segments)
    return [_in_name(term, named) or _elsewhere(term, display_name, tags) for term in search.wanted]


def _in_name(term: Term, named: str) -> MatchedIn | None:
    place = _place(term, named, term.may_begin_names, MatchedIn.NAME, MatchedIn.NAME_BEGINNING)
    if place is None and term.may_begin_joined_names and f" {term.whole}" in named:
        return MatchedIn.NAME_BEGINNING
    if place is None and term.may_begin_names and " ".join(term.words) in named:
        return MatchedIn.NAME_PART
    return place


def _elsewhere(term: Term, display_name: str, tags: Sequence[Any]) -> MatchedIn:
    displayed = _padded([words_of(display_name), *humps_of(display_name)])
    place = _place(term, displayed, term.is_open, MatchedIn.DISPLAY_NAME, MatchedIn.DISPLAY_NAME_BEGINNING)
    if place is None:
        tagged = _padded([words_of(tag) for tag in tags if isinstance(tag, str)])
        place = _place(term, tagged, term.is_open, MatchedIn.TAGS, MatchedIn.TAGS_BEGINNING)
    return MatchedIn.TEXT if place is None else place


def _place(term: Term, text: str, may_go_on: bool, whole: MatchedIn, beginning: MatchedIn) -> MatchedIn | None:
    """Return ``whole`` or ``beginning`` as the term stands in a text from :func:`_padded`; nothing if it does not."""
    sequences = [" ".join(term.words)]
    if not term.is_phrase:
        sequences += [term.whole, *(" ".join(parts) for parts in term.humps)]
    if any(f" {sequence} " in text for sequence in sequences):
        return whole
    return beginning if may_go_on and any(f" {sequence}" in text for sequence in sequences) else None


def _named(name: str, segments: Sequence[Sequence[str]]) -> str:
    together = [["".join(segment)] for segment in segments if len(segment) > 1]
    words = [word for segment in segments for word in segment]
    return _padded([words, *humps_of(name), *together, ["".join(words)]])


def _padded(parts: Sequence[Sequence[str]]) -> str:
    """Return texts ready for looking terms up: words between spaces, and bars between the texts."""
    return f" {' | '.join(' '.join(part) for part in parts)} "
