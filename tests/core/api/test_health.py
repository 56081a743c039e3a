"""Liveness and readiness, as probes see them."""

import json

import pytest

from catalog_core.api.health import go_duration
from catalog_core.plugins.models import PluginState


@pytest.fixture
def server(sandbox):
    sandbox.serve("agents", {"first": json.dumps({"agents": [{"name": "a"}]})})
    return sandbox


def test_not_ready_before_the_first_load(sandbox):
    body = sandbox.get("/readyz", status=503)
    assert body["status"] == "not_ready"
    assert body["components"]["initial_load"]["status"] == "pending"


def test_a_failed_plugin_degrades_and_does_not_take_the_server_out_of_service(server):
    PluginState.objects.filter(name="agents").update(serving=False, stage="init", error="no")
    body = server.get("/readyz")
    assert body["status"] == "ready"
    assert body["components"]["plugins"]["status"] == "degraded"
    assert "plugins healthy" in body["components"]["plugins"]["details"]


@pytest.mark.parametrize("value", ["1", "true", "yes", "TRUE"])
def test_strict_counts_a_failed_plugin(server, value):
    assert server.get("/readyz", strict=value)["status"] == "ready"
    PluginState.objects.filter(name="agents").update(serving=False, stage="init", error="no")
    assert server.get("/readyz", status=503, strict=value)["status"] == "not_ready"
    assert server.get("/readyz", strict="false")["status"] == "ready"


def test_a_setting_makes_every_probe_strict(server, settings):
    settings.CATALOG = {**settings.CATALOG, "ready_strict": True}
    PluginState.objects.filter(name="agents").update(serving=False, stage="init", error="no")
    server.get("/readyz", status=503)


def test_strict_is_true_or_false_and_nothing_else(server):
    body = server.get("/readyz", status=400, strict="maybe")
    assert body["parameter"] == "strict"
    assert "'maybe'" in body["message"]


def test_a_failing_source_is_not_ill_health(server):
    server.write("first.yaml", "agents: [")
    server.settle()
    assert server.get("/readyz")["status"] == "ready"


def test_a_bad_configuration_is_shown_and_the_server_stays_ready(server):
    server.configure("catalogs: [")
    server.reconcile()
    body = server.get("/readyz")
    assert body["status"] == "ready"
    assert body["components"]["configuration"]["status"] == "error"


def test_ready_says_how_each_part_is(server):
    components = server.get("/readyz")["components"]
    assert components["database"] == {"status": "up"}
    assert components["initial_load"] == {"status": "complete"}
    assert components["leader_election"] == {"status": "not_configured"}
    assert components["plugins"]["status"] == "healthy"
    assert components["plugins"]["details"].startswith("all ")


@pytest.mark.parametrize("path", ["/healthz", "/livez"])
def test_liveness_asks_nothing_of_anybody(client, path):  # without the mark of a database, a query would fail
    response = client.get(path)
    assert response.status_code == 200
    assert response.json()["status"] == "alive"
    assert response["Cache-Control"] == "no-store"


def test_probes_are_answered_on_a_closed_server(server, settings):
    settings.CATALOG = {**settings.CATALOG, "reading_requires_login": True}
    for path in ("/healthz", "/livez", "/readyz"):
        assert server.client.get(path).status_code == 200


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0s"), (0.4, "0s"), (59.6, "1m0s"), (155, "2m35s"), (3605, "1h0m5s"), (90000, "25h0m0s")]
)
def test_durations_are_written_as_clients_know_them(seconds, text):
    assert go_duration(seconds) == text
