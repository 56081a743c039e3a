"""Cutting texts into words: the one normalisation for what is indexed and for what is looked for. Pure.

A word is a run of letters or a run of digits, without case and accents: ``Llama-3.1-8B`` has the words ``llama``,
``3``, ``1``, ``8`` and ``b``, and so has ``llama 3.1 8b``. Han and Kana are written without spaces, so each character
of theirs is a word.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

MAX_WORD_CHARACTERS = 64
"""Longer words are cut, when they are indexed and when they are looked for."""

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_MARKS = "\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u0900-\u0963\u0966-\u109f"
"""Signs that belong to the letter before them, and the blocks of scripts that are full of them."""
_RUN = re.compile(rf"[{_IDEOGRAPHS}]|(?:(?![{_IDEOGRAPHS}])[^\W_]|[{_MARKS}])+")
_WORD = re.compile(r"\d+|\D+")
_ASCII_WORD = re.compile("[a-z]+|[0-9]+")
_SIGNS = re.compile(r"[^\w\u0080-\U0010ffff]|[_\s]")
"""What is left of some compatibility forms, such as the brackets of ``⑴``: no part of a word."""
_HUMP = re.compile(r"[A-Z]+(?![a-z])|[A-Z][a-z]+|[a-z]+")
_HAS_HUMPS = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]")
_ACCENT = 200  # the class from which on combining characters stand above, below or through a letter (UAX #44)


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it stands.

    Attributes:
        text: the word without case and accents.
        start: where it begins in the text, in characters.
        end: where it ends.
    """

    text: str
    start: int
    end: int


def composed(text: str) -> str:
    """Return a text in the form in which positions of words count: letters and their accents as one (NFC)."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """Return a text without case and accents, and with compatibility forms such as ``ﬁ`` as plain letters."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in apart if unicodedata.combining(letter) < _ACCENT)
    return _SIGNS.sub("", unicodedata.normalize("NFKC", bare).casefold())


def spans(text: str) -> Iterator[Word]:
    """Yield the words of a composed text with their places."""
    if text.isascii():
        for found in _ASCII_WORD.finditer(text.lower()):
            yield Word(found[0][:MAX_WORD_CHARACTERS], found.start(), found.end())
        return
    for run in _RUN.finditer(text):
        for word in _WORD.finditer(run[0]):
            start = run.start() + word.start()
            if folded := fold(word[0])[:MAX_WORD_CHARACTERS]:
                yield Word(folded, start, start + len(word[0]))


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order.

    >>> words_of("Llama-3.1-8B"), words_of("GPT4 für GitHub")
    (['llama', '3', '1', '8', 'b'], ['gpt', '4', 'fur', 'github'])
    """
    if text.isascii():
        return [word[:MAX_WORD_CHARACTERS] for word in _ASCII_WORD.findall(text.lower())]
    return [
        folded
        for run in _RUN.findall(composed(text))
        for word in _WORD.findall(run)
        if (folded := fold(word)[:MAX_WORD_CHARACTERS])
    ]


def humps_of(text: str) -> list[list[str]]:
    """Return the parts of each word that is written in camel case; digits have no part in it.

    >>> humps_of("GitHub HTTPServer plain")
    [['git', 'hub'], ['http', 'server']]
    """
    if not _HAS_HUMPS.search(text):
        return []
    return [
        [part.lower()[:MAX_WORD_CHARACTERS] for part in _HUMP.findall(word)]
        for run in _RUN.findall(text)
        for word in _WORD.findall(run)
        if _HAS_HUMPS.search(word)
    ]


def joined(text: str) -> str:
    """Return all words of a text as one.

    >>> joined("Llama-3.1")
    'llama31'
    """
    return joined_words(words_of(text))


def joined_words(words: list[str]) -> str:
    """Return words as one."""
    return "".join(words)[:MAX_WORD_CHARACTERS]
