import json

import pytest

BASE = "/api/agents_catalog/v1alpha1/agents"


def entry(key, **more):
    """Return the entry of a yaml source whose file is named after it."""
    return {"id": key, "name": key, "type": "yaml", "properties": {"yamlCatalogPath": f"./{key}.yaml"}, **more}


def agents_of(*entries):
    """Return a configuration of the agents catalog."""
    return json.dumps({"catalogs": {"agents": {"sources": list(entries)}}}, indent=1)


@pytest.fixture
def served(sandbox):
    """A sandbox with two sources of two agents each."""
    for key in ("one", "two"):
        sandbox.write(f"{key}.yaml", json.dumps({"agents": [{"name": f"{key}-a"}, {"name": f"{key}-b"}]}))
    sandbox.configure(agents_of(entry("one"), entry("two")))
    sandbox.settle()
    assert sandbox.names(BASE) == ["one-a", "one-b", "two-a", "two-b"]
    return sandbox


@pytest.fixture
def quiet(served):
    """The same, long after: the files are so old that a glance at them is enough."""
    from catalog_core.sources.models import Source

    for source in Source.objects.all():
        source.cursor["readNs"] += 10_000_000_000
        source.save()
    return served
