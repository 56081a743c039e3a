"""Lists of assets say the same, in whichever way the rows are found: gathered by the index, or by walking the order."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog_core.assets.filtering import AssetFilter, asset_condition, assets_among, chosen_sources
from catalog_core.assets.queryable import ASSET_QUERY_FIELDS
from catalog_core.assets.view import assets_view
from catalog_core.entities.envelope import Asset, Overlay
from catalog_core.entities.models import entity_id
from catalog_core.entities.ordering import parse_order
from catalog_core.entities.search_index import NOTHING, first_matches, matching
from catalog_core.plugins.registry import registry
from tests.core.assets.conftest import configuration, source

ASSETS = "/api/assets"
SEARCH = "/api/search"
KINDS = {"agents": ("agents", "Agent"), "skills": ("skills", "Skill"), "mcp": ("mcpservers", "McpServer")}
LICENSES = ("MIT", "Apache-2.0", "CC0-1.0", "x" * 300)
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
ORDERS = (
    {},
    {"orderBy": "name", "sortOrder": "DESC"},
    {"orderBy": "createdAt"},
    {"orderBy": "updatedAt", "sortOrder": "DESC"},
    {"orderBy": "license"},
)
ORDERED = (
    {"kind": "Skill,Agent"},
    {"kind": "Agent", "source": "agents"},
    {"plugin": "mcp", "lifecycle": "active", "filterQuery": "license != 'MIT'"},
    {"tag": "blue"},
    {"q": "common"},
)
CHOSEN = (
    {"kind": "Skill"},
    {"facet": "license:MIT"},
    {"facet": ["license:MIT", "license:CC0-1.0"], "kind": "Skill,Agent"},
    {"facet": ["license:MIT", "provider:Acme"]},
    {"facet": ["license:MIT", "tags:blue"]},
    {"facet": ["license:MIT", "deploymentMode:remote"]},
    {"facet": "license:mit"},
    {"facet": f"license:{'x' * 300}"},
    {"facet": ["license:MIT", f"license:{'x' * 300}"]},
    {"facet": "license:MIT", "q": "-seventh"},
)
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
    item = {"name": f"{plugin} {number}", "description": text, "license": LICENSES[number % 4]}
    served = {"provider": ("Acme", "Other")[number % 2], "deploymentMode": ("local", "remote")[number % 2]}
    return item | (served if plugin == "mcp" else {})


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
        for parameters in ORDERED:
            assert_every_way_is_the_same(shelves, monkeypatch, ASSETS, parameters | order)


def test_searches_without_words_are_the_same_in_whichever_way_they_are_found(shelves, monkeypatch):
    for parameters in CHOSEN:
        assert_every_way_is_the_same(shelves, monkeypatch, SEARCH, parameters)


def test_a_walk_looks_at_the_rows_for_what_these_tell(shelves, monkeypatch):
    monkeypatch.setattr("catalog_core.assets.finding._MOST_GATHERED", 0)
    monkeypatch.setattr("catalog_core.assets.finding._GATHERED_SHARE", 10**9)
    for chosen, asks_index in (("license:MIT", False), ("provider:Acme", False), ("deploymentMode:remote", True)):
        with CaptureQueriesContext(connection) as captured:
            assert shelves.get(SEARCH, pageSize=1, facet=chosen)["size"] == 1
        walk = next(query["sql"] for query in captured if "ORDER BY LOWER" in query["sql"])
        assert ("assetwords" in walk) is asks_index, chosen


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL goes by statistics, and small tables have none")
def test_what_the_index_has_found_is_looked_up_by_its_keys(shelves):
    view = assets_view(registry)
    ordering = parse_order("updatedAt", "DESC", ASSET_QUERY_FIELDS)
    for wanted in (
        AssetFilter(kinds=("Skill",)),
        AssetFilter(sources=("skills",)),
        AssetFilter(lifecycles=("active",)),
    ):
        sources, node = chosen_sources(view, wanted), asset_condition(wanted)
        plan = ordering.apply(assets_among(view, sources, node, [1, 2, 3])).explain()
        assert "INTEGER PRIMARY KEY" in plan, plan


def test_the_first_of_all_assets_are_those_that_were_stored_first(shelves):
    stored = list(Asset.objects.order_by("pk").values_list("pk", flat=True))
    for limit in (1, 7, 1000):
        assert first_matches([matching(NOTHING)], limit) == stored[:limit]


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
