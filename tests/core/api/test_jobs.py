"""``/api/jobs/v1alpha1/refresh``, as operators see it."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from catalog_core.jobs.models import JobState, RefreshJob
from catalog_core.jobs.queue import claim, note_progress, purge, request_refresh
from catalog_core.jobs.runner import run_job
from catalog_core.plugins.registry import registry
from catalog_core.sources.models import Source

JOBS = "/api/jobs/v1alpha1/refresh"


@pytest.fixture
def operator(sandbox):
    """A server with two sources, whose client is logged in as an operator."""
    sandbox.serve("agents", {"a": "agents: [{name: x}]", "b": "agents: []"})
    RefreshJob.objects.all().delete()
    sandbox.client.force_login(get_user_model().objects.create_superuser("olga"))
    return sandbox


def ask(key, **options):
    """Return a new job of a source."""
    return request_refresh(Source.objects.get(key=key), reason="request", **options)[0]


def ended(key, number):
    """Make jobs of a source that are over."""
    source = Source.objects.get(key=key)
    for _ in range(number):
        RefreshJob.objects.create(
            source=source,
            reason="interval",
            state=JobState.SUCCEEDED,
            not_before=timezone.now(),
            finished_at=timezone.now(),
        )


def cancel(operator, job_id, status=200):
    response = operator.client.post(f"{JOBS}/{job_id}:cancel")
    assert response.status_code == status, response.content
    return response.json()


def test_no_jobs_are_an_empty_list(operator):
    assert operator.get(JOBS) == {"jobs": [], "nextPageToken": "", "totalSize": 0}


def test_a_job_that_waits_shows_what_is_known_of_it(operator):
    job = ask("a", requested_by="olga", forced=True)
    shown = operator.get(f"{JOBS}/{job.pk}")
    assert shown == {
        "id": str(job.pk),
        "namespace": "default",
        "plugin": "agents",
        "sourceId": "a",
        "requestedBy": "olga",
        "requestedAt": shown["requestedAt"],
        "reason": "request",
        "forced": True,
        "state": "queued",
        "attemptCount": 0,
        "notBefore": shown["notBefore"],
    }
    assert shown["requestedAt"].endswith("Z")


@pytest.mark.parametrize("job_id", ["00000000-0000-4000-8000-000000000000", "nonsense", "x:y"])
def test_an_unknown_job_is_404(operator, job_id):
    assert operator.get(f"{JOBS}/{job_id}", status=404)["code"] == "not_found"
    cancel(operator, job_id, 404)


def test_an_unknown_verb_is_404(operator):
    job = ask("a")
    response = operator.client.post(f"{JOBS}/{job.pk}:restart")
    assert response.status_code in (404, 405)
    assert response.json()["error"]


def test_jobs_are_paged_newest_first_without_gaps_though_new_ones_come(operator):
    ended("a", 5)
    seen, token = [], ""
    while True:
        page = operator.get(JOBS, pageSize=2, **({"pageToken": token} if token else {}))
        seen += [job["requestedAt"] for job in page["jobs"]]
        token = page["nextPageToken"]
        ended("b", 1)
        if not token:
            break
    assert len(seen) == 5
    assert seen == sorted(seen, reverse=True)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"sourceId": "a"}, 3),
        ({"sourceId": "b"}, 2),
        ({"plugin": "agents"}, 5),
        ({"plugin": "skills"}, 0),
        ({"state": "queued"}, 1),
        ({"state": "succeeded"}, 4),
        ({"requestedBy": "olga"}, 1),
        ({"namespace": "default"}, 5),
        ({"namespace": "other"}, 0),
        ({"sourceId": "a", "state": "queued"}, 1),
    ],
)
def test_jobs_are_filtered(operator, parameters, expected):
    ended("a", 2)
    ended("b", 2)
    ask("a", requested_by="olga")
    body = operator.get(JOBS, **parameters)
    assert len(body["jobs"]) == body["totalSize"] == expected


@pytest.mark.parametrize(
    ("parameters", "named"),
    [({"state": "asleep"}, "state"), ({"pageSize": "x"}, "pageSize"), ({"pageToken": "x"}, "pageToken")],
)
def test_a_bad_parameter_is_400_and_named(operator, parameters, named):
    assert operator.get(JOBS, status=400, **parameters)["parameter"] == named


def test_a_token_of_another_filter_is_refused(operator):
    ended("a", 3)
    token = operator.get(JOBS, pageSize=1)["nextPageToken"]
    assert operator.get(JOBS, status=400, pageToken=token, state="failed")["parameter"] == "pageToken"


def test_a_page_has_twenty_jobs_unless_asked_and_never_more_than_a_hundred(operator):
    ended("a", 101)
    assert len(operator.get(JOBS)["jobs"]) == 20
    assert len(operator.get(JOBS, pageSize=1000)["jobs"]) == 100


def test_a_job_that_waits_is_cancelled_at_once(operator):
    job = ask("a")
    assert cancel(operator, job.pk) == {"status": "canceled", "jobId": str(job.pk)}
    assert operator.get(f"{JOBS}/{job.pk}")["state"] == "canceled"
    assert run_job(str(job.pk), registry) is None


def test_a_running_job_is_asked_to_end(operator):
    job = claim(str(ask("a").pk))
    assert cancel(operator, job.pk)["status"] == "canceling"
    shown = operator.get(f"{JOBS}/{job.pk}")
    assert (shown["state"], shown["cancelRequested"]) == ("running", True)


def test_a_running_job_shows_how_far_it_is(operator):
    job = claim(str(ask("a").pk))
    note_progress(job, "2000 items read", bytes_read=65_536, items_read=2000)
    shown = operator.get(f"{JOBS}/{job.pk}")
    assert (shown["progress"], shown["bytesRead"], shown["itemsRead"]) == ("2000 items read", 65_536, 2000)
    assert shown["startedAt"]


def test_a_job_that_is_over_cannot_be_cancelled(operator):
    ended("a", 1)
    body = cancel(operator, RefreshJob.objects.get().pk, 409)
    assert "succeeded" in body["message"]


def test_jobs_are_for_operators(operator):
    job = ask("a")
    operator.client.logout()
    for path in (JOBS, f"{JOBS}/{job.pk}"):
        assert operator.client.get(path).status_code in (401, 403)
    assert operator.client.post(f"{JOBS}/{job.pk}:cancel").status_code in (401, 403)
    assert RefreshJob.objects.get(pk=job.pk).state == "queued"


def test_a_source_that_is_away_is_tried_again_with_growing_pauses_and_then_given_up(operator):
    (operator.folder / "a.yaml").unlink()
    job = ask("a")
    pauses = []
    for attempt in (1, 2):
        RefreshJob.objects.update(not_before=timezone.now())
        run_job(str(job.pk), registry)
        shown = operator.get(f"{JOBS}/{job.pk}")
        assert (shown["state"], shown["attemptCount"]) == ("queued", attempt)
        assert "a.yaml" in shown["lastError"]
        job.refresh_from_db()
        pauses.append((job.not_before - timezone.now()).total_seconds())
    assert 0 < pauses[0] < pauses[1]
    RefreshJob.objects.update(not_before=timezone.now())
    run_job(str(job.pk), registry)
    shown = operator.get(f"{JOBS}/{job.pk}")
    assert (shown["state"], shown["attemptCount"], shown["message"]) == ("failed", 3, "Refresh failed")


def test_a_job_whose_source_comes_back_succeeds_at_the_next_try(operator):
    (operator.folder / "a.yaml").unlink()
    job = ask("a")
    run_job(str(job.pk), registry)
    operator.write("a.yaml", "agents: [{name: y}]")
    assert run_job(str(job.pk), registry) is None, "it is too early"
    assert ask("a").pk == job.pk, "who asks does not wait"
    run_job(str(job.pk), registry)
    assert operator.get(f"{JOBS}/{job.pk}")["state"] == "succeeded"


def test_what_somebody_has_to_mend_is_not_tried_again(operator):
    operator.write("a.yaml", "agents: [")
    job = ask("a")
    run_job(str(job.pk), registry)
    assert operator.get(f"{JOBS}/{job.pk}")["state"] == "failed"


def test_a_job_that_could_be_tried_again_makes_way_for_a_newer_one(operator):
    (operator.folder / "a.yaml").unlink()
    first = claim(str(ask("a").pk))
    newer = ask("a")
    RefreshJob.objects.filter(pk=first.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert run_job(str(first.pk), registry).state == JobState.FAILED
    assert RefreshJob.objects.get(pk=newer.pk).state == JobState.QUEUED


def test_jobs_are_kept_as_long_as_the_setting_says(operator, settings):
    ended("a", 2)
    kept, forgotten = RefreshJob.objects.all()
    RefreshJob.objects.filter(pk=forgotten.pk).update(finished_at=timezone.now() - timedelta(days=3))
    settings.CATALOG = {**settings.CATALOG, "job_retention_days": 2}
    purge()
    assert [job.pk for job in RefreshJob.objects.all()] == [kept.pk]


def test_secrets_of_a_source_are_hidden_in_the_errors_of_its_jobs(operator):
    job = ask("a")
    Source.objects.filter(key="a").update(properties={"token": "s3cr3t-value"})
    RefreshJob.objects.filter(pk=job.pk).update(last_error="refused: s3cr3t-value", message="sent s3cr3t-value")
    shown = operator.get(f"{JOBS}/{job.pk}")
    assert "s3cr3t" not in str(shown)
