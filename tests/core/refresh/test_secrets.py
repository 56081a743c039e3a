"""A secret is sent to its upstream and stands nowhere else, whatever the upstream does with it."""

import base64
import json
import logging

import pytest
from django.contrib.auth import get_user_model

from catalog_core.jobs.models import RefreshJob
from catalog_core.log.formatters import JsonLinesFormatter, TextFormatter
from catalog_core.sources.models import ConfigurationRevision, SetAside
from tests.core.sources.kubernetes_api import running_cluster, use_kubeconfig

SECRET = "correct horse+battery/staple"
MANAGEMENT = "/api/agents_catalog/v1alpha1/management"


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    pytest.importorskip("kubernetes", reason="the optional client for Kubernetes is not installed")
    with running_cluster(tmp_path, namespace="lab") as cluster:
        put_secret(cluster, SECRET)
        use_kubeconfig(monkeypatch, cluster.kubeconfig)
        yield cluster


def put_secret(cluster, text):
    cluster.add("Secret", "lab", "hub", data={"token": base64.b64encode(text.encode()).decode()})


def echo(exchange, status=200):
    """Answer with what was sent, as rude servers do, where something else should be."""
    sent = exchange.headers["Authorization"]
    odd = [{"name": name, "agentType": sent} for name in ("odd", f"agent {sent}", "x" * 500 + sent)]
    body = json.dumps({"agents": [{"name": "good"}, sent, sent * 9, *odd]}).encode()
    exchange.answer(status, body, Content_Type="application/json")


def test_a_secret_of_the_cluster_is_sent_and_read_anew_at_each_use(feed, web, cluster):
    url = web.serve("/agents.json", body=b'{"agents": [{"name": "first"}]}')
    feed.configure(type="http", properties={"url": url, "token": {"name": "hub", "key": "token"}})
    feed.settle()
    put_secret(cluster, "the next one")
    feed.refresh(forced=True)
    assert [headers["authorization"] for _, headers in web.requests] == [f"Bearer {SECRET}", "Bearer the next one"]
    assert feed.names == ["first"]


def test_a_secret_that_is_not_there_yet_is_waited_for(feed, web, cluster):
    url = web.serve("/agents.json", body=b'{"agents": [{"name": "first"}]}')
    feed.configure(type="http", properties={"url": url, "token": {"name": "later", "key": "token"}})
    row = feed.settle()
    assert (row.state, row.error_code) == ("error", "unavailable")
    assert RefreshJob.objects.get().state == "queued", "the job is tried again"
    cluster.add("Secret", "lab", "later", data={"token": base64.b64encode(b"now").decode()})
    assert feed.settle().state == "available"


@pytest.mark.parametrize("where", ["env", "file", "name", "inline"])
def test_a_secret_that_comes_back_is_hidden_in_what_is_said_of_items(feed, web, cluster, monkeypatch, caplog, where):
    monkeypatch.setenv("LAB_TOKEN", SECRET)
    feed.sandbox.write("token", SECRET)
    token = {
        "env": {"env": "LAB_TOKEN"},
        "file": {"file": "token"},
        "name": {"name": "hub", "key": "token"},
        "inline": SECRET,
    }[where]
    url = web.route("/agents.json", echo)
    with caplog.at_level(logging.DEBUG):
        feed.configure(type="http", properties={"url": url, "token": token})
        assert feed.settle().state == "partially-available"
        assert len(feed.problems) == 5
        assert "***" in str(feed.problems)
    assert_hidden_everywhere(feed, caplog)


def assert_hidden_everywhere(feed, caplog):
    """Look at all that is stored of the source but its configuration, and at all that operators are shown."""
    row = feed.row
    stored = [row.error, row.rejected, row.last_summary, row.cursor, list(SetAside.objects.values())]
    stored += list(RefreshJob.objects.values())
    operator = get_user_model().objects.create_superuser("olga")
    feed.sandbox.client.force_login(operator)
    shown = [
        feed.sandbox.get(path)
        for path in (f"{MANAGEMENT}/sources", f"{MANAGEMENT}/diagnostics", "/api/jobs/v1alpha1/refresh")
    ]
    for path in (f"{MANAGEMENT}/sources/feed:plan", f"{MANAGEMENT}/sources/feed:validate?connect=1"):
        shown.append(feed.sandbox.client.post(path).json())
    for revision in ConfigurationRevision.objects.all():
        shown.append(feed.sandbox.get(f"/api/management/v1alpha1/configuration/revisions/{revision.version}"))
    assert SECRET not in str([*stored, *shown])
    assert SECRET not in caplog.text


def test_a_secret_in_the_text_of_a_bug_is_hidden_in_the_log(feed, web, monkeypatch, caplog):
    """Whatever raises in the middle of a refresh may have the request in its message."""
    from catalog_core.sources.providers.http import HttpProvider

    def break_down(self, request):
        raise RuntimeError(f"cannot go on with {request.properties['token']}")

    monkeypatch.setenv("LAB_TOKEN", SECRET)
    monkeypatch.setattr(HttpProvider, "read", break_down)
    lines = []

    class Kept(logging.Handler):
        def emit(self, record):
            lines.extend(formatter.format(record) for formatter in (TextFormatter(), JsonLinesFormatter()))

    logger, handler = logging.getLogger("catalog_core"), Kept()
    logger.addHandler(handler)
    try:
        feed.configure(type="http", properties={"url": "https://example.org/", "token": {"env": "LAB_TOKEN"}})
        assert feed.settle().error_code == "internal"
    finally:
        logger.removeHandler(handler)
    assert any("cannot go on with ***" in line for line in lines)
    assert SECRET not in "".join(lines)
