"""Actions on one source."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog_core.administration import source_actions
from catalog_core.jobs.models import RefreshJob
from catalog_core.sources.models import Source
from tests.core.actions.conftest import AGENTS, feed

PATH = "management/sources/first:action"
REFRESH = {"action": "refresh"}


@pytest.fixture
def with_a_worker(agents, monkeypatch, settings):
    """A worker that carries out what waits while a request waits for it."""
    settings.CATALOG = {**settings.CATALOG, "refresh_limit_seconds": 0}
    wait = source_actions.await_attempt

    def working(job, seconds):
        agents.work()
        job.refresh_from_db()
        return job.state != "queued" or wait(job, 0)

    monkeypatch.setattr(source_actions, "await_attempt", working)
    return agents


def test_a_refresh_says_what_it_did(with_a_worker, operator):
    with_a_worker.write("first.yaml", feed([*AGENTS[:1], {"name": "newcomer"}]))
    answer = operator.send("POST", PATH, REFRESH)
    assert (answer["action"], answer["status"]) == ("refresh", "completed")
    assert (answer["data"]["entitiesLoaded"], answer["data"]["entitiesRemoved"]) == (2, 2)
    assert answer["data"]["duration"].endswith("ms")
    assert operator.agent("newcomer")


def test_a_refresh_that_fails_says_so_and_why(with_a_worker, operator):
    with_a_worker.write("first.yaml", "agents: [")
    answer = operator.send("POST", PATH, REFRESH)
    assert answer["status"] == "error"
    assert "first.yaml" in answer["message"]
    assert operator.agent("planner", "first")


def test_a_refresh_by_force_accepts_a_sudden_loss(with_a_worker, operator):
    with_a_worker.write("first.yaml", feed(AGENTS[:1]))
    assert operator.send("POST", PATH, REFRESH)["status"] == "error"
    answer = operator.send("POST", PATH, {**REFRESH, "params": {"force": True}})
    assert (answer["status"], answer["data"]["entitiesLoaded"]) == ("completed", 1)


def test_a_refresh_that_nobody_has_carried_out_yet_is_queued(agents, operator, settings):
    settings.CATALOG = {**settings.CATALOG, "refresh_wait_seconds": 0}
    answer = operator.send("POST", PATH, REFRESH, status=202)
    assert (answer["status"], RefreshJob.objects.get(state="queued").pk.hex) == (
        "queued",
        answer["data"]["jobId"].replace("-", ""),
    )
    assert operator.send("POST", PATH, REFRESH, status=429)["code"] == "too_many_requests"
    Source.objects.update(refresh_asked_at=timezone.now() - timedelta(seconds=31))
    operator.send("POST", PATH, REFRESH, status=202)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"action": "refresh", "dryRun": True}, "cannot be tried"),
        ({"action": "refresh", "params": {"force": "yes"}}, "params.force"),
        ({"action": "tag", "params": {"tags": ["x"]}}, "action on entities"),
        ({"action": "refrehs"}, 'Did you mean "refresh"?'),
    ],
)
def test_bad_requests_are_400_and_ask_for_nothing(agents, operator, body, words):
    assert words in operator.send("POST", PATH, body, status=400)["message"]
    assert not RefreshJob.objects.filter(state="queued").exists()


def test_an_unknown_source_is_404_and_a_disabled_one_409(sandbox, operator):
    sandbox.serve("agents", {"first": feed(AGENTS)}, enabled=False)
    operator.send("POST", "management/sources/nobody:action", REFRESH, status=404)
    assert "disabled" in operator.send("POST", PATH, REFRESH, status=409)["message"]
