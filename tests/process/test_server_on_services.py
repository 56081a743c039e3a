"""A whole server on PostgreSQL and Redis, where the environment of the tests names them."""

import os
import signal

import pytest

from tests.process.servers import StartServer, wait_until

DATABASE_URL = os.environ.get("CATALOG_DATABASE_URL", "")
BROKER_URL = os.environ.get("CATALOG_BROKER_URL", "")

pytestmark = pytest.mark.skipif(
    not (DATABASE_URL.startswith("postgres") and BROKER_URL.startswith("redis")),
    reason="CATALOG_DATABASE_URL and CATALOG_BROKER_URL do not name PostgreSQL and Redis",
)


def test_server_starts_reconciles_survives_a_killed_worker_and_stops(server: StartServer, database_url):
    services = {"CATALOG_DATABASE_URL": database_url, "CATALOG_BROKER_URL": BROKER_URL}
    running = server(**services)
    assert not (running.data_dir / "catalog.sqlite3").exists()
    assert not (running.data_dir / "broker").exists()
    (worker,) = running.pids("worker")
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: running.pids("worker") not in ([], [worker]), "another worker runs")
    assert running.stop() == 0
    assert running.survivors() == []
    assert "Traceback" not in running.output
