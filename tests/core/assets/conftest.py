"""A server with two catalogs, and sources that share names."""

import json

import pytest

AGENTS = [
    {"name": "planner", "agentType": "planner", "author": "Ops", "license": "MIT", "description": "Plans work."},
    {"name": "Router", "agentType": "router", "license": "Apache-2.0"},
    {"name": "group/sub:agent @ 1 & 'x' #2", "agentType": "executor"},
]
OTHER_AGENTS = [{"name": "planner", "agentType": "planner", "description": "Another one."}]
SKILLS = [{"name": "search", "description": "Looks things up."}, {"name": "größer 数"}]


def source(key, **more):
    return {"id": key, "name": f"The {key}", "type": "yaml", "properties": {"yamlCatalogPath": f"./{key}.yaml"}, **more}


def configuration(**catalogs):
    return json.dumps({"catalogs": {name: {"sources": sources} for name, sources in catalogs.items()}})


def reads(captured):
    """Return how many of captured queries read; settings and transactions are no work for a database."""
    return sum(query["sql"].startswith(("SELECT", "WITH")) for query in captured)


@pytest.fixture
def catalogs(sandbox):
    """Two agent sources, both with a planner, and one source of skills."""
    sandbox.write("team.yaml", json.dumps({"agents": AGENTS}))
    sandbox.write("public.yaml", json.dumps({"agents": OTHER_AGENTS}))
    sandbox.write("skills.yaml", json.dumps({"skills": SKILLS}))
    sandbox.configure(
        configuration(agents=[source("team", labels=["Main"]), source("public")], skills=[source("skills")])
    )
    sandbox.settle(starting=True)
    return sandbox
