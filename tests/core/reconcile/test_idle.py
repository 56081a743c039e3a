"""A look at a system in which nothing has happened changes nothing and costs little."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog_core.coordination.models import Lease
from catalog_core.jobs.models import RefreshJob
from catalog_core.sources.models import Source
from tests.core.reconcile.conftest import BASE, agents_of, entry


def test_a_run_with_nothing_to_do_writes_nothing(quiet):
    with CaptureQueriesContext(connection) as captured:
        report = quiet.reconcile()
    assert report.ran
    assert (report.applied, report.jobs, report.error) == (False, (), "")
    assert [query["sql"] for query in captured if not query["sql"].startswith("SELECT")] == []


def test_a_look_costs_as_many_queries_for_many_sources_as_for_two(quiet, django_assert_num_queries):
    quiet.reconcile()  # the first look of a process is a closer one
    with CaptureQueriesContext(connection) as few:
        quiet.reconcile()
    rows = [row for row in Source.objects.filter(key="one").values()]
    for row in rows:
        del row["id"]
        Source.objects.bulk_create(
            Source(**{**row, "key": f"copy-{number}", "position": number}) for number in range(200)
        )
    with django_assert_num_queries(len(few) + 1):  # sources that are new to this process are looked at closer
        assert quiet.reconcile().jobs == ()
    with django_assert_num_queries(len(few)):
        assert quiet.reconcile().jobs == ()


def test_runs_exclude_each_other(served):
    Lease.objects.create(name="reconcile", holder="another", until=timezone.now() + timezone.timedelta(seconds=60))
    served.configure(agents_of(entry("two")))
    assert not served.reconcile().ran
    assert "one-a" in served.names(BASE)
    Lease.objects.update(until=timezone.now() - timezone.timedelta(seconds=1))
    assert served.reconcile().changes.removed == ("agents/one",)
    assert not Lease.objects.exists()


def test_a_run_that_fails_gives_its_lease_back(served, monkeypatch):
    from catalog_core.reconcile import run

    def fail(*args, **more):
        raise RuntimeError("unforeseen")

    served.configure(agents_of(entry("two")))
    with monkeypatch.context() as patched:
        patched.setattr(run, "take_over", fail)
        with pytest.raises(RuntimeError):
            served.reconcile()
    assert not Lease.objects.exists()
    assert served.reconcile().changes.removed == ("agents/one",)


@pytest.mark.parametrize("event", ["file", "configuration", "plugin", "job", "start"])
def test_whatever_happens_is_seen_by_the_next_run(quiet, event):
    from catalog_core.plugins.models import PluginState

    starting = event == "start"
    if event == "file":
        quiet.write("one.yaml", json.dumps({"agents": [{"name": "one-a"}]}))
    elif event == "configuration":
        quiet.configure(agents_of(entry("one")))
    elif event == "plugin":
        PluginState.objects.filter(name="agents").update(serving=False, stage="init", error="x", next_try_at=None)
    elif event == "job":
        long_ago = timezone.now() - timezone.timedelta(minutes=5)
        job = RefreshJob.objects.create(source=quiet.source("one"), reason="request", not_before=long_ago)
        RefreshJob.objects.filter(pk=job.pk).update(requested_at=long_ago)
    with CaptureQueriesContext(connection) as captured:
        quiet.reconcile(starting=starting)
    assert any(not query["sql"].startswith("SELECT") for query in captured)
    assert (PluginState.objects.get(name="agents").serving, Lease.objects.exists()) == (True, False)


def test_old_jobs_are_forgotten_while_the_server_runs(quiet):
    served = quiet
    RefreshJob.objects.update(finished_at=timezone.now() - timezone.timedelta(days=30))
    before = RefreshJob.objects.count()
    served.write("one.yaml", "agents: [{name: one-a}]")
    served.reconcile()
    assert RefreshJob.objects.count() == 1 < before
