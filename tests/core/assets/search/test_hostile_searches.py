"""Whatever is written into a search box is looked for or refused, and is never understood by a database."""

# ruff: noqa: RUF001 - letters of many scripts are what this is about

import json

import pytest

from catalog_core.entities.envelope import Asset
from catalog_core.entities.search_index.entries import MAX_TEXT_WORDS, index_entry
from tests.core.assets.conftest import configuration, source

SEARCH = "/api/search"
SKILLS = [
    {"name": "alpha", "description": "One beta <script>alert(1)</script> & more."},
    {"name": "beta", "description": "Two NEAR OR AND NOT words."},
    {"name": "e\u0301cole", "description": "A cafe\u0301 with 🍋 lemons."},
    {"name": "日本語", "description": "検索 の テスト"},
    {"name": "שלום", "description": "مرحبا"},
]

# what is looked for -> what is found
FOUND = {
    # the languages of the two databases
    "NEAR(alpha beta)": [],
    "alpha AND beta": [],
    "alpha OR nothing": [],
    "alpha NOT beta": [],
    "beta OR": ["beta"],
    "words : beta": ["beta"],
    "{words}: alpha": [],
    "words:beta": [],
    "^alpha": ["alpha"],
    "alpha + beta": ["alpha"],
    "alpha & beta": ["alpha"],
    "alpha | nothing": [],
    "!alpha": ["alpha"],
    "alpha <-> beta": ["alpha"],
    "alpha:A": [],
    "'alpha'": ["alpha"],
    "alpha' OR '1'='1": [],
    "alpha'); DROP TABLE catalog_core_asset; --": [],
    "alpha\\": ["alpha"],
    "%": None,
    "alpha%": ["alpha"],
    "al_ha": [],
    # signs, marks, scripts
    "alpha\x00": None,
    "alpha\u200bbeta": [],
    "ALPHA\u0301": ["alpha"],
    "école": ["e\u0301cole"],
    "ecole": ["e\u0301cole"],
    "cafe": ["e\u0301cole"],
    "🍋": None,
    "🍋 lemons": ["e\u0301cole"],
    "\u0301": None,
    "ｂｅｔａ": ["beta", "alpha"],
    "日": ["日本語"],
    "日本語": ["日本語"],
    "語日": [],
    "検索": ["日本語"],
    "שלום": ["שלום"],
    "مرحبا": ["שלום"],
    "…—!?": None,
    "\ue000alpha": ["alpha"],
    "\ue002": None,
    # beginnings
    "a*": ["e\u0301cole"],
    "al*": ["alpha"],
    "alph* bet*": ["alpha"],
    # lengths
    "b" * 200: [],
    "b" * 201: None,
    " ".join(["alpha"] * 10): ["alpha"],
    " ".join(["alpha"] * 1000): None,
    '"' + " ".join(["a"] * 90) + '"': [],
    "-" * 200: None,
    '"' * 200: None,
}


@pytest.fixture
def skills(sandbox):
    sandbox.write("skills.yaml", json.dumps({"skills": SKILLS}, ensure_ascii=False))
    sandbox.configure(configuration(skills=[source("skills")]))
    sandbox.settle(starting=True)
    return sandbox


def found(sandbox, q):
    answer = sandbox.client.get(SEARCH, {"q": q})
    if answer.status_code == 400:
        return None
    assert answer.status_code == 200, q
    return [item["name"] for item in answer.json()["items"]]


def test_nothing_that_is_looked_for_is_understood_by_a_database(skills):
    assert {q: found(skills, q) for q in FOUND} == FOUND


def test_no_part_of_a_text_becomes_a_part_of_a_page(skills):
    hit = skills.get(SEARCH, q="script alert")["items"][0]
    assert hit["highlights"]["description"] == (
        "One beta &lt;<mark>script</mark>&gt;<mark>alert</mark>(1)&lt;/<mark>script</mark>&gt; &amp; more."
    )


def test_what_is_indexed_of_one_asset_is_bounded():
    words = [f"w{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}x{number // 676 * 'y'}" for number in range(5000)]
    asset = Asset(pk=1, kind="Skill", name="x", display_name=" ".join(words), tags=words, description=" ".join(words))
    assert len(index_entry(asset).ordered) <= 2 * MAX_TEXT_WORDS + 10
