"""Servers whose configuration is kept elsewhere than in their file, and secrets that only a cluster knows."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest

from tests.core.security.web_server import running_web_server
from tests.core.sources.kubernetes_api import running_cluster
from tests.process.servers import RunningServer, StartServer, ask_as_operator, token_of, wait_until

BASE = "/api/agents_catalog/v1alpha1"
CONFIGURATION = "/api/management/v1alpha1/configuration"


def call(server: RunningServer, token: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    return ask_as_operator(server.base_url, token, method, path, body)


def names(server: RunningServer) -> list[str]:
    return [item["name"] for item in server.ask(f"{BASE}/agents")[1]["items"]]


def file_source(folder: Path, key: str, *agents: str) -> dict[str, Any]:
    (folder / f"{key}.json").write_text(json.dumps({"agents": [{"name": name} for name in agents]}))
    return {"id": key, "name": key, "type": "yaml", "properties": {"yamlCatalogPath": f"{key}.json"}}


def test_a_configuration_in_the_database_outlives_the_server(server: StartServer, tmp_path: Path, sources_file: Path):
    before = sources_file.read_bytes()
    first = server(CATALOG_CONFIG_STORE_MODE="database", CATALOG_RECONCILE_SECONDS="1")
    token = token_of(first)
    status, info = call(
        first, token, "POST", f"{BASE}/management/apply-source", file_source(tmp_path, "one", "planner")
    )
    assert (status, info["id"]) == (200, "one")
    wait_until(lambda: names(first) == ["planner"], "the source was read")
    first.stop()
    second = server(data_dir=first.data_dir, CATALOG_CONFIG_STORE_MODE="database", CATALOG_RECONCILE_SECONDS="1")
    assert names(second) == ["planner"]
    assert call(second, token, "DELETE", f"{BASE}/management/sources/one")[0] == 200
    wait_until(lambda: names(second) == [], "its entities are gone, in every process")
    assert sources_file.read_bytes() == before


def test_a_configuration_and_secrets_of_a_cluster_are_followed(server: StartServer, tmp_path: Path):
    pytest.importorskip("kubernetes", reason="the optional client for Kubernetes is not installed")
    with running_cluster(tmp_path, namespace="lab") as cluster, running_web_server() as web:
        text = "# ours\ncatalogs:\n  agents: {sources: []}\n"
        place = cluster.add("ConfigMap", "lab", "catalog-sources", data={"sources.yaml": text})
        cluster.add("Secret", "lab", "hub", data={"token": base64.b64encode(b"let me in").decode()})
        running = server(
            CATALOG_CONFIG_STORE_MODE="k8s",
            CATALOG_CONFIG_NAMESPACE="lab",
            CATALOG_RECONCILE_SECONDS="1",
            CATALOG_ALLOWED_HOSTS_OUTGOING="127.0.0.1",
            KUBECONFIG=str(cluster.kubeconfig),
        )
        token = token_of(running)
        url = web.serve("/agents.json", body=json.dumps({"agents": [{"name": "far"}]}).encode())
        remote = {"id": "far", "name": "Far", "type": "http"}
        remote |= {"properties": {"url": url, "token": {"name": "hub", "key": "token"}}}
        status, info = call(
            running, token, "POST", f"{BASE}/management/apply-source", {**remote, "refreshAfterApply": True}
        )
        assert (status, info["refreshResult"]["entitiesLoaded"]) == (200, 1), info
        assert web.requests[-1][1]["authorization"] == "Bearer let me in"
        kept = cluster.objects[place]["data"]["sources.yaml"]
        assert kept.startswith("# ours\n")
        assert "let me in" not in kept + running.log + json.dumps(info)

        cluster.objects[place]["data"]["sources.yaml"] = "catalogs: {agents: {sources: []}}\n"
        cluster.touch(place)
        wait_until(lambda: names(running) == [], "the change in the cluster was followed")
        authors = [one["actor"] for one in call(running, token, "GET", f"{CONFIGURATION}/revisions")[1]["revisions"]]
        assert authors[:2] == ["file", "token:test"]
        cluster.refusals["PUT"] = (403, {"kind": "Status", "code": 403})
        status, refusal = call(running, token, "POST", f"{BASE}/management/apply-source", remote)
        assert (status, refusal["code"]) == (409, "read_only")
        assert names(running) == []


def test_a_configuration_that_the_server_never_writes_is_followed(server: StartServer, tmp_path: Path):
    entry = file_source(tmp_path, "one", "planner")
    file = tmp_path / "sources.yaml"
    file.write_text(json.dumps({"catalogs": {"agents": {"sources": [entry]}}}))
    running = server(sources=[file], CATALOG_CONFIG_STORE_MODE="none", CATALOG_RECONCILE_SECONDS="1")
    wait_until(lambda: names(running) == ["planner"], "the source was read")
    before = file.read_bytes()
    status, refusal = call(running, token_of(running), "DELETE", f"{BASE}/management/sources/one")
    assert (status, refusal["code"]) == (409, "read_only")
    assert "CATALOG_CONFIG_STORE_MODE" in refusal["message"]
    assert (file.read_bytes(), names(running)) == (before, ["planner"])
    file.write_text(json.dumps({"catalogs": {"agents": {"sources": [{**entry, "enabled": False}]}}}))
    wait_until(lambda: names(running) == [], "the edit was followed")
