"""Several processes answer while the catalog changes: nobody is told what has not been true for more than a second."""

import itertools
import json
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.process.servers import RunningServer, StartServer, token_of, wait_until

BASE = "/api/agents_catalog/v1alpha1"
READ = {
    "kept answers": f"{BASE}/agents?pageSize=2",
    "a held list": f"{BASE}/agents?pageSize={{}}",
    "a held list with a filter": f"{BASE}/agents?filterQuery=name%20=%20'agent'&pageSize={{}}",
}
"""What is read again and again; numbers make the addresses differ, so that no kept answer fits."""
EDITIONS = 6


@dataclass
class History:
    """What readers were told, and when.

    Attributes:
        fresh: when an answer from the database was there, and the edition that it showed.
        kept: when an answer was asked for that may come from memory, and the edition that it showed.
    """

    fresh: list[tuple[float, int]] = field(default_factory=list)
    kept: list[tuple[float, int]] = field(default_factory=list)

    def stale(self, seconds: float) -> list[tuple[float, int]]:
        """Return the answers that were older than what the database had said so long before they were asked for."""
        return [
            (asked_at, edition)
            for asked_at, edition in self.kept
            if edition < max((seen for seen_at, seen in self.fresh if seen_at <= asked_at - seconds), default=0)
        ]


def publish(file: Path, edition: int) -> None:
    items = [{"name": "agent", "version": str(edition), "description": "x" * 300}]
    fresh = file.with_name(f".{file.name}")
    fresh.write_text(json.dumps({"agents": items}))
    fresh.replace(file)


def edition_of(server: RunningServer, path: str, **headers: str) -> int:
    request = urllib.request.Request(server.base_url + path, headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return int(json.load(answer)["items"][0]["version"])


@pytest.fixture
def running(server: StartServer, tmp_path: Path) -> RunningServer:
    publish(tmp_path / "agents.json", 1)
    entry = {"id": "one", "name": "One", "type": "yaml", "properties": {"yamlCatalogPath": "./agents.json"}}
    (tmp_path / "sources.yaml").write_text(json.dumps({"catalogs": {"agents": {"sources": [entry]}}}))
    started = server(CATALOG_RECONCILE_SECONDS="1")
    wait_until(lambda: started.ask("/readyz")[0] == 200, "the source was read")
    return started


def test_no_answer_is_older_than_a_second(running: RunningServer, tmp_path: Path):
    history, done = History(), threading.Event()

    def look_into_database() -> None:
        while not done.is_set():
            edition = edition_of(running, f"{BASE}/agents", **{"Cache-Control": "no-cache"})
            history.fresh.append((time.monotonic(), edition))

    def read(path: str) -> None:
        numbers = itertools.cycle(range(2, 1000))
        while not done.is_set():
            asked_at = time.monotonic()
            history.kept.append((asked_at, edition_of(running, path.format(next(numbers)))))

    threads = [threading.Thread(target=look_into_database)]
    threads += [threading.Thread(target=read, args=(path,)) for path in READ.values()]
    for thread in threads:
        thread.start()
    try:
        for edition in range(2, EDITIONS + 1):
            publish(tmp_path / "agents.json", edition)
            wait_until(lambda edition=edition: history.fresh[-1:] and history.fresh[-1][1] == edition, "it is stored")
            time.sleep(1.2)
    finally:
        done.set()
        for thread in threads:
            thread.join(60)
    editions = set(range(2, EDITIONS + 1))
    assert editions <= {edition for _, edition in history.fresh}
    assert editions <= {edition for _, edition in history.kept}
    assert history.stale(1.0) == []


def test_who_changes_something_reads_it_at_once_from_every_process(running: RunningServer):
    headers = {"Authorization": f"Bearer {token_of(running)}", "Content-Type": "application/json"}
    enable = f"{running.base_url}{BASE}/management/sources/one/enable"
    for enabled in (False, True) * 4:
        running.ask(f"{BASE}/agents")  # so that there is something to be stale
        body = json.dumps({"enabled": enabled}).encode()
        urllib.request.urlopen(urllib.request.Request(enable, body, headers, method="POST"), timeout=30).close()
        for _ in range(4):
            request = urllib.request.Request(f"{running.base_url}{BASE}/agents", headers=headers)
            with urllib.request.urlopen(request, timeout=30) as answer:
                assert len(json.load(answer)["items"]) == enabled
