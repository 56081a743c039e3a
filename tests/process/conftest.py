"""Fixtures for tests with real servers, started with the real command, each with a port and a folder of its own."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.process.servers import StartServer, running_servers


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith("tests/process/"):
            item.add_marker(pytest.mark.process)


@pytest.fixture
def sources_file(tmp_path: Path) -> Path:
    """A sources file without any source."""
    file = tmp_path / "sources.yaml"
    file.write_text("apiVersion: catalog/v1alpha1\nkind: CatalogSources\ncatalogs: {}\n")
    return file


@pytest.fixture
def server(tmp_path: Path, sources_file: Path) -> Iterator[StartServer]:
    """Start servers, see ``running_servers``; they are stopped after the test."""
    with running_servers(tmp_path, sources_file) as start:
        yield start


@pytest.fixture
def database_url() -> Iterator[str]:
    """The address of a database of its own on the server that the environment names."""
    address = urlsplit(os.environ["CATALOG_DATABASE_URL"])
    psycopg = pytest.importorskip("psycopg")
    name = f"catalog_process_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(address._replace(path="/postgres").geturl(), autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        yield address._replace(path=f"/{name}").geturl()
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
