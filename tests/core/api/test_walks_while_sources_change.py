"""Whoever walks through a list while sources come and go gets to its end."""

import json

import pytest

AGENTS = "/api/agents_catalog/v1alpha1/agents"


def source(key, **more):
    return {
        "id": key,
        "name": key,
        "type": "yaml",
        "labels": ["Lab"],
        "properties": {"yamlCatalogPath": f"{key}.yaml"},
    } | more


@pytest.fixture
def configure(sandbox):
    def configure(*sources):
        sandbox.configure(json.dumps({"catalogs": {"agents": {"sources": [*sources]}}}))
        sandbox.settle()

    for key in ("one", "two"):
        sandbox.write(f"{key}.yaml", json.dumps({"agents": [{"name": f"{key} {number}"} for number in range(6)]}))
    return configure


@pytest.mark.parametrize("path", [AGENTS, "/api/assets"])
@pytest.mark.parametrize("chosen", [{}, {"source": "one,two"}, {"sourceLabel": "lab"}])
def test_a_source_that_comes_or_goes_between_two_pages_ends_no_walk(sandbox, configure, path, chosen):
    configure(source("one"), source("two", enabled=False))
    first = sandbox.get(path, pageSize=4, **chosen)
    configure(source("one"), source("two"))
    second = sandbox.get(path, pageSize=4, pageToken=first["nextPageToken"], **chosen)
    assert second["totalSize"] == 12
    configure(source("two"))
    third = sandbox.get(path, pageSize=100, pageToken=second["nextPageToken"], **chosen)
    names = [item.get("name") or item["metadata"]["name"] for page in (first, second, third) for item in page["items"]]
    assert names == sorted(names)
    assert len(set(names)) == len(names) == 12


@pytest.mark.parametrize("path", [AGENTS, "/api/assets"])
def test_a_token_holds_for_the_sources_that_were_asked_for(sandbox, configure, path):
    configure(source("one"), source("two"))
    first = sandbox.get(path, pageSize=4)
    sandbox.get(path, 400, pageSize=4, source="one", pageToken=first["nextPageToken"])
