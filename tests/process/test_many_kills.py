"""Workers that are killed again and again at random moments in the middle of refreshes, while people go on working.

Afterwards the counts, the jobs and the configuration are consistent: nothing is lost, nothing is there twice or half.
"""

import hashlib
import json
import os
import random
import time
from pathlib import Path

import pytest
import yaml

from tests.core.security.web_server import running_web_server
from tests.process.parts import Parts
from tests.process.servers import wait_until

AGENTS = "/api/agents_catalog/v1alpha1"
FEEDS = tuple(f"feed-{number}" for number in range(6))
ITEMS = 300
FINAL = {"succeeded", "failed", "canceled"}


class Upstream:
    """Feeds that change from version to version, and are slow in the middle of an answer."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.versions = dict.fromkeys(FEEDS, 1)

    def names(self, feed: str) -> set[str]:
        """Return the names that the present version holds: one goes and one comes with each version."""
        version = self.versions[feed]
        return {f"{feed}-agent-{number}" for number in range(version, version + ITEMS)}

    def content(self, feed: str) -> bytes:
        version = str(self.versions[feed])
        items = [{"name": name, "version": version} for name in sorted(self.names(feed))]
        return json.dumps({"agents": [*items, {"description": "has no name"}]}).encode()

    def answer(self, feed: str, exchange) -> None:
        body = self.content(feed)
        exchange.send_response(200)
        exchange.send_header("Content-Length", str(len(body)))
        exchange.send_header("Content-Type", "application/json")
        exchange.end_headers()
        exchange.raw(body[:100])
        time.sleep(self.chance.uniform(0, 0.5))
        exchange.raw(body[100:])


Attempt = tuple[str, int]
"""One try at a job: the job and the number of the try."""


class Ordeal:
    """Everything that goes on at the same time, and what has to be true of it."""

    def __init__(self, parts: Parts, upstream: Upstream, chance: random.Random) -> None:
        self.parts, self.upstream, self.chance = parts, upstream, chance
        self.worker = parts.start_worker()
        self.kills = self.changes = 0
        self.interrupted: set[Attempt] = set()
        self.labels: dict[str, list[str]] = {}

    def kill_in_the_middle(self) -> None:
        """Let people work, wait until the worker refreshes, kill it at a random moment, and start the next.

        It counts as a kill only if it cut a refresh short, which the job table shows: the attempt is still there.
        """
        self.work()
        wait_until(self.attempts, "the worker refreshes")
        time.sleep(self.chance.uniform(0, 0.6))
        self.parts.kill(self.worker)
        interrupted = self.attempts()
        self.interrupted |= interrupted
        self.kills += bool(interrupted)
        self.look_as_a_reader()
        self.worker = self.parts.start_worker()

    def work(self) -> None:
        """Publish new versions, ask for refreshes, and change the configuration, by request and with an editor."""
        for feed in self.chance.sample(FEEDS, 3):
            self.upstream.versions[feed] += 1
            status, body = self.parts.call("POST", f"{AGENTS}/management/refresh/{feed}")
            assert status == 202, body
        feed = self.chance.choice(FEEDS)
        self.labels[feed] = [f"label-{self.changes}"]
        status, body = self.parts.call("PATCH", f"{AGENTS}/management/sources/{feed}", {"labels": self.labels[feed]})
        assert status == 200, body
        edited = self.parts.sources_file.with_suffix(".edited")
        edited.write_text(f"{self.parts.sources_file.read_text()}# edit {self.changes}\n")
        edited.replace(self.parts.sources_file)
        self.changes += 2

    def look_as_a_reader(self) -> None:
        """Check that each source shows one version, as a whole."""
        for feed in FEEDS:
            items = self.items(feed)
            assert len({item["version"] for item in items}) <= 1, f"readers see half a refresh of {feed}"
            assert len(items) in (0, ITEMS)

    def items(self, feed: str) -> list[dict]:
        return self.parts.get(f"{AGENTS}/agents?source={feed}&pageSize=1000")["items"]

    def attempts(self) -> set[Attempt]:
        """Return the attempts that run; those of dead workers, which the table still shows as running, are left out."""
        running = self.parts.rows("SELECT id, attempt_count FROM catalog_core_refreshjob WHERE state = 'running'")
        return {(str(job), attempt) for job, attempt in running} - self.interrupted

    def settle(self) -> None:
        """Let the last worker live; refresh everything once more and wait until all jobs are over."""
        for feed in FEEDS:
            self.parts.call("POST", f"{AGENTS}/management/refresh/{feed}")
        unfinished = "SELECT id FROM catalog_core_refreshjob WHERE state IN ('queued', 'running')"
        wait_until(lambda: not self.parts.rows(unfinished), "all jobs are over", seconds=180)
        seen = "SELECT seen_version FROM catalog_core_configurationstate"
        wait_until(lambda: self.parts.rows(seen) == [(self.file_version(),)], "the file is in force")

    def file_version(self) -> str:
        return hashlib.sha256(self.parts.sources_file.read_bytes()).hexdigest()

    def check_jobs(self) -> None:
        ended = self.parts.rows("SELECT job, state FROM ended")
        jobs = dict(self.parts.rows("SELECT id, state FROM catalog_core_refreshjob"))
        assert sorted(str(job) for job, _ in ended) == sorted(map(str, jobs)), "every job ends exactly once"
        assert set(jobs.values()) <= FINAL
        ((taken_up_again,),) = self.parts.rows("SELECT sum(attempt_count - 1) FROM catalog_core_refreshjob")
        given_up = list(jobs.values()).count("failed")
        assert taken_up_again + given_up >= len(self.interrupted) >= self.kills, "each interrupted try has a next one"

    def check_entities(self) -> None:
        for feed in FEEDS:
            items = self.items(feed)
            assert {item["name"] for item in items} == self.upstream.names(feed)
            assert {item["version"] for item in items} == {str(self.upstream.versions[feed])}
            assert len({item["id"] for item in items}) == ITEMS
            status = self.parts.get(f"{AGENTS}/management/sources/{feed}")["status"]
            assert (status["state"], status["entityCount"]) == ("partially-available", ITEMS)
            assert status["setAsideCount"] == 1
        assert self.parts.get(f"{AGENTS}/agents")["totalSize"] == ITEMS * len(FEEDS)

    def check_configuration(self) -> None:
        sources = yaml.safe_load(self.parts.sources_file.read_text())["catalogs"]["agents"]["sources"]
        shown = self.parts.get(f"{AGENTS}/management/sources")["sources"]
        assert [source["id"] for source in sources] == [source["id"] for source in shown] == list(FEEDS)
        for source, entry in zip(shown, sources, strict=True):
            assert source["labels"] == entry.get("labels", []) == self.labels.get(source["id"], [])
        configuration = self.parts.get("/api/management/v1alpha1/configuration")
        assert configuration["version"] == self.file_version()
        assert "error" not in configuration
        revisions = self.parts.rows("SELECT version FROM catalog_core_configurationrevision ORDER BY id")
        assert len(revisions) == 1 + self.changes, "every change is a revision, once"
        assert revisions[-1] == (self.file_version(),)
        assert self.parts.sources_file.read_text().count("# edit") == self.changes / 2

    def check_folder(self) -> None:
        left = [path.name for path in self.parts.folder.iterdir() if path.name.startswith(("trial-", ".sources"))]
        assert left == []
        assert " ERROR " not in self.parts.log


@pytest.fixture
def parts(tmp_path: Path, request: pytest.FixtureRequest):
    environment = {
        "CATALOG_ALLOWED_HOSTS_OUTGOING": "127.0.0.1",
        "CATALOG_RECONCILE_SECONDS": "1",
        "CATALOG_LEASE_SECONDS": "2",
        "CATALOG_REFRESH_LIMIT_SECONDS": "0",
        "CATALOG_CONFIGURATION_REVISIONS": "1000",
    }
    if os.environ.get("CATALOG_DATABASE_URL", "").startswith("postgres"):
        environment["CATALOG_DATABASE_URL"] = request.getfixturevalue("database_url")
    if broker := os.environ.get("CATALOG_BROKER_URL"):
        environment["CATALOG_BROKER_URL"] = broker
    made = Parts(tmp_path, environment)
    try:
        yield made
    finally:
        made.stop()


def endure(parts: Parts, kills: int, seed: int) -> None:
    """Kill workers so often and check that nothing came of it."""
    chance = random.Random(seed)
    upstream = Upstream(chance)
    with running_web_server() as web:
        for feed in FEEDS:
            web.route(f"/{feed}.json", lambda exchange, feed=feed: upstream.answer(feed, exchange))
        entries = "".join(
            f"      - {{id: {feed}, name: Feed, type: http, properties: {{url: '{web.url(f'/{feed}.json')}'}}}}\n"
            for feed in FEEDS
        )
        parts.sources_file.write_text(f"catalogs:\n  agents:\n    sources:\n{entries}")
        parts.prepare()
        parts.note_ends_of_jobs()
        parts.start_web()
        ordeal = Ordeal(parts, upstream, chance)
        wait_until(lambda: parts.get(f"{AGENTS}/agents")["totalSize"] == ITEMS * len(FEEDS), "all feeds were read")
        while ordeal.kills < kills:
            ordeal.kill_in_the_middle()
        ordeal.settle()
    ordeal.check_jobs()
    ordeal.check_entities()
    ordeal.check_configuration()
    ordeal.check_folder()


def test_nothing_is_lost_when_workers_are_killed_in_the_middle_of_refreshes(parts):
    endure(parts, kills=4, seed=1)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_nothing_is_lost_when_workers_are_killed_fifty_times(parts):
    endure(parts, kills=50, seed=int(os.environ.get("CATALOG_TEST_SEED", "2")))
