"""What people write into a search box, as a tree. Pure.

::

    llama "large language" instruct* -deprecated

Words all have to occur, words in quotation marks one after the other, a star stands for any ending, and what follows a
minus must not occur.
"""

import re
from dataclasses import dataclass
from typing import NoReturn

from catalog_core.entities.search_index.words import MAX_WORD_CHARACTERS, humps_of, joined, words_of
from catalog_core.exceptions import InvalidQuery

MAX_SEARCH_CHARACTERS = 200
MAX_SEARCH_WORDS = 10
MIN_OPEN_CHARACTERS = 3
"""Fewer letters begin too many words to be worth looking at all of them."""
MIN_OPEN_NAME_CHARACTERS = 2
"""Likewise for words of names, of which there are fewer."""

_QUOTES = str.maketrans("“”„«»", '"""""')
_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)(?P<end>"?)|(?P<word>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Term:
    """Something that has to occur, or must not.

    Attributes:
        words: the words, which follow each other.
        whole: the words as one.
        humps: other ways to cut it, if it is written in camel case.
        is_phrase: whether it stood in quotation marks; else it may also be a part of a name.
        is_open: whether the last word may go on; never a short one, which too many words begin with.
        is_excluded: whether it must not occur.
    """

    words: tuple[str, ...]
    whole: str
    humps: tuple[tuple[str, ...], ...] = ()
    is_phrase: bool = False
    is_open: bool = False
    is_excluded: bool = False

    @property
    def may_begin_names(self) -> bool:
        """Whether it is found in a name that goes on after it."""
        return not self.is_phrase and len(self.words[-1]) >= MIN_OPEN_NAME_CHARACTERS

    @property
    def may_begin_joined_names(self) -> bool:
        """Whether it is found, written as one word, in a name that goes on after it."""
        return not self.is_phrase and len(self.whole) >= MIN_OPEN_CHARACTERS


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for.

    Attributes:
        wanted: what has to occur, all of it.
        excluded: what must not occur.
    """

    wanted: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()

    @property
    def whole(self) -> str:
        """Everything wanted as one word: what a name that is typed in full comes to."""
        return "".join(term.whole for term in self.wanted)[:MAX_WORD_CHARACTERS]


NOTHING = Search()
"""The search that nobody has written anything into."""


def parse_search(text: str, *, parameter: str = "q") -> Search:
    """Return what ``text`` looks for; without any text, nothing in particular.

    The last word may go on, as long as no space follows it: it is perhaps still being typed.

    Raises:
        InvalidQuery: a quotation mark is not closed, a star stands where it means nothing, or no word is there.
    """
    if not text.strip():
        return NOTHING
    text = text.translate(_QUOTES)
    if len(text) > MAX_SEARCH_CHARACTERS:
        raise InvalidQuery(f"a search has at most {MAX_SEARCH_CHARACTERS} characters.", parameter=parameter)
    found = [_term(match, text, parameter) for match in _TERM.finditer(text)]
    terms = [term for term in found if term is not None]
    if len(terms) > MAX_SEARCH_WORDS:
        raise InvalidQuery(f"a search has at most {MAX_SEARCH_WORDS} words and phrases.", parameter=parameter)
    if not terms:
        _fail("there is no letter and no digit to look for.", 0, parameter)
    return Search(
        wanted=tuple(term for term in terms if not term.is_excluded),
        excluded=tuple(term for term in terms if term.is_excluded),
    )


def _term(match: re.Match[str], text: str, parameter: str) -> Term | None:
    phrase, word = match["phrase"], match["word"]
    excluded = bool(match["minus"])
    if phrase is not None:
        if not match["end"]:
            _fail("this quotation mark is never closed.", match.start("phrase") - 1, parameter)
        return _made(phrase, is_phrase=True, is_excluded=excluded)
    bare = word.rstrip("*")
    if "*" in bare or (bare != word and not words_of(bare)):
        position = match.start("word") + word.index("*")
        _fail("a star stands for the ending of a word, such as in kube*, and nowhere else.", position, parameter)
    is_last = match.end() == len(text) and not excluded
    return _made(bare, is_open=bare != word or is_last, is_excluded=excluded)


def _made(text: str, **options: bool) -> Term | None:
    words = tuple(words_of(text))
    if not words:
        return None
    options["is_open"] = options.get("is_open", False) and len(words[-1]) >= MIN_OPEN_CHARACTERS
    return Term(words=words, whole=joined(text), humps=tuple(map(tuple, humps_of(text))), **options)


def _fail(message: str, position: int, parameter: str) -> NoReturn:
    raise InvalidQuery(message, parameter=parameter, position=position)
