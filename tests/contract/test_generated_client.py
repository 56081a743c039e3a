"""A client that openapi-python-client makes of the document, used as its users would, against a real server."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from catalog_core.api.openapi import server_document
from tests.contract.conftest import SOURCES

pytestmark = pytest.mark.process
PACKAGE = "generated_catalog_client"
NAMES = ["group/sub:agent @ 1 & 'x' #2", "größer 数", "planner", "evaluator", "Router"]


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    """The generated package, imported."""
    folder = tmp_path_factory.mktemp("client")
    schema = folder / "openapi.json"
    schema.write_text(json.dumps(server_document()))
    config = folder / "config.yaml"
    config.write_text(yaml.safe_dump({"package_name_override": PACKAGE, "post_hooks": []}))
    command = [str(Path(sys.executable).with_name("openapi-python-client")), "generate", "--fail-on-warning"]
    command += [
        "--path",
        str(schema),
        "--config",
        str(config),
        "--meta",
        "none",
        "--output-path",
        str(folder / PACKAGE),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    sys.path.insert(0, str(folder))
    yield importlib.import_module(PACKAGE)
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture
def call(package, live_server):
    """Call an operation of the generated client by module and arguments; only what is parsed comes back."""
    client = package.Client(base_url=live_server.url, raise_on_unexpected_status=True)

    def call(operation, *args, **kwargs):
        module = importlib.import_module(f"{PACKAGE}.api.{operation}")
        return module.sync(*args, client=client, **kwargs)

    return call


@pytest.fixture
def agents(sandbox):
    items = [{"name": name, "agentType": "planner" if name == "planner" else "router"} for name in NAMES]
    sandbox.serve("agents", {"first": json.dumps({"agents": items})})


@pytest.fixture
def served(sandbox, settings):
    settings.CATALOG = {**settings.CATALOG, "sources_files": (SOURCES,)}
    sandbox.settle(starting=True)


def all_pages(call, operation, **parameters):
    names, token = [], ""
    while True:
        page = call(operation, page_token=token, **parameters)
        names += [item.name for item in page.items]
        token = page.to_dict().get("nextPageToken", "")
        if not token:
            return names


def test_it_pages_to_the_end_and_finds_each_name(agents, call):
    names = all_pages(call, "agents.list_agents", page_size=2)
    assert sorted(names) == sorted(NAMES)
    for name in names:
        agent = call("agents.get_agent", name)
        assert (agent.name, agent.source_id) == (name, "first")


def test_it_filters_and_orders(agents, call):
    page = call("agents.list_agents", filter_query="agentType = 'planner'")
    assert [item.name for item in page.items] == ["planner"]
    assert page.total_size == 1
    order = importlib.import_module(f"{PACKAGE}.models").SortOrder
    names = all_pages(call, "agents.list_agents", order_by="name", sort_order=order.DESC, page_size=3)
    assert names == all_pages(call, "agents.list_agents")[::-1]


def test_it_chooses_sources_by_a_list(sandbox, call):
    files = {key: json.dumps({"agents": [{"name": f"of {key}"}]}) for key in ("a", "b", "c")}
    sandbox.serve("agents", files)
    assert [item.name for item in call("agents.list_agents", source=["a", "c"]).items] == ["of a", "of c"]


def test_it_is_told_what_was_wrong(agents, call):
    error = call("agents.list_agents", filter_query="nosuch = 1")
    assert (error.code, error.parameter, error.position) == ("invalid_query", "filterQuery", 0)
    assert "nobody" in call("agents.get_agent", "nobody").message


def test_it_reads_the_mcp_catalog(served, call):
    names = all_pages(call, "mcp.list_mcpservers", page_size=3)
    assert len(names) == len(set(names)) > 3
    server = call("mcp.get_mcp_server", names[0])
    assert server.name == names[0]
    assert server.create_time_since_epoch.isdigit()
    local = call("mcp.list_mcpservers", filter_query="deploymentMode = 'local' AND toolCount > 0")
    assert local.items
    assert all(item.deployment_mode == "local" and item.tool_count > 0 for item in local.items)


def test_it_reads_the_model_catalog_with_slashes_in_names(served, call):
    page = call("model.list_models", page_size=1000)
    with_slash = [model for model in page.items if "/" in model.name]
    assert with_slash
    for model in with_slash:
        found = call("model.get_catalog_model", model.source_id, model.name)
        assert found == model
    typed = [value for model in page.items for value in (model.to_dict().get("customProperties") or {}).values()]
    assert {value["metadataType"] for value in typed} >= {"MetadataStringValue"}
    assert len(all_pages(call, "model.list_models", page_size=2)) == page.total_size


def test_it_discovers_the_catalogs(served, call):
    found = call("discovery.list_plugins")
    assert found.count == len(found.plugins) >= 8
    for plugin in found.plugins:
        assert plugin.healthy
        assert plugin.capabilities_v2.entities[0].fields.columns
    assert call("health.get_readiness").status.value == "ready"
