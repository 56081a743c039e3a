"""A worker that is killed in the middle of a refresh: another one finishes it, and nothing is there twice or half."""

import json
import os
import signal
import sqlite3
import threading

from tests.core.security.web_server import running_web_server
from tests.process.servers import StartServer, wait_until

BASE = "/api/agents_catalog/v1alpha1/agents"
AGENTS = [{"name": f"agent-{number}", "version": "1"} for number in range(500)]


def jobs(server):
    with sqlite3.connect(f"file:{server.data_dir / 'catalog.sqlite3'}?mode=ro", uri=True) as database:
        return database.execute(
            "SELECT state, attempt_count, entities_loaded FROM catalog_core_refreshjob ORDER BY requested_at"
        ).fetchall()


def test_a_refresh_whose_worker_is_killed_is_finished_by_the_next(server: StartServer, tmp_path):
    asked, killed = threading.Event(), threading.Event()

    def stall_until_killed(exchange):
        asked.set()
        killed.wait(60)
        exchange.answer(200, json.dumps({"agents": AGENTS}).encode(), Content_Type="application/json")

    with running_web_server() as web:
        entry = {"id": "slow", "name": "Slow", "type": "http", "properties": {"url": web.url("/agents.json")}}
        sources = tmp_path / "slow.yaml"
        sources.write_text(json.dumps({"catalogs": {"agents": {"sources": [entry]}}}))
        web.route("/agents.json", stall_until_killed)
        running = server(
            sources=[sources],
            CATALOG_ALLOWED_HOSTS_OUTGOING="127.0.0.1",
            CATALOG_HTTP_TIMEOUT_SECONDS="60",
            CATALOG_RECONCILE_SECONDS="1",
            CATALOG_LEASE_SECONDS="2",
        )
        assert asked.wait(60)
        assert [state for state, _, _ in jobs(running)][:1] == ["running"]
        (worker,) = running.pids("worker")
        os.kill(worker, signal.SIGKILL)
        killed.set()
        wait_until(lambda: running.ask("/readyz")[0] == 200, "the source was read", seconds=120)
        wait_until(lambda: all(state == "succeeded" for state, _, _ in jobs(running)), "all jobs are over")
    first, *later = jobs(running)
    assert first == ("succeeded", 2, len(AGENTS))
    assert all(loaded == len(AGENTS) for _, _, loaded in later)
    body = running.ask(f"{BASE}?pageSize=1000")[1]
    assert (body["totalSize"], len({item["id"] for item in body["items"]})) == (len(AGENTS), len(AGENTS))
