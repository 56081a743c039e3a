"""One server with every plugin that breaks: each hurts itself, says so where people look, and hurts nobody else."""

import os
import sqlite3
import subprocess
import sys

import pytest

from catalog_core.plugins.discovery import BUNDLED_PACKAGE
from tests.process.servers import PROJECT, clean_environment, running_servers, wait_until

FOLDER = PROJECT / "tests" / "broken_plugins"
BROKEN = sorted(path.parent.name for path in FOLDER.glob("*/apps.py"))
BUNDLED = sorted(path.parent.name for path in (PROJECT / BUNDLED_PACKAGE).glob("*/apps.py"))
ENVIRONMENT = {
    "PYTHONPATH": os.pathsep.join([str(PROJECT), str(FOLDER)]),
    "CATALOG_PLUGIN_APPS": ",".join(BROKEN),
    "CATALOG_PLUGIN_INIT_SECONDS": "1",
    "CATALOG_RECONCILE_SECONDS": "1",
}
STAGES = {
    "breaks_at_import": ("import", "a_package_that_nobody_has_installed"),
    "breaks_in_models": ("models", "the models of this plugin cannot be made"),
    "breaks_in_ready": ("ready", "this plugin is never ready"),
    "breaks_its_admin": ("admin", "there are no pages for this plugin"),
    "breaks_the_contract": ("definition", "Breaks The Contract"),
    "takes_a_name": ("definition", "catalog_plugins.skills"),
    "wants_another_server": ("definition", "99"),
    "breaks_its_routes": ("routes", "no routes today"),
    "breaks_its_schema": ("routes", "these fields are a mystery"),
    "breaks_its_migration": ("migrate", "breaks_its_migration.0001_initial"),
    "breaks_loading_migrations": ("migrate", "this migration cannot be imported"),
    "breaks_in_init": ("init", "the file that this plugin needs is missing"),
    "hangs_in_init": ("init", "init"),
}
"""Where each of them fails, and what people are told."""
HEALTHY = {*BUNDLED, "declares_little"}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("isolation")
    sources = folder / "sources.yaml"
    sources.write_text("catalogs: {agents: {sources: [{id: a, name: A, type: yaml, properties: {path: a.yaml}}]}}\n")
    (folder / "a.yaml").write_text("agents: [{name: planner}]\n")
    with running_servers(folder, sources) as start:
        running = start(**ENVIRONMENT)
        wait_until(lambda: running.ask("/readyz")[0] == 200, "the server can do its work")
        wait_until(
            lambda: plugins(running)["hangs_in_init"]["status"]["stage"] == "init", "the last plugin was given up"
        )
        yield running


def plugins(server):
    status, body = server.ask("/api/plugins")
    assert status == 200
    return {plugin["name"]: plugin for plugin in body["plugins"]}


def test_every_plugin_that_breaks_is_expected_to(server):
    assert set(BROKEN) == {*STAGES, "breaks_when_asked", "declares_little"}
    assert set(plugins(server)) == {*BROKEN, *BUNDLED}


@pytest.mark.parametrize("name", STAGES)
def test_a_broken_plugin_is_listed_with_stage_and_reason(server, name):
    stage, reason = STAGES[name]
    plugin = plugins(server)[name]
    assert plugin["healthy"] is False
    assert plugin["status"]["serving"] is False
    assert plugin["status"]["stage"] == stage
    assert reason in plugin["status"]["lastError"]


@pytest.mark.parametrize("name", STAGES)
def test_the_routes_of_a_broken_plugin_say_why_they_do_not_serve(server, name):
    status, body = server.ask(f"/api/{name}_catalog/v1alpha1/things")
    assert (status, body["code"]) == (503, "plugin_unavailable")
    assert name in body["message"]
    assert STAGES[name][0] in body["message"]
    assert body["requestId"]


@pytest.mark.parametrize("name", BUNDLED)
def test_the_other_catalogs_serve(server, name):
    plugin = plugins(server)[name]
    assert plugin["healthy"] is True
    status, capabilities = server.ask(f"/api/plugins/{name}/capabilities")
    assert status == 200
    status, body = server.ask(capabilities["entities"][0]["endpoints"]["list"])
    assert (status, isinstance(body["items"], list)) == (200, True)
    assert server.ask(f"{plugin['basePath']}/openapi")[0] == 200


def test_the_sources_of_other_catalogs_are_read(server):
    assert server.ask("/api/agents_catalog/v1alpha1/agents")[1]["totalSize"] == 1


def test_the_server_is_ready_and_says_that_it_is_degraded(server):
    status, body = server.ask("/readyz")
    assert (status, body["status"], body["components"]["plugins"]["status"]) == (200, "ready", "degraded")
    total = len(BROKEN) + len(BUNDLED)
    assert body["components"]["plugins"]["details"] == f"{len(HEALTHY)} of {total} plugins healthy"
    assert server.ask("/readyz?strict=1")[0] == 503
    assert server.ask("/livez")[0] == 200


def test_a_handler_that_raises_is_one_answer(server):
    base = "/api/breaks_when_asked_catalog/v1alpha1"
    status, body = server.ask(f"{base}/secrets")
    assert (status, body["code"]) == (500, "internal")
    assert body["requestId"]
    assert "hunter2" not in str(body)
    assert server.ask(f"{base}/things") == (200, {"items": []})


def test_a_plugin_that_cannot_answer_about_itself_is_unhealthy(server):
    plugin = plugins(server)["breaks_when_asked"]
    assert plugin["healthy"] is False
    assert "raised RuntimeError" in plugin["status"]["lastError"]
    assert plugins(server)["declares_little"]["healthy"] is True


def test_the_api_is_described_without_the_broken_ones(server):
    status, body = server.ask("/api/schema")
    assert status == 200
    paths = set(body["paths"])
    assert "/api/agents_catalog/v1alpha1/agents" in paths
    assert "/api/breaks_when_asked_catalog/v1alpha1/things" in paths
    assert not [path for path in paths if "breaks_its_routes" in path or "breaks_in_models" in path]


def test_every_failure_is_logged_once(server):
    log = server.log
    for name in ("breaks_in_init", "breaks_its_migration"):
        assert log.count(f"plugin {name}: failed at {STAGES[name][0]}") == 1
    assert "hunter2" not in str(plugins(server))


def test_a_plugin_serves_as_soon_as_what_it_needs_is_there(server):
    mended = server.data_dir / "plugins" / "breaks_in_init" / "mended"
    mended.parent.mkdir(parents=True, exist_ok=True)
    mended.touch()
    path = "/api/breaks_in_init_catalog/v1alpha1/things"
    wait_until(lambda: server.ask(path)[0] == 200, "the plugin serves without a restart", seconds=180)
    plugin = plugins(server)["breaks_in_init"]
    assert (plugin["healthy"], plugin["status"]["initialized"]) == (True, True)
    assert "lastError" not in plugin["status"]
    mended.unlink()


def manage(folder, *arguments, **environment):
    return subprocess.run(
        [sys.executable, str(PROJECT / "manage.py"), *arguments],
        cwd=folder,
        env=clean_environment(**ENVIRONMENT, CATALOG_DATA_DIR=str(folder / "data"), **environment),
        capture_output=True,
        text=True,
        timeout=180,
    )


def test_migrating_goes_on_with_the_others_and_ends_with_an_error(tmp_path):
    done = manage(tmp_path, "migrate")
    assert done.returncode != 0
    for name in ("breaks_its_migration", "breaks_loading_migrations"):
        assert name in done.stderr
    with sqlite3.connect(tmp_path / "data" / "catalog.sqlite3") as database:
        applied = {app for (app,) in database.execute("SELECT app FROM django_migrations")}
    assert {*BUNDLED, "catalog_core", "auth", "sessions"} <= applied
    assert applied.isdisjoint(STAGES)


def test_checking_strictly_fails_and_names_them(tmp_path):
    lenient = manage(tmp_path, "check")
    assert lenient.returncode == 0, lenient.stderr
    strict = manage(tmp_path, "check", CATALOG_STRICT_PLUGINS="1")
    assert strict.returncode != 0
    for name, (stage, _) in STAGES.items():
        if stage in ("import", "models", "ready", "definition", "routes") and name != "breaks_its_schema":
            assert name in strict.stderr
