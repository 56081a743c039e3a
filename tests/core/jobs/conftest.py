import json
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

BASE = "/api/agents_catalog/v1alpha1/agents"


@pytest.fixture
def source(sandbox):
    """A source that was read once, of two agents; the sandbox is its attribute ``sandbox``."""
    sandbox.serve("agents", {"feed": json.dumps({"agents": [{"name": "first"}, {"name": "second"}]})})
    row = sandbox.source("feed")
    row.sandbox = sandbox
    return row


def let_lease_run_out(job):
    """Let a job look as if its worker had been dead for a while."""
    from catalog_core.jobs.models import RefreshJob

    RefreshJob.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def at_once(*calls):
    """Carry out calls at the same time, each in a thread with a connection of its own; return what they return."""
    barrier = threading.Barrier(len(calls))
    results = [None] * len(calls)

    def run(index, call):
        try:
            barrier.wait(timeout=30)
            results[index] = call()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
