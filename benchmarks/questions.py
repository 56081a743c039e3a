"""What is asked of a library: addresses by what they are an example of, all different, the same on every machine."""

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlencode

from benchmarks.library import KINDS, SOURCES, TAGS, vocabulary

_SEARCH, _SUGGEST, _ASSETS = "/api/search", "/api/search/suggestions", "/api/assets"
_KINDS = tuple(kind.name for kind in KINDS)
_COMMON, _MIDDLING = 200, 4_000
"""Words before the first rank are common, words before the second are middling, others are rare."""


def searches(count: int) -> Mapping[str, Sequence[str]]:
    """Return ``count`` searches of each sort, with facets."""
    words, chance = vocabulary(), random.Random(8)
    common, middling, rare = words[:_COMMON], words[_COMMON:_MIDDLING], words[_MIDDLING:]

    def some(of: Sequence[str]) -> Iterator[str]:
        return iter(chance.sample(of, k=min(count, len(of))))

    def pairs(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[str, str]]:
        return zip(some(one), some(other), strict=False)

    licensed = itertools.cycle(range(12))
    return {
        "rare word": [_search(word) for word in some(rare)],
        "middling word": [_search(word) for word in some(middling)],
        "common word": [_search(word) for word in some(common)],
        "common and middling word": [_search(f"{one} {two} ") for one, two in pairs(common, middling)],
        "two common words": [_search(f"{one} {two} ") for one, two in pairs(common, common)],
        "phrase of common words": [_search(f'"{one} {two}"') for one, two in pairs(common, common)],
        "beginning of a word": [_search(f"{letters}*") for letters in some(sorted({word[:3] for word in words}))],
        "common without middling word": [_search(f"{one} -{two} ") for one, two in pairs(common, middling)],
        "common word, facets chosen": [
            _search(word, kind=_KINDS[number % 4], facet=f"license:License-{next(licensed)}.0")
            for number, word in enumerate(some(common))
        ],
        "rare word, facets chosen": [
            _search(word, kind=_KINDS[number % 4], facet=f"license:License-{next(licensed)}.0")
            for number, word in enumerate(some(rare))
        ],
        "common word, filterQuery": [
            _search(word, filterQuery=f"license = 'License-{next(licensed)}.0'") for word in some(common)
        ],
        "a name": [_search(f"org-{number}/{word}") for number, word in enumerate(some(middling))],
    }


def lists(count: int) -> Mapping[str, Sequence[str]]:
    """Return ``count`` lists and counts of each sort."""
    words, chance = vocabulary(), random.Random(9)
    numbers = range(count)
    some = chance.sample(words, k=count)
    kinds = [",".join(chosen) for size in (1, 2, 3) for chosen in itertools.combinations(_KINDS, size)]
    kind_of = [kinds[number % len(kinds)] for number in numbers]
    size_of = [20 + number % 80 for number in numbers]
    return {
        "list by kind": [_list(kind=kind, pageSize=size) for kind, size in zip(kind_of, size_of, strict=True)],
        "list by kind, newest first": [
            _list(kind=kind, pageSize=size, orderBy="updatedAt", sortOrder="DESC")
            for kind, size in zip(kind_of, size_of, strict=True)
        ],
        "newest first": [
            _list(pageSize=20 + number % 200, orderBy="createdAt", sortOrder="DESC") for number in numbers
        ],
        "list by lifecycle": [
            _list(lifecycle=("deprecated", "active")[number % 2], kind=kind_of[number], pageSize=size_of[number])
            for number in numbers
        ],
        "list by tag": [_list(tag=TAGS[number % len(TAGS)], pageSize=20 + number // len(TAGS)) for number in numbers],
        "list by source": [_list(source=f"{KINDS[number % 4].plugin}-{number % SOURCES:03d}") for number in numbers],
        "list by filterQuery on a license": [
            _list(filterQuery=f"license = 'License-{number % 24}.0'", pageSize=size_of[number]) for number in numbers
        ],
        "list by filterQuery on names": [_list(filterQuery=f"name LIKE 'org-{number}/%'") for number in numbers],
        "list by words": [_list(q=word) for word in some],
        "list by words, newest first": [_list(q=f"{word} ", orderBy="updatedAt") for word in some],
        "all, with facets": [_search("", pageSize=1 + number % 100) for number in numbers],
        "kind, with facets": [
            _search("", kind=kind, pageSize=size) for kind, size in zip(kind_of, size_of, strict=True)
        ],
        "license, with facets": [
            _search("", facet=f"license:License-{number % 24}.0", pageSize=size_of[number]) for number in numbers
        ],
        "suggestions": [f"{_SUGGEST}?{urlencode({'q': word[: 2 + number % 5]})}" for number, word in enumerate(some)],
    }


def _search(words: str, **further: object) -> str:
    return f"{_SEARCH}?{urlencode({'q': words, **further})}"


def _list(**parameters: object) -> str:
    return f"{_ASSETS}?{urlencode(parameters)}"
