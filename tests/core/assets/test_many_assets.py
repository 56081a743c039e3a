"""120,000 assets of four kinds: everything is there once, and the number of queries is bounded."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.assets.conftest import configuration, reads, source

EACH = 30_000
LISTS = {"agents": "agents", "skills": "skills", "mcp": "mcpservers", "prompts": "prompttemplates"}
LICENSES = ("MIT", "Apache-2.0", "CC0-1.0")
READS = (
    "/api/assets?pageSize=50",
    "/api/assets?pageSize=50&filterQuery=license='MIT'",
    "/api/search?pageSize=50",
    "/api/search?q=number&pageSize=50",
    "/api/search?q=number 77&pageSize=50&kind=Skill",
    "/api/agents_catalog/v1alpha1/agents?q=number&pageSize=50",
)


def items(plugin, count):
    return [
        {"name": f"{plugin}-{number:05}", "description": f"Number {number} of many.", "license": LICENSES[number % 3]}
        for number in range(count)
    ]


def fill(sandbox, count):
    for plugin, key in LISTS.items():
        sandbox.write(f"{plugin}.json", json.dumps({key: items(plugin, count)}))
    named = {plugin: [source(plugin) | {"properties": {"yamlCatalogPath": f"./{plugin}.json"}}] for plugin in LISTS}
    sandbox.configure(configuration(**named))
    sandbox.settle(starting=True)


def queries(sandbox):
    counted = []
    for path in READS:
        sandbox.get(path)
        with CaptureQueriesContext(connection) as captured:
            sandbox.get(path)
        counted.append(reads(captured))
    return counted


@pytest.mark.long
def test_120_000_assets_are_listed_searched_and_counted(sandbox):
    fill(sandbox, EACH)
    # Where too many match to look at all, each facet that is filtered by is counted by a query of its own.
    assert max(queries(sandbox)) <= 10
    facets = {
        one["field"]: {value["value"]: value["count"] for value in one["values"]}
        for one in sandbox.get("/api/search")["facets"]
    }
    assert set(facets["kind"].values()) == {EACH}
    assert sum(facets["license"].values()) == 4 * EACH
    seen, token = set(), ""
    while True:
        body = sandbox.get("/api/assets", pageSize=1000, **({"pageToken": token} if token else {}))
        assert body["totalSize"] == 4 * EACH
        names = {item["metadata"]["name"] for item in body["items"]}
        assert len(names) == len(body["items"])
        assert not names & seen
        seen |= names
        token = body.get("nextPageToken", "")
        if not token:
            break
    assert len(seen) == 4 * EACH
    common = sandbox.get("/api/search", q="number")
    assert not common["totalIsExact"]
    assert [item["name"] for item in sandbox.get("/api/search", q="skills-00077")["items"]] == ["skills-00077"]
