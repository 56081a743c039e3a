"""Searches as conditions on the tokens of the index, and their form in the language of each database. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from catalog_core.entities.search_index.entries import ANY, INNER, MIN_INNER_CHARACTERS, NAME, WHOLE
from catalog_core.entities.search_index.language import MIN_OPEN_CHARACTERS, Search, Term


@dataclass(frozen=True, slots=True)
class Tokens:
    """These tokens occur one after the other; the last may go on if ``is_open``."""

    tokens: tuple[str, ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """All parts hold."""

    parts: tuple["Match", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple["Match", ...]


@dataclass(frozen=True, slots=True)
class Without:
    """``part`` holds and ``other`` does not."""

    part: "Match"
    other: "Match"


Match: TypeAlias = Tokens | All | AnyOf | Without

EVERYTHING = Tokens((ANY,))
"""The condition that every asset satisfies."""


def has_fact(*facts: str) -> Match:
    """Return the condition that an asset has one of these facts."""
    return any_of([Tokens((fact,)) for fact in facts])


def matching(search: Search, facts: Iterable[Match] = (), besides: Iterable[Match] = ()) -> Match:
    """Return the condition that an asset is found by a search and satisfies all ``facts`` and none of ``besides``."""
    unwanted = [*map(_occurs, search.excluded), *besides]
    if not search.wanted:
        return _minus([*facts], unwanted)
    anywhere = all_of([_anywhere(term) for term in search.wanted])
    return _minus([*facts, any_of([_whole(search), _all_named(search), anywhere])], unwanted)


def tiers(search: Search, facts: Iterable[Match] = (), besides: Iterable[Match] = ()) -> list[Match]:
    """Return conditions that together are :func:`matching`, those of the best matches first.

    They overlap: to leave out what was found before takes an index longer than to find it again.
    """
    if not search.wanted:
        return [matching(search, facts, besides)]
    known, unwanted = [*facts], [*map(_occurs, search.excluded), *besides]
    return [_minus([*known, place], unwanted) for place in dict.fromkeys(_places(search))]


def as_fts5(match: Match) -> str:
    """Return the condition as SQLite's FTS5 takes it."""
    match match:
        case Tokens(tokens, is_open):
            return f'"{" ".join(tokens)}"{" *" if is_open else ""}'
        case All(parts):
            return f"({' AND '.join(map(as_fts5, parts))})"
        case AnyOf(parts):
            return f"({' OR '.join(map(as_fts5, parts))})"
        case Without(part, other):
            return f"({as_fts5(part)} NOT {as_fts5(other)})"


def as_tsquery(match: Match) -> str:
    """Return the condition as PostgreSQL's ``tsquery``; words hold no quotation mark and no backslash."""
    match match:
        case Tokens(tokens, is_open):
            sequence = " <-> ".join(f"'{token}'" for token in tokens)
            return f"({sequence}{':*' if is_open else ''})"
        case All(parts):
            return f"({' & '.join(map(as_tsquery, parts))})"
        case AnyOf(parts):
            return f"({' | '.join(map(as_tsquery, parts))})"
        case Without(part, other):
            return f"({as_tsquery(part)} & !{as_tsquery(other)})"


def all_of(parts: Sequence[Match]) -> Match:
    """Return the condition that all parts hold; there has to be one."""
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def any_of(parts: Sequence[Match]) -> Match:
    """Return the condition that one of the parts holds; there has to be one."""
    different = tuple(dict.fromkeys(parts))
    return different[0] if len(different) == 1 else AnyOf(different)


def _minus(parts: list[Match], unwanted: list[Match]) -> Match:
    wanted = all_of(parts or [EVERYTHING])
    return Without(wanted, any_of(unwanted)) if unwanted else wanted


def _places(search: Search) -> Iterator[Match]:
    """Yield where the terms may be found, the best place first: in names before texts, and there whole words first.

    Whole words are found in a fraction of the time that their beginnings take, and often enough assets have them.
    """
    yield _whole(search)
    yield all_of([_written(term, NAME) for term in search.wanted])
    yield _all_named(search)
    if any(term.is_open for term in search.wanted):
        yield all_of([any_of([_written(term), *_inside(term)]) for term in search.wanted])
    yield all_of([_anywhere(term) for term in search.wanted])


def _whole(search: Search) -> Match:
    return Tokens((WHOLE + search.whole,))


def _all_named(search: Search) -> Match:
    """Return the condition that all terms are found in the name, or that it begins with all of them as one word."""
    ways = [all_of([_named(term) for term in search.wanted])]
    if len(search.whole) >= MIN_OPEN_CHARACTERS and not any(term.is_phrase for term in search.wanted):
        ways.append(Tokens((WHOLE + search.whole,), is_open=True))
    return any_of(ways)


def _named(term: Term) -> Match:
    """Return the condition that the words begin words of the name, or that a phrase stands in it."""
    return _written(term, NAME, is_open=term.may_begin_names, is_open_as_one=term.may_begin_joined_names)


def _anywhere(term: Term) -> Match:
    """Return the condition that the words occur somewhere, or in a part of a name."""
    # a word that begins a word of the name occurs as well, since names are texts, too; to look for both takes longer
    named = [] if term.is_open else [_named(term)]
    return any_of([_occurs(term), *named, *_inside(term)])


def _occurs(term: Term) -> Match:
    """Return the condition that the words occur as they are, in whatever text."""
    return _written(term, is_open=term.is_open, is_open_as_one=term.is_open)


def _written(term: Term, mark: str = "", *, is_open: bool = False, is_open_as_one: bool = False) -> Match:
    """Return the condition that the words occur with a mark, one after the other, as one word, or cut otherwise."""
    ways = [_sequence(term.words, mark, is_open=is_open)]
    if not term.is_phrase:
        ways += [_sequence((term.whole,), mark, is_open=is_open_as_one)]
        ways += [_sequence(parts, mark, is_open=is_open) for parts in term.humps]
    return any_of(ways)


def _inside(term: Term) -> list[Match]:
    """Return the condition that the words occur in a name, beginning within a word of it; not for phrases."""
    first, *rest = term.words
    if term.is_phrase or len(first) < MIN_INNER_CHARACTERS:
        return []
    if not rest:
        return [Tokens((INNER + first,), is_open=True)]
    return [All((Tokens((INNER + first,)), _sequence(tuple(rest), NAME, is_open=term.may_begin_names)))]


def _sequence(words: tuple[str, ...], mark: str = "", *, is_open: bool) -> Match:
    return Tokens(tuple(mark + word for word in words), is_open)
