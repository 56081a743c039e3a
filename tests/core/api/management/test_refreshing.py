"""Asking for refreshes, how often, and by whom."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog_core.administration.refreshing import ask_for_refresh
from catalog_core.exceptions import RefreshLimited
from catalog_core.jobs.models import RefreshJob
from catalog_core.jobs.queue import request_refresh
from catalog_core.sources.models import Source

JOBS = "/api/jobs/v1alpha1/refresh"


def test_a_refresh_is_queued_and_carried_out_by_a_worker(agents, operator):
    agents.write("main.yaml", "agents: [{name: planner}, {name: newcomer}]")
    body = operator.post("refresh/main", status=202)
    assert body["status"] == "queued"
    job = operator.get(f"{JOBS}/{body['jobId']}")
    assert (job["state"], job["requestedBy"], job["sourceId"], job["plugin"]) == ("queued", "olga", "main", "agents")
    agents.work()
    job = operator.get(f"{JOBS}/{body['jobId']}")
    assert (job["state"], job["entitiesLoaded"], job["entitiesRemoved"]) == ("succeeded", 2, 2)
    assert (job["itemsRead"], job["itemsWritten"], job["attemptCount"]) == (2, 2, 1)
    assert job["bytesRead"] == len("agents: [{name: planner}, {name: newcomer}]")


def test_a_job_that_waits_serves_the_next_request_too(agents, operator):
    waiting, _ = request_refresh(agents.source("main"), reason="interval")
    assert operator.post("refresh/main", {"force": True}, status=202)["jobId"] == str(waiting.pk)
    assert RefreshJob.objects.get(pk=waiting.pk).forced is True


def test_a_second_refresh_within_the_limit_is_429(agents, operator):
    operator.post("refresh/main", status=202)
    body = operator.post("refresh/main", status=429)
    assert body["error"] == "Too Many Requests"
    assert 1 <= int(operator.response["Retry-After"]) <= 30
    Source.objects.update(refresh_asked_at=timezone.now() - timedelta(seconds=31))
    operator.post("refresh/main", status=202)


def test_there_is_no_limit_where_it_is_set_to_zero(agents, operator, settings):
    settings.CATALOG = {**settings.CATALOG, "refresh_limit_seconds": 0}
    for _ in range(3):
        operator.post("refresh/main", status=202)
        agents.work()


def test_an_unknown_source_is_404_and_costs_nothing(agents, operator):
    operator.post("refresh/nobody", status=404)
    operator.post("refresh/main", status=202)


def test_a_disabled_source_is_409_with_the_reason(sandbox, operator):
    sandbox.serve("agents", {"main": "agents: []"}, enabled=False)
    assert "disabled" in operator.post("refresh/main", status=409)["message"]
    assert "no enabled source" in operator.post("refresh", status=409)["message"]


def test_all_enabled_sources_are_refreshed_with_one_job_each(sandbox, operator):
    sandbox.serve("agents", {"a": "agents: []", "b": "agents: []"})
    body = operator.post("refresh", status=202)
    assert body["status"] == "queued"
    assert body["jobId"] == body["jobIds"][0]
    assert {operator.get(f"{JOBS}/{job}")["sourceId"] for job in body["jobIds"]} == {"a", "b"}
    assert body["limited"] == []
    sandbox.work()
    assert operator.post("refresh", status=429)["code"] == "too_many_requests"


def test_sources_that_were_just_refreshed_are_left_out(sandbox, operator):
    sandbox.serve("agents", {"a": "agents: []", "b": "agents: []"})
    operator.post("refresh/a", status=202)
    sandbox.work()
    body = operator.post("refresh", status=202)
    assert (len(body["jobIds"]), body["limited"]) == (1, ["a"])


@pytest.mark.parametrize("how", ["query", "body"])
def test_a_forced_refresh_accepts_a_sudden_loss(agents, operator, how):
    agents.write("main.yaml", "agents: []")
    if how == "query":
        operator.post("refresh/main?force=1", status=202)
    else:
        operator.post("refresh/main", {"force": True}, status=202)
    agents.work()
    assert operator.get("sources")["sources"][0]["status"]["entityCount"] == 0


def test_a_sudden_loss_is_held_back_otherwise(agents, operator):
    agents.write("main.yaml", "agents: []")
    job = operator.post("refresh/main", status=202)["jobId"]
    agents.work()
    assert "force" in operator.get(f"{JOBS}/{job}")["lastError"]
    status = operator.get("sources")["sources"][0]["status"]
    assert (status["entityCount"], status["errorCode"]) == (3, "held_back")


def test_refreshing_is_for_operators(agents, reader):
    for path in ("refresh", "refresh/main", "refresh/nobody"):
        response = reader.client.post(f"{reader.base}/{path}")
        assert response.status_code in (401, 403)
    assert not RefreshJob.objects.filter(state="queued").exists()


def test_the_limit_holds_for_a_replica_that_has_read_the_source_before(agents, operator):
    seen_by_another_replica = Source.objects.get(key="main")
    operator.post("refresh/main", status=202)
    agents.work()
    with pytest.raises(RefreshLimited):
        ask_for_refresh(seen_by_another_replica, requested_by="somebody else")
    assert RefreshJob.objects.filter(reason="request").count() == 1
