"""Lists of assets say the same, in whichever way the rows are found: gathered by the index, or by walking the order."""

import json

import pytest

from catalog_core.entities.envelope import Overlay
from catalog_core.entities.models import entity_id
from tests.core.assets.conftest import configuration, source

ASSETS = "/api/assets"
SEARCH = "/api/search"
KINDS = {"agents": ("agents", "Agent"), "skills": ("skills", "Skill"), "mcp": ("mcpservers", "McpServer")}
LICENSES = ("MIT", "Apache-2.0", "CC0-1.0")
FILTERS = (
    {},
    {"kind": "Skill"},
    {"kind": "Skill,Agent"},
    {"kind": "Nothing"},
    {"kind": "Skill", "lifecycle": "deprecated"},
    {"lifecycle": "active,deprecated"},
    {"lifecycle": "deprecated", "tag": "blue"},
    {"tag": "blue"},
    {"tag": ["blue", "red"]},
    {"tag": "x" * 300},
    {"label": "team=search"},
    {"label": "team", "kind": "Agent"},
    {"plugin": "mcp"},
    {"source": "skills"},
    {"source": "skills", "tag": "blue"},
    {"filterQuery": "license = 'MIT'"},
    {"filterQuery": "license = 'MIT' AND kind IN ('Agent', 'Skill')"},
    {"filterQuery": "license IN ('MIT', 'CC0-1.0')", "kind": "McpServer"},
    {"filterQuery": "kind = 'Agent'", "kind": "Agent,Skill"},
    {"filterQuery": "license = 'MIT' OR provider = 'Acme'"},
    {"filterQuery": "license != 'MIT' AND lifecycle = 'active'"},
    {"filterQuery": "name LIKE '%3' AND provider = 'Acme'"},
    {"q": "common"},
    {"q": "common", "kind": "Agent"},
    {"q": "seventh"},
    {"q": "-seventh", "filterQuery": "provider = 'Acme'"},
)
ORDERS = ({}, {"orderBy": "name", "sortOrder": "DESC"}, {"orderBy": "createdAt"}, {"orderBy": "license"})
WAYS = {"gathered": (10_000, 1), "walked": (0, 10**9)}


@pytest.fixture
def shelves(sandbox):
    """Sixty assets of three kinds, of which people have tagged some."""
    for plugin, (key, kind) in KINDS.items():
        items = [_item(plugin, number) for number in range(20)]
        sandbox.write(f"{plugin}.yaml", json.dumps({key: items}))
        for number in range(0, 20, 3):
            name, owner = f"{plugin} {number}", {"plugin": plugin, "kind": kind, "source_key": plugin}
            Overlay.objects.create(
                uid=entity_id("default", plugin, kind, plugin, name),
                name=name,
                tags=["blue", "red"] if number % 2 else ["blue"],
                labels={"team": "search" if number < 10 else "maps"},
                lifecycle="deprecated" if number % 4 == 0 else "",
                changed_by="oona",
                **owner,
            )
    sandbox.configure(configuration(**{plugin: [source(plugin)] for plugin in KINDS}))
    sandbox.settle(starting=True)
    return sandbox


def _item(plugin, number):
    text = "A common thing." if number % 7 else "The seventh, a common one."
    item = {"name": f"{plugin} {number}", "description": text, "license": LICENSES[number % 3]}
    return item | ({"provider": ("Acme", "Other")[number % 2]} if plugin == "mcp" else {})


def pages(sandbox, path, **parameters):
    """Return the uids of all pages, and the total that each of them told."""
    uids, totals, token = [], [], ""
    while True:
        body = sandbox.get(path, pageSize=4, **parameters, **({"pageToken": token} if token else {}))
        uids += [item["metadata"]["uid"] if path == ASSETS else item["uid"] for item in body["items"]]
        totals.append(body["totalSize"])
        if not (token := body.get("nextPageToken", "")):
            return uids, totals


def assert_every_way_is_the_same(sandbox, monkeypatch, path, parameters):
    found = {}
    for way, (room, share) in WAYS.items():
        monkeypatch.setattr("catalog_core.assets.finding._MOST_GATHERED", room)
        monkeypatch.setattr("catalog_core.assets.finding._GATHERED_SHARE", share)
        found[way] = pages(sandbox, path, **parameters)
    assert found["gathered"] == found["walked"], parameters
    uids, totals = found["walked"]
    assert set(totals) == {len(uids)}, parameters
    assert len(set(uids)) == len(uids), parameters


def test_lists_are_the_same_in_whichever_way_they_are_found(shelves, monkeypatch):
    for parameters in FILTERS:
        assert_every_way_is_the_same(shelves, monkeypatch, ASSETS, parameters)
    for order in ORDERS:
        for parameters in ({"kind": "Skill,Agent"}, {"tag": "blue"}, {"q": "common"}):
            assert_every_way_is_the_same(shelves, monkeypatch, ASSETS, parameters | order)


def test_searches_without_words_are_the_same_in_whichever_way_they_are_found(shelves, monkeypatch):
    for parameters in ({"kind": "Skill"}, {"facet": "license:MIT"}, {"facet": ["license:MIT", "tags:blue"]}):
        assert_every_way_is_the_same(shelves, monkeypatch, SEARCH, parameters)


def test_what_is_hidden_is_in_no_list(shelves, monkeypatch):
    hidden = {plugin: [source(plugin, enabled=plugin != "skills")] for plugin in KINDS}
    shelves.configure(configuration(**hidden))
    shelves.settle()
    for parameters in (
        {},
        {"lifecycle": "active"},
        {"tag": "blue"},
        {"filterQuery": "license = 'MIT'"},
        {"q": "common"},
    ):
        assert_every_way_is_the_same(shelves, monkeypatch, ASSETS, parameters)
        kinds = {item["kind"] for item in shelves.get(ASSETS, pageSize=100, **parameters)["items"]}
        assert kinds == {"Agent", "McpServer"}, parameters
    assert shelves.get(ASSETS, kind="Skill")["totalSize"] == 0
