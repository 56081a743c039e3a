"""Showing where a match was found: texts as HTML, with ``<mark>`` around the words. Pure.

Everything but the marks is escaped, so the result can be put into a page as it is.
"""

from collections.abc import Iterator, Sequence

from django.utils.html import escape

from catalog_core.entities.search_index import Search, Term
from catalog_core.entities.search_index.entries import MIN_INNER_CHARACTERS
from catalog_core.entities.search_index.words import Word, composed, spans

SNIPPET_CHARACTERS = 200
"""How much of a long text is shown around the first match."""
_LEAD_CHARACTERS = 60

Range = tuple[int, int]


def highlight(text: str, search: Search, *, is_name: bool = False) -> str:
    """Return a text with its matches marked; empty if there is none.

    Args:
        text: plain text.
        search: what was looked for.
        is_name: whether parts of words count, as they do in names.
    """
    text = composed(text)
    ranges = _ranges(text, search, is_name)
    return _marked(text, ranges) if ranges else ""


def snippet(text: str, search: Search) -> str:
    """Return the part of a long text that the first match stands in, with matches marked; empty if there is none."""
    text = composed(text)
    ranges = _ranges(text, search, is_name=False)
    if not ranges:
        return ""
    start, end = _window(text, ranges[0])
    inside = [(max(low - start, 0), high - start) for low, high in ranges if low >= start and high <= end]
    before, after = "…" if start else "", "…" if end < len(text) else ""
    return f"{before}{_marked(text[start:end], inside)}{after}"


def _window(text: str, first: Range) -> Range:
    if len(text) <= SNIPPET_CHARACTERS:
        return 0, len(text)
    start = max(first[0] - _LEAD_CHARACTERS, 0)
    if start:
        start = min(text.rfind(" ", 0, start + 1) + 1 or start, first[0])
    end = max(min(start + SNIPPET_CHARACTERS, len(text)), first[1])
    if end < len(text):
        end = max(text.rfind(" ", start, end), first[1])
    return start, end


def _marked(text: str, ranges: Sequence[Range]) -> str:
    parts, position = [], 0
    for low, high in ranges:
        parts += [escape(text[position:low]), "<mark>", escape(text[low:high]), "</mark>"]
        position = high
    return "".join([*parts, escape(text[position:])])


def _ranges(text: str, search: Search, is_name: bool) -> list[Range]:
    if not search.wanted:
        return []
    words = list(spans(text))
    found = sorted(match for term in search.wanted for match in _matches(words, term, is_name))
    merged: list[Range] = []
    for low, high in found:
        if merged and low <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], high)
        else:
            merged.append((low, high))
    return merged


def _matches(words: list[Word], term: Term, is_name: bool) -> Iterator[Range]:
    """Yield the ranges whose words, written together, are those of the term: cut in whatever way."""
    is_open = term.is_open or (is_name and term.may_begin_names)
    is_inside = is_name and not term.is_phrase and len(term.words) == 1 and len(term.whole) >= MIN_INNER_CHARACTERS
    for first, word in enumerate(words):
        if is_inside and term.whole in word.text:
            yield word.start, word.end
            continue
        if not (term.whole.startswith(word.text) or word.text.startswith(term.whole)):
            continue
        together, last = "", first
        while last < len(words) and len(together) < len(term.whole):
            together += words[last].text
            last += 1
        if together == term.whole or (is_open and together.startswith(term.whole)):
            yield word.start, words[last - 1].end
