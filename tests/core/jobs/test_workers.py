"""Several workers at once, each with a connection of its own."""

import json

import pytest

from catalog_core.jobs.models import RefreshJob
from catalog_core.jobs.queue import claim, request_refresh
from catalog_core.jobs.runner import run_job
from catalog_core.plugins.registry import registry
from catalog_plugins.agents.models import Agent
from tests.core.jobs.conftest import at_once, let_lease_run_out

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def feed(shared_database, sandbox):
    sandbox.serve("agents", {"feed": json.dumps({"agents": [{"name": "first"}]})})
    return sandbox


def test_two_workers_that_claim_at_once_get_it_once(feed):
    for _ in range(5):
        job, _ = request_refresh(feed.source("feed"), reason="request")
        taken = at_once(*[lambda pk=job.pk: claim(pk)] * 4)
        assert sum(one is not None for one in taken) == 1
        RefreshJob.objects.update(state="succeeded")


def test_two_workers_that_take_over_at_once_get_it_once(feed):
    job, _ = request_refresh(feed.source("feed"), reason="request")
    let_lease_run_out(claim(job.pk))
    taken = at_once(*[lambda: claim(job.pk)] * 4)
    assert [one.attempt_count for one in taken if one] == [2]


def test_two_requests_at_once_make_one_job(feed):
    asked = at_once(*[lambda: request_refresh(feed.source("feed"), reason="request")] * 4)
    assert len({job.pk for job, _ in asked}) == 1
    assert sum(is_new for _, is_new in asked) == 1


def test_two_runs_of_one_job_store_once(feed):
    feed.write("feed.yaml", json.dumps({"agents": [{"name": "first"}, {"name": "second"}]}))
    job, _ = request_refresh(feed.source("feed"), reason="request")
    done = at_once(*[lambda: run_job(str(job.pk), registry)] * 3)
    assert [one.state for one in done if one] == ["succeeded"]
    assert Agent.objects.count() == 2


def test_runs_of_the_reconciler_at_once_take_over_once(feed):
    content = json.dumps({"agents": [{"name": "other"}]})
    feed.write("other.yaml", content)
    text = json.loads(feed.sources_file.read_text())
    text["catalogs"]["agents"]["sources"].append(
        {"id": "other", "name": "Other", "type": "yaml", "properties": {"yamlCatalogPath": "other.yaml"}}
    )
    feed.configure(json.dumps(text))
    reports = at_once(*[feed.reconcile] * 3)
    assert sum(report.changes.added == ("agents/other",) for report in reports) == 1
    assert RefreshJob.objects.filter(source__key="other").count() == 1
