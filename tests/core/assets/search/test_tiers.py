"""The best matches come first, and none is lost or found twice, wherever the index stops to look."""

import itertools
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_core.entities.envelope import Asset
from catalog_core.entities.search_index import fact, first_matches, has_fact, matching, parse_search, tiers
from catalog_core.entities.search_index.words import humps_of, joined, words_of
from tests.core.assets.conftest import configuration, source

MANY = 1000
NAMES = (
    "kube",
    "kubernetes",
    "kubernetes-mcp",
    "acme/kube-server",
    "acme/KubeServer",
    "ku be",
    "minikube",
    "server",
    "server kube 2",
    "search",
    "weaver",
)
TEXTS = ("A kube server.", "Kubernetes, for servers.", "Nothing of the kind.", "An acme of mcp and kube search.")
WORDS = st.sampled_from(["kube", "kub", "kubernetes", "kubeserver", "server", "serv", "mcp", "acme", "ku", "be", "2"])
TERMS = st.builds("{}{}{}".format, st.sampled_from(["", "", "-"]), WORDS, st.sampled_from(["", "", "*"]))
PHRASES = st.builds('"{} {}"'.format, WORDS, WORDS)
SEARCHES = st.builds(
    lambda terms, end: " ".join(terms) + end,
    st.lists(TERMS | PHRASES, min_size=1, max_size=3),
    st.sampled_from(["", " "]),
)
FACTS = st.sampled_from([(), (has_fact(fact("license", "MIT")),)])
BESIDES = st.sampled_from([(), (has_fact(fact("license", "X11")),)])


@pytest.fixture
def shelf(sandbox):
    """Many skills: each name with each text."""
    skills = [
        {"name": f"{name} {'abcd'[number]}", "description": text, "license": ("MIT", "X11", "")[number % 3]}
        for name in NAMES
        for number, text in enumerate(TEXTS)
    ]
    sandbox.write("skills.yaml", json.dumps({"skills": skills}))
    sandbox.configure(configuration(skills=[source("skills")]))
    sandbox.settle(starting=True)
    return sandbox


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SEARCHES, FACTS, BESIDES)
def test_tiers_are_together_what_matches_and_the_first_come_first(shelf, text, facts, besides):
    search = parse_search(text)
    parts = tiers(search, facts, besides)
    found = first_matches(parts, MANY)
    assert len(found) == len(set(found))
    assert set(found) == set(first_matches([matching(search, facts, besides)], MANY))
    each = [set(first_matches([part], MANY)) for part in parts]
    places = [next(place for place, keys in enumerate(each) if key in keys) for key in found]
    assert places == sorted(places)
    for limit in (1, 2, 5, len(found) + 1):
        assert first_matches(parts, limit) == found[:limit]


def test_names_come_before_texts_and_whole_words_before_their_beginnings(shelf):
    found = first_matches(tiers(parse_search("kube")), MANY)
    assets = Asset.objects.in_bulk(found)
    places = [_place("kube", assets[key]) for key in found]
    assert places == sorted(places)
    assert set(places) == {0, 1, 2, 3}


def _place(word, asset):
    named = [*words_of(asset.name), *itertools.chain(*humps_of(asset.name))]
    if word in named:
        return 0
    if any(one.startswith(word) for one in (*named, joined(asset.name))):
        return 1
    return 2 if word in asset.name or word in words_of(asset.description) else 3


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WORDS, WORDS)
def test_a_last_word_that_may_go_on_is_found_in_names_that_go_on(shelf, word, beginning):
    found = set(first_matches(tiers(parse_search(f"{word} {beginning}")), MANY))
    for asset in Asset.objects.all():
        named, described = words_of(asset.name), words_of(asset.description)
        begins = len(beginning) > 1 and any(one.startswith(beginning) for one in named)
        if word in (*named, *described) and (begins or beginning in (*named, *described)):
            assert asset.pk in found, asset.name
