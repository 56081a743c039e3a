"""Fixtures of the contract tests: the bundled catalogs with their sample data."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import Client, override_settings

from tests.conftest import Sandbox

SOURCES = Path(__file__).parents[2] / "sources.yaml"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out what takes seconds to collect in every test process, only to be deselected."""
    is_slow = collection_path.name == "test_openapi_fuzz_long.py"
    return True if is_slow and "not long" in config.getoption("markexpr") else None


@pytest.fixture(scope="module")
def bundled_catalogs(django_db_setup, django_db_blocker, tmp_path_factory):
    """All bundled catalogs, loaded once for a module, in a transaction around those of its tests."""
    folder = tmp_path_factory.mktemp("bundled")
    catalog = {**django_settings.CATALOG, "sources_files": (SOURCES,), "data_dir": folder}
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(CATALOG=catalog):
        Sandbox(folder, Client()).settle(starting=True)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def bundled(bundled_catalogs, sandbox, settings):
    """A server with all bundled catalogs; what a test changes is undone after it."""
    settings.CATALOG = {**settings.CATALOG, "sources_files": (SOURCES,)}
    return sandbox
