"""Fixtures that all tests share."""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings as hypothesis_settings

# The same examples on every run, however slow the machine; HYPOTHESIS_PROFILE=default looks for new ones.
hypothesis_settings.register_profile("repeatable", deadline=None, derandomize=True)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "repeatable"))

PROJECT = Path(__file__).parents[1]
SHARED_DATA = PROJECT.parent / "shared" / "data"
SLOW_FOLDERS = ("tests/process/", "tests/third_party/", "tests/tools/")
"""Tests that start processes: first, so that no test process ends long after the others with one of them."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--only-database",
        action="store_true",
        help="run the tests that use the database: what is worth running again on another one",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: not item.nodeid.startswith(SLOW_FOLDERS))
    if not config.getoption("--only-database"):
        return
    using = [item for item in items if _uses_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _uses_database(item)])
    items[:] = using


def _uses_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return bool(fixtures & {"db", "transactional_db"}) or item.get_closest_marker("django_db") is not None


@pytest.fixture
def shared_data() -> Path:
    """The folder of real catalogs beside the project; tests that need it skip where it is missing."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the real catalogs in ../shared/data are not on this machine")
    return SHARED_DATA


@pytest.fixture(autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> Iterator[None]:
    """Give each test a data folder of its own, and a broker that keeps messages to itself."""
    from celery import current_app

    folder = tmp_path_factory.mktemp("data")
    settings.CATALOG = {**settings.CATALOG, "data_dir": folder, "sources_files": (folder / "sources.yaml",)}
    settings.WHITENOISE_AUTOREFRESH = True  # else each test's client lists all static files before its first request
    kept = current_app.conf.broker_url, current_app.conf.broker_transport
    current_app.conf.broker_url, current_app.conf.broker_transport = "memory://", "memory"
    yield
    current_app.conf.broker_url, current_app.conf.broker_transport = kept


def _check_routes(plugin: Any) -> None:
    """Check the routes of a plugin: those of a bundled one once in each process, as they are the same in every test."""
    from catalog_core.api.openapi import check_routes

    bundled = type(plugin).__module__.startswith("catalog_plugins.")
    (_check_routes_once if bundled else check_routes)(plugin)


@cache
def _check_routes_once(plugin: Any) -> None:
    from catalog_core.api.openapi import check_routes

    check_routes(plugin)


class Sandbox:
    """A server within the test: a configuration on disk, a reconciler to run by hand, and a client."""

    def __init__(self, folder: Path, client: Any) -> None:
        self.folder = folder
        self.client = client
        self.registry: Any = None

    @property
    def sources_file(self) -> Path:
        return self.folder / "sources.yaml"

    def write(self, name: str, content: str | bytes) -> Path:
        """Write a file beside the configuration."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def configure(self, text: str) -> None:
        """Write ``sources.yaml``."""
        self.write("sources.yaml", text)

    def serve(self, plugin_key: str, files: dict[str, str], **more: Any) -> None:
        """Configure one yaml source for each of ``files`` (source id -> content) and bring everything up to date."""
        sources = []
        for source, content in files.items():
            self.write(f"{source}.yaml", content)
            properties = {"yamlCatalogPath": f"./{source}.yaml"}
            sources.append({"id": source, "name": source, "type": "yaml", "properties": properties, **more})
        self.configure(json.dumps({"catalogs": {plugin_key: {"sources": sources}}}))
        self.settle()

    def reconcile(self, *, starting: bool = False) -> Any:
        """Reconcile once."""
        from catalog_core.plugins.registry import registry
        from catalog_core.reconcile.run import reconcile

        return reconcile(self.registry or registry, starting=starting, check=_check_routes)

    def settle(self, *, starting: bool = False) -> Any:
        """Reconcile, and carry out all refreshes that wait."""
        report = self.reconcile(starting=starting)
        self.work()
        return report

    def work(self) -> None:
        """Carry out all refreshes that wait, as a worker would."""
        from catalog_core.jobs.models import RefreshJob
        from catalog_core.jobs.runner import run_job
        from catalog_core.plugins.registry import registry

        for job in RefreshJob.objects.filter(state="queued"):
            run_job(str(job.pk), self.registry or registry)

    def get(self, path: str, status: int = 200, **parameters: Any) -> Any:
        """Return the JSON that a path answers."""
        response = self.client.get(path, parameters)
        assert response.status_code == status, response.content.decode()[:2000]
        return json.loads(response.content)

    def names(self, path: str, **parameters: Any) -> list[str]:
        """Return the names on a page of a list."""
        return [item["name"] for item in self.get(path, **parameters)["items"]]

    def source(self, key: str) -> Any:
        """Return the row of a source."""
        from catalog_core.sources.models import Source

        return Source.objects.get(key=key)

    def problems(self, key: str) -> list[dict[str, Any]]:
        """Return what is wrong with single items of a source."""
        return [row.problem for row in self.source(key).set_aside.all()]


@pytest.fixture
def sandbox(tmp_path: Path, settings: Any, client: Any, db: None) -> Sandbox:
    """A server within the test."""
    settings.CATALOG = {**settings.CATALOG, "sources_files": (tmp_path / "sources.yaml",)}
    return Sandbox(tmp_path, client)


@pytest.fixture
def shared_database(transactional_db: None, tmp_path: Path) -> Iterator[None]:
    """A database that threads reach with connections of their own: a file, where tests use SQLite in memory."""
    from django.core.management import call_command
    from django.db import connections

    in_memory = connections["default"]
    if in_memory.vendor != "sqlite" or not in_memory.is_in_memory_db():
        yield
        return
    # The connection in memory keeps its own settings: by them it knows that closing it would lose its database, and
    # a thread of the live server may try that at any time.
    kept = connections.databases["default"]
    del connections["default"]
    connections.databases["default"] = {**kept, "NAME": str(tmp_path / "shared.sqlite3")}
    call_command("migrate", verbosity=0, interactive=False)
    yield
    connections["default"].close()
    connections.databases["default"] = kept
    connections["default"] = in_memory


@pytest.fixture
def kept_connection(db: None) -> Iterator[None]:
    """Let the WSGI application be called within a test: requests then leave the connection of the test open."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
