"""The server of this project keeps the contract: all eight bundled plugins pass every check, over a socket."""

import json
import os
import signal
import subprocess
import sys

import pytest
import yaml
from celery import current_app
from django.core.servers.basehttp import WSGIRequestHandler

from catalog_core.jobs.runner import run_job
from catalog_core.plugins.contract import source_key
from catalog_core.plugins.registry import registry
from catalog_core.security.identity.caller import Role
from catalog_core.security.identity.tokens import issue_token
from catalog_core.testing.sample import catalog_plugin, sample_files
from tests.process.conftest import server, sources_file  # noqa: F401 - fixtures
from tests.process.servers import PROJECT, clean_environment, wait_until
from tests.tools.conformance.conftest import against, outcomes

EXAMPLE = PROJECT / "tests" / "core" / "plugins" / "declared" / "example"
PLUGINS = ("agents", "guardrails", "knowledge", "mcp", "model", "policies", "prompts", "skills")


def sample_configuration(folder, name):
    """Write the sample data of a plugin, and a configuration that names it; return the text of the configuration."""
    plugin = catalog_plugin(name)
    sources = []
    for file in sample_files(plugin):
        (folder / file.name).write_bytes(file.read_bytes())
        properties = {"yamlCatalogPath": file.name}
        sources.append({"id": file.stem, "name": file.stem, "type": "yaml", "properties": properties})
    document = {"apiVersion": "catalog/v1alpha1", "catalogs": {source_key(plugin): {"sources": sources}}}
    text = f"# stays as it is\n{yaml.safe_dump(document)}".encode()
    (folder / "sources.yaml").write_bytes(text)
    return text


@pytest.fixture
def running(transactional_db, live_server, sandbox, monkeypatch):
    """Serve a plugin, with a worker that carries out every job as soon as it is announced: ``running("mcp")``."""

    def work(task, args, **options):
        run_job(args[0], registry)

    def serve(name):
        sample_configuration(sandbox.folder, name)
        sandbox.settle(starting=True)
        return live_server

    monkeypatch.setattr(current_app, "send_task", work)
    # Django's test server sends each answer in two pieces; without this, the second waits for the first to be
    # acknowledged, 40 ms each time.
    monkeypatch.setattr(WSGIRequestHandler, "disable_nagle_algorithm", True)
    return serve


def tokens():
    return tuple(issue_token(name=role.value, role=role, expires_at=None, created_by="test").text for role in Role)[
        ::-1
    ]


@pytest.mark.parametrize("name", PLUGINS)
def test_every_bundled_plugin_keeps_the_contract(running, sandbox, name):
    started = running(name)
    before = sandbox.sources_file.read_bytes()
    report = against(started, timeout_seconds=60, tokens=tokens(), plugin=name, kinds=[catalog_plugin(name).kind])
    assert outcomes(report, "failed") == {}
    assert outcomes(report, "skipped") == {}
    assert {one.plugin for one in report.categories} == {"", name}
    assert sandbox.sources_file.read_bytes() == before


def test_a_kind_without_code_keeps_the_contract(running, sandbox, settings):
    settings.CATALOG = {**settings.CATALOG, "plugin_folders": (EXAMPLE / "recipes",)}
    sandbox.write("recipes.yaml", (EXAMPLE / "data" / "recipes.yaml").read_bytes())
    started = running("mcp")
    source = {"id": "book", "name": "Book", "type": "yaml", "properties": {"yamlCatalogPath": "recipes.yaml"}}
    sandbox.configure(json.dumps({"catalogs": {"recipes": {"sources": [source]}}}))
    sandbox.settle()
    try:
        report = against(started, timeout_seconds=60, tokens=tokens(), plugin="recipes", kinds=["Recipe"])
    finally:
        registry.exchange((), ())
    assert outcomes(report, "failed") == {}
    assert outcomes(report, "skipped") == {}


def test_without_a_token_all_catalogs_are_looked_at_and_nothing_is_changed(running):
    report = against(running("mcp"), "AEF", timeout_seconds=60, tokens=("", ""))
    assert outcomes(report, "failed") == {}
    assert [one for one in dict.fromkeys(one.plugin for one in report.categories) if one] == list(PLUGINS)


@pytest.mark.process
def test_an_interrupted_run_leaves_the_server_as_it_was(server, tmp_path):  # noqa: F811
    before = sample_configuration(tmp_path, "mcp")
    started = server(sources=[tmp_path / "sources.yaml"])
    environment = clean_environment(
        CATALOG_DATA_DIR=str(started.data_dir), DJANGO_SETTINGS_MODULE="catalog_project.settings"
    )
    token = subprocess.run(
        [sys.executable, "-m", "django", "token", "create", "suite", "--role", "operator"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    options = ["--server", started.base_url, "--plugin", "mcp", "--category", "C"]
    command = [sys.executable, "-m", "catalog_core.tools.conformance", *options]
    run = subprocess.Popen(command, env={**environment, "CATALOG_TOKEN": token}, stdout=subprocess.DEVNULL)
    wait_until(lambda: (tmp_path / "sources.yaml").read_bytes() != before, "the suite has made a source of its own")
    os.kill(run.pid, signal.SIGTERM)
    assert run.wait(timeout=60) == 1
    assert (tmp_path / "sources.yaml").read_bytes() == before
