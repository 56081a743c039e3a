"""A server with assets of four kinds whose names are written in all the ways that people write names."""

import json

import pytest

from catalog_core.entities.envelope import Overlay
from catalog_core.entities.models import entity_id
from tests.core.assets.conftest import configuration, source

SERVERS = [
    {
        "name": "io.github.acme/kubernetes-mcp",
        "description": "Manages pods & <b>clusters</b> of a Kubernetes installation.",
        "deploymentMode": "local",
        "license": "MIT",
        "provider": "Acme",
    },
    {"name": "io.github.acme/fileServer", "description": "Reads files.", "deploymentMode": "remote", "license": "MIT"},
    {"name": "server", "description": "A plain one.", "deploymentMode": "remote", "license": "Apache-2.0"},
]
MODELS = [
    {"name": "meta/Llama-3.1-8B-Instruct", "description": "An open large language model.", "license": "llama3.1"},
    {"name": "openai/gpt-4", "description": "A closed model with a language of its own, large."},
    {"name": "gpt4all", "description": "Runs on a laptop."},
    {"name": "CodeLlama 34B", "description": "Writes programs."},
]
AGENTS = [
    {"name": "planner", "description": "Plans work for a server.", "license": "MIT"},
    {"name": "Größe", "description": "Misst Café-Größen."},
    {"name": "日本語エージェント", "description": "翻訳 を する"},
]
SKILLS = [{"name": "search", "description": "Looks things up, as a llama would not."}]
FILES = {
    "servers": json.dumps({"mcpservers": SERVERS}),
    "models": json.dumps({"models": MODELS}),
    "agents": json.dumps({"agents": AGENTS}),
    "skills": json.dumps({"skills": SKILLS}),
}
CATALOGS = {
    "mcp": [source("servers")],
    "models": [source("models", labels=["Main"])],
    "agents": [source("agents")],
    "skills": [source("skills")],
}


@pytest.fixture
def library(sandbox):
    """Assets of four kinds; to one of them, somebody has added tags."""
    for name, content in FILES.items():
        sandbox.write(f"{name}.yaml", content)
    uid = entity_id("default", "agents", "Agent", "agents", "planner")
    belongs = {"plugin": "agents", "kind": "Agent", "source_key": "agents", "name": "planner"}
    Overlay.objects.create(uid=uid, tags=["kubernetes", "ops"], changed_by="oona", **belongs)
    sandbox.configure(configuration(**CATALOGS))
    sandbox.settle(starting=True)
    return sandbox
