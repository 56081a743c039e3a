"""One source of the agents catalog, whose file a test writes again and again."""

import json

import pytest

from tests.core.security.web_server import running_web_server

BASE = "/api/agents_catalog/v1alpha1/agents"


class Feed:
    """A source that is served, and what can happen to it."""

    key = "feed"

    def __init__(self, sandbox, settings):
        self.sandbox = sandbox
        self.settings = settings

    def configure(self, *, type="yaml", **more):
        """Name the source in the configuration; ``more`` are further keys of its entry."""
        more.setdefault("properties", {"yamlCatalogPath": "./feed.yaml"})
        entry = {"id": self.key, "name": "Feed", "type": type, **more}
        self.sandbox.configure(json.dumps({"catalogs": {"agents": {"sources": [entry]}}}))

    def put(self, content):
        """Write the file: text, bytes, or the list of its items."""
        if isinstance(content, list):
            content = json.dumps({"agents": content}, ensure_ascii=False)
        self.sandbox.write("feed.yaml", content)

    def settle(self):
        """Let time pass until nobody waits for a retry any more, and bring everything up to date."""
        from django.utils import timezone

        from catalog_core.jobs.models import RefreshJob
        from catalog_core.sources.models import Source

        Source.objects.update(next_refresh_at=None)
        RefreshJob.objects.filter(state="queued").update(not_before=timezone.now())
        self.sandbox.settle()
        return self.row

    def load(self, content):
        """Write the file and bring everything up to date; return the row of the source."""
        self.put(content)
        return self.settle()

    def refresh(self, *, forced=False):
        """Carry out a refresh that somebody asked for; return the job."""
        from catalog_core.jobs.queue import request_refresh
        from catalog_core.jobs.runner import run_job
        from catalog_core.plugins.registry import registry

        job, _ = request_refresh(self.row, reason="request", forced=forced)
        return run_job(str(job.pk), registry)

    @property
    def row(self):
        return self.sandbox.source(self.key)

    @property
    def names(self):
        """The names that readers see."""
        return self.sandbox.names(BASE)

    def item(self, name):
        """What readers see of one entity."""
        return self.sandbox.get(f"{BASE}/{name}")

    @property
    def problems(self):
        return self.sandbox.problems(self.key)

    @property
    def rules(self):
        return [problem["rule"] for problem in self.problems]

    @property
    def generation(self):
        from catalog_core.entities.generations import generation_tag

        return generation_tag("agents")

    def stored(self):
        """Return all stored rows with all columns but the times, by name."""
        from catalog_plugins.agents.models import Agent

        rows = Agent.objects.filter(source=self.row).values()
        times = ("created_at", "updated_at")
        return {row["name"]: {name: value for name, value in row.items() if name not in times} for row in rows}


@pytest.fixture
def feed(sandbox, settings):
    made = Feed(sandbox, settings)
    made.configure()
    return made


@pytest.fixture
def served(feed):
    """A feed that serves two agents."""
    feed.load([{"name": "first"}, {"name": "second"}])
    assert feed.names == ["first", "second"]
    return feed


@pytest.fixture
def web(settings):
    """A web server that sources may read."""
    hosts = frozenset({"127.0.0.1"})
    settings.CATALOG = {
        **settings.CATALOG,
        "allowed_hosts_outgoing": hosts,
        "http_timeout_seconds": 0.5,
        "source_timeout_seconds": 3.0,
        "source_max_bytes": 200_000,
    }
    with running_web_server() as server:
        yield server


@pytest.fixture
def closed_port() -> int:
    """A port on which nobody listens."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
