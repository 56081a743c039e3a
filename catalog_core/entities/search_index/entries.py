"""What the index holds of one asset: a row of tokens. Pure.

Both databases are given the same tokens, so that both find the same. A token is a word as :mod:`words` cuts it, or a
word behind a mark that says what it is about. Marks are characters for private use, which no word can hold:

- ``NAME``: a word of the name. Searches that want names first look for these.
- ``INNER``: the end of a word of the name, so that ``netes`` and ``net`` find ``kubernetes``.
- ``WHOLE``: the whole name as one word, or what follows its last slash or space.
- ``FACT``: a value that people filter by, such as the kind, as a digest.

Order counts for phrases; gaps keep them from reaching from one text into the next.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import starmap

from catalog_core.entities.envelope import Asset
from catalog_core.entities.search_index.facets import facet_values
from catalog_core.entities.search_index.words import humps_of, joined, joined_words, words_of

NAME, INNER, FACT, WHOLE, GAP = "\ue000", "\ue001", "\ue002", "\ue003", "\ue00f"
INDEX_VERSION = 1
"""To be raised when the same asset is given other tokens; every source is then stored anew at its next refresh."""
MIN_INNER_CHARACTERS = 3
"""Shorter ends of words are not indexed."""
MAX_INNER_CHARACTERS = 24
"""Of longer words only the beginning has its ends indexed."""
MAX_TEXT_WORDS = 1000
"""How many words are indexed of display name and tags, and as many of the description and all further texts."""
_LABEL_CHARACTERS = 40
_SEPARATOR = re.compile(r"[\s/]+")


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """The tokens of one asset.

    Attributes:
        asset_id: the primary key of its row.
        ordered: tokens whose order counts, gaps among them.
        further: tokens that stand for themselves.
    """

    asset_id: int
    ordered: Sequence[str]
    further: Sequence[str]


def index_entry(asset: Asset) -> IndexEntry:
    """Return the tokens of a stored asset."""
    words, segments = words_of(asset.name), split_name(asset.name)
    name = _name_tokens(asset.name, words, segments)
    ordered = [NAME + token if token != GAP else GAP for token in name] + name
    ordered += _text_tokens((asset.display_name, *(tag for tag in asset.tags if isinstance(tag, str))))
    ordered += _text_tokens((asset.description, asset.provider, asset.license, *_label_texts(asset), *asset.texts))
    inner = {INNER + end for word in words for end in _ends(word)}
    whole = {WHOLE + text for text in _whole_names(asset, words, segments) if text}
    return IndexEntry(asset.pk, ordered, [*inner, *whole, ANY, *starmap(fact, _facts(asset))])


@lru_cache(maxsize=1 << 16)
def fact(field: str, value: str) -> str:
    """Return the token that says that an asset has a value."""
    return FACT + hashlib.blake2b(f"{field}\x1f{value}".encode(), digest_size=6).hexdigest()


ANY = fact("", "")
"""The token that every asset has."""


def split_name(name: str) -> list[str]:
    """Return the parts of a name that slashes and spaces separate."""
    return [part for part in _SEPARATOR.split(name) if part]


def _facts(asset: Asset) -> Iterable[tuple[str, str]]:
    yield "source", str(asset.source_id)
    yield from facet_values(asset)
    for key, value in asset.labels.items():
        yield "label", key
        yield "label", f"{key}={value}"


def _whole_names(asset: Asset, words: list[str], segments: list[str]) -> set[str]:
    others = [asset.display_name] if asset.display_name else []
    if len(segments) > 1:
        others += segments[-1:]
    return {joined_words(words), *map(joined, others)}


def _name_tokens(name: str, words: list[str], segments: list[str]) -> list[str]:
    tokens = [*_tokens(name)]
    for segment in segments:
        parts = words if segment == name else words_of(segment)
        if len(parts) > 1:
            tokens += (joined_words(parts), GAP)
    return tokens


def _tokens(text: str) -> Sequence[str]:
    return _tokens_of_label(text) if len(text) <= _LABEL_CHARACTERS else _cut(text)


@lru_cache(maxsize=1 << 12)
def _tokens_of_label(text: str) -> Sequence[str]:
    """Return the tokens of a short text, which many assets have: a license, a provider, a category."""
    return _cut(text)


def _cut(text: str) -> Sequence[str]:
    tokens = words_of(text)
    if not tokens:
        return ()
    tokens.append(GAP)
    for parts in humps_of(text):
        tokens += (*parts, GAP)
    return tuple(tokens)


def _text_tokens(texts: Iterable[str]) -> list[str]:
    tokens: list[str] = []
    for text in dict.fromkeys(texts):
        tokens += _tokens(text[: MAX_TEXT_WORDS * 16])
        if len(tokens) > MAX_TEXT_WORDS:
            break
    return tokens[:MAX_TEXT_WORDS]


def _label_texts(asset: Asset) -> Iterable[str]:
    return (f"{key} {value}" for key, value in asset.labels.items())


def _ends(word: str) -> Iterable[str]:
    word = word[:MAX_INNER_CHARACTERS]
    return (word[start:] for start in range(1, len(word) - MIN_INNER_CHARACTERS + 1))
