"""The queue of refreshes: nothing is done twice, nothing is lost, and everything comes to an end."""

from datetime import timedelta

import pytest
from django.utils import timezone
from kombu.exceptions import OperationalError

from catalog_core.exceptions import RefreshSuperseded
from catalog_core.jobs import queue
from catalog_core.jobs.models import JobState, RefreshJob
from catalog_core.jobs.queue import (
    MAX_ATTEMPTS,
    abandoned,
    announce,
    cancel,
    check_held,
    claim,
    finish,
    give_up,
    note_progress,
    purge,
    request_refresh,
    still_held,
)
from catalog_core.jobs.runner import run_job
from catalog_core.plugins.registry import registry
from tests.core.jobs.conftest import BASE, let_lease_run_out


@pytest.fixture
def sent(monkeypatch):
    """The ids of the jobs that workers were woken for."""
    found = []
    monkeypatch.setattr(queue.current_app, "send_task", lambda name, args, **more: found.append(args[0]))
    return found


def test_one_request_waits_and_serves_all(source):
    first, is_new = request_refresh(source, reason="request")
    second, is_new_too = request_refresh(source, reason="interval")
    assert (is_new, is_new_too, second.pk) == (True, False, first.pk)


def test_a_forced_request_makes_the_one_that_waits_forced(source):
    first, _ = request_refresh(source, reason="interval")
    request_refresh(source, reason="request", forced=True)
    assert RefreshJob.objects.get(pk=first.pk).forced


def test_one_job_runs_and_one_waits_for_it(source):
    running = claim(request_refresh(source, reason="request")[0].pk)
    waiting, is_new = request_refresh(source, reason="request")
    assert (is_new, claim(waiting.pk)) == (True, None)
    finish(running, JobState.SUCCEEDED)
    assert claim(waiting.pk).attempt_count == 1


def test_a_job_is_taken_once(source):
    job, _ = request_refresh(source, reason="request")
    assert claim(job.pk) is not None
    assert claim(job.pk) is None
    assert run_job(str(job.pk), registry) is None


def test_a_job_that_is_over_is_not_taken(source):
    job, _ = request_refresh(source, reason="request")
    run_job(str(job.pk), registry)
    assert claim(job.pk) is None


def test_a_job_does_not_begin_before_its_time(source):
    job, _ = request_refresh(source, reason="request")
    RefreshJob.objects.update(not_before=timezone.now() + timedelta(seconds=60))
    assert claim(job.pk) is None
    assert abandoned() == []


def test_a_job_that_nobody_knows_is_nothing(db):
    assert run_job("00000000-0000-0000-0000-000000000000", registry) is None


def test_a_job_whose_worker_died_is_taken_over_and_the_dead_stores_nothing(source):
    dead = claim(request_refresh(source, reason="request")[0].pk)
    let_lease_run_out(dead)
    assert [job.pk for job in abandoned()] == [dead.pk]
    alive = claim(dead.pk)
    assert alive.attempt_count == dead.attempt_count + 1
    assert not check_held(dead)
    assert not still_held(dead)
    assert not finish(dead, JobState.SUCCEEDED)
    note_progress(dead, "still here")
    assert RefreshJob.objects.get(pk=dead.pk).progress == ""
    assert check_held(alive)
    assert finish(alive, JobState.SUCCEEDED)


@pytest.mark.parametrize("fails", [False, True])
def test_a_worker_that_was_overtaken_neither_stores_nor_notes_anything(source, monkeypatch, fails):
    from catalog_core.exceptions import SourceUnavailable
    from catalog_core.sources.providers.local import FileProvider

    original = FileProvider.read

    def read_too_long(self, request):
        snapshot = original(self, request)
        monkeypatch.setattr(FileProvider, "read", original)
        let_lease_run_out(job)
        assert run_job(str(job.pk), registry).state == "succeeded"
        source.sandbox.write("feed.yaml", "agents: [{name: first, version: '3'}, {name: second}]")
        if fails:
            raise SourceUnavailable("the network was away")
        return snapshot

    source.sandbox.write("feed.yaml", "agents: [{name: first, version: '2'}, {name: second}]")
    job, _ = request_refresh(source, reason="request")
    monkeypatch.setattr(FileProvider, "read", read_too_long)
    run_job(str(job.pk), registry)
    job.refresh_from_db()
    row = source.sandbox.source("feed")
    assert (job.state, job.attempt_count) == ("succeeded", 2)
    assert (row.state, row.error) == ("available", "")
    assert source.sandbox.get(f"{BASE}/first")["version"] == "2"


def test_a_job_that_kills_its_workers_ends_and_its_source_says_so(source, sent):
    job, _ = request_refresh(source, reason="request")
    for _ in range(MAX_ATTEMPTS):
        let_lease_run_out(claim(job.pk))
    assert claim(job.pk) is None
    source.sandbox.reconcile()
    job.refresh_from_db()
    assert job.state == "failed"
    assert "5 workers died" in job.last_error
    row = source.sandbox.source("feed")
    assert (row.state, row.error_code) == ("error", "internal")
    assert "5 workers died" in row.error
    assert row.next_refresh_at > timezone.now()
    assert str(job.pk) not in sent
    assert source.sandbox.names(BASE) == ["first", "second"]


def test_giving_up_twice_is_giving_up_once(source):
    job, _ = request_refresh(source, reason="request")
    for _ in range(MAX_ATTEMPTS):
        let_lease_run_out(claim(job.pk))
    give_up()
    give_up()
    assert source.sandbox.source("feed").failures == 1


def test_a_lost_message_is_sent_again_by_the_next_reconcile(source, sent, django_capture_on_commit_callbacks):
    job, _ = request_refresh(source, reason="request")
    with django_capture_on_commit_callbacks(execute=True):
        source.sandbox.reconcile()
    assert str(job.pk) not in sent  # it is young; its message may still be on its way
    RefreshJob.objects.update(requested_at=timezone.now() - timedelta(seconds=60))
    with django_capture_on_commit_callbacks(execute=True):
        source.sandbox.reconcile()
    assert sent == [str(job.pk)]


def test_a_broker_that_is_away_is_no_failure(source, monkeypatch, django_capture_on_commit_callbacks, caplog):
    def refuse(*args, **more):
        raise OperationalError("connection refused")

    monkeypatch.setattr(queue.current_app, "send_task", refuse)
    job, _ = request_refresh(source, reason="request")
    with django_capture_on_commit_callbacks(execute=True):
        announce([job])
    assert "the next reconcile starts it" in caplog.text


def test_a_waiting_job_is_cancelled_at_once(source):
    job, _ = request_refresh(source, reason="request")
    assert cancel(job)
    job.refresh_from_db()
    assert (job.state, claim(job.pk)) == ("canceled", None)
    assert job.finished_at
    assert not cancel(job)


def test_a_running_job_that_is_cancelled_stores_nothing(source, monkeypatch):
    from catalog_core.sources.providers.local import FileProvider

    original = FileProvider.read

    def read_and_cancel(self, request):
        cancel(job)
        return original(self, request)

    source.sandbox.write("feed.yaml", "agents: [{name: first, version: '2'}, {name: second}]")
    job, _ = request_refresh(source, reason="request")
    monkeypatch.setattr(FileProvider, "read", read_and_cancel)
    assert run_job(str(job.pk), registry).state == "canceled"
    assert "version" not in source.sandbox.get(f"{BASE}/first")
    assert source.sandbox.source("feed").state == "available"


def test_a_provider_is_told_that_its_job_was_cancelled(source, monkeypatch, settings):
    import time

    from catalog_core.jobs import runner
    from catalog_core.sources.providers.local import FileProvider

    def read_until_cancelled(self, request):
        cancel(job)
        give_up_at = time.monotonic() + 60
        while not request.cancelled() and time.monotonic() < give_up_at:
            time.sleep(0.01)
        raise RefreshSuperseded("The reading was cancelled.")

    monkeypatch.setattr(FileProvider, "read", read_until_cancelled)
    monkeypatch.setattr(runner, "still_held", lambda job: False)
    settings.CATALOG = {**settings.CATALOG, "lease_seconds": 0.1}
    job, _ = request_refresh(source, reason="request")
    assert run_job(str(job.pk), registry).state == "canceled"


def test_a_cancelled_job_whose_worker_died_ends_when_it_is_taken_over(source):
    job, _ = request_refresh(source, reason="request")
    dead = claim(job.pk)
    cancel(dead)
    let_lease_run_out(dead)
    assert run_job(str(job.pk), registry).state == "canceled"


def test_the_heartbeat_survives_a_database_that_is_away_for_a_moment(source, monkeypatch, settings):
    import time

    from django.db import DatabaseError

    from catalog_core.jobs import runner
    from catalog_core.sources.providers.local import FileProvider

    beats = []
    original = FileProvider.read

    def beat(job):
        beats.append(job)
        if len(beats) == 1:
            raise DatabaseError("database is locked")
        return True

    def read_slowly(self, request):
        give_up_at = time.monotonic() + 60
        while len(beats) < 3 and time.monotonic() < give_up_at:
            time.sleep(0.01)
        return original(self, request)

    monkeypatch.setattr(FileProvider, "read", read_slowly)
    monkeypatch.setattr(runner, "still_held", beat)
    settings.CATALOG = {**settings.CATALOG, "lease_seconds": 0.1}
    job, _ = request_refresh(source, reason="request")
    assert run_job(str(job.pk), registry).state == "succeeded"
    assert len(beats) >= 3


def test_progress_and_outcome_are_in_the_job(source, monkeypatch):
    from catalog_core.jobs import runner

    steps = []
    original = runner.note_progress

    def note(job, step, **counts):
        original(job, step, **counts)
        seen = RefreshJob.objects.get(pk=job.pk)
        steps.append((seen.progress, seen.bytes_read))

    monkeypatch.setattr(runner, "note_progress", note)
    monkeypatch.setattr(runner, "_PROGRESS_SECONDS", 0.0)
    content = "agents: [{name: first, version: '2'}, {name: second}]"
    source.sandbox.write("feed.yaml", content)
    job, _ = request_refresh(source, reason="request")
    done = run_job(str(job.pk), registry)
    assert steps == [("reading", 0), ("reading", len(content)), ("storing 1 of 2", len(content))]
    assert (done.progress, done.entities_loaded, done.entities_removed) == ("", 2, 0)
    assert "Loaded 2 entities" in done.message
    assert done.finished_at >= done.started_at


def test_the_next_waiting_job_is_announced_when_a_source_becomes_free(
    source, sent, monkeypatch, django_capture_on_commit_callbacks
):
    from catalog_core.sources.providers.local import FileProvider

    original = FileProvider.read
    waiting = []

    def read_and_ask_again(self, request):
        waiting.append(request_refresh(source, reason="request")[0])
        return original(self, request)

    monkeypatch.setattr(FileProvider, "read", read_and_ask_again)
    job, _ = request_refresh(source, reason="request")
    with django_capture_on_commit_callbacks(execute=True):
        run_job(str(job.pk), registry)
    assert sent == [str(waiting[0].pk)]


def test_old_jobs_are_purged_and_unfinished_ones_never(source):
    done, _ = request_refresh(source, reason="request")
    run_job(str(done.pk), registry)
    waiting, _ = request_refresh(source, reason="request")
    RefreshJob.objects.filter(finished_at__isnull=False).update(finished_at=timezone.now() - timedelta(days=8))
    assert purge() >= 1
    assert list(RefreshJob.objects.values_list("pk", flat=True)) == [waiting.pk]


def test_a_disabled_source_is_not_refreshed(source):
    from catalog_core.sources.models import Source

    job, _ = request_refresh(source, reason="request")
    Source.objects.update(enabled=False)
    assert run_job(str(job.pk), registry).state == "canceled"
