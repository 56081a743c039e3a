"""What people write into a search box, as a tree."""

# ruff: noqa: RUF001 - letters of many scripts are what this is about

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_core.entities.search_index import NOTHING, matching, parse_search, tiers
from catalog_core.entities.search_index.expressions import as_fts5, as_tsquery
from catalog_core.entities.search_index.words import composed, spans, words_of
from catalog_core.exceptions import InvalidQuery

WORDS = st.text(st.characters(categories=["Ll", "Lu", "Nd"]), min_size=1, max_size=8).filter(words_of)


def written(words, *, quoted=False, minus=False, star=False):
    text = f'"{" ".join(words)}"' if quoted else words[0] + ("*" if star else "")
    return f"-{text}" if minus else text


TERMS = st.builds(
    lambda words, quoted, minus, star: (words, quoted, minus, star and not quoted),
    st.lists(WORDS, min_size=1, max_size=3),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(TERMS, min_size=1, max_size=6), st.sampled_from([" ", "  ", "\t"]))
def test_every_term_is_understood_as_it_was_written(terms, space):
    text = space.join(written(words, quoted=quoted, minus=minus, star=star) for words, quoted, minus, star in terms)
    if len(text) > 200:
        return
    search = parse_search(text + " ")
    meant = [(words if quoted else words[:1], quoted, minus) for words, quoted, minus, _ in terms]
    terms_found = [*search.wanted, *search.excluded]
    assert [list(term.words) for term in terms_found] == [
        words_of(" ".join(words)) for excluded in (False, True) for words, _, minus in meant if minus is excluded
    ]
    assert len(search.excluded) == sum(minus for *_, minus in meant)
    assert sum(term.is_phrase for term in terms_found) == sum(quoted for _, quoted, _ in meant)


def understood(text):
    try:
        return parse_search(text), None
    except InvalidQuery as error:
        return None, error


@given(st.text(max_size=220))
def test_any_text_is_understood_or_refused_and_both_databases_are_given_sound_conditions(text):
    search, refused = understood(text)
    if refused is not None:
        assert refused.parameter == "q"
        assert refused.position is None or 0 <= refused.position < len(text)
        return
    assert (search == NOTHING) == (not text.strip())
    for match in (matching(search), *tiers(search)):
        fts5, tsquery = as_fts5(match), as_tsquery(match)
        assert fts5.count('"') % 2 == 0
        assert fts5.count("(") == fts5.count(")")
        assert tsquery.count("'") % 2 == 0
        assert "\\" not in tsquery


@given(st.text(max_size=100))
def test_the_places_of_words_are_those_of_the_words(text):
    text = composed(text)
    found = list(spans(text))
    assert [word.text for word in found] == words_of(text)
    for before, after in itertools.pairwise(found):
        assert before.start < before.end <= after.start


@given(st.text(max_size=60))
def test_neither_case_nor_the_form_of_accents_matters(text):
    import unicodedata

    assert words_of(unicodedata.normalize("NFD", text)) == words_of(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Llama-3.1-8B", ["llama", "3", "1", "8", "b"]),
        ("io.github.acme/server_2", ["io", "github", "acme", "server", "2"]),
        ("ÅNGSTRÖM ß ﬁne Ａｂｃ", ["angstrom", "ss", "fine", "abc"]),
        ("日本語 モデル", ["日", "本", "語", "モ", "デ", "ル"]),
        ("हिन्दी भाषा", ["हिन्दी", "भाषा"]),
        ("x" * 100, ["x" * 64]),
        ("a\x00b'c\"d\\e", ["a", "b", "c", "d", "e"]),
        ("… — !", []),
    ],
)
def test_texts_are_cut_into_words(text, words):
    assert words_of(text) == words
