"""Bringing plugins up: each by itself, bounded in time, tried again with growing pauses."""

import threading
from datetime import timedelta

import pytest
from django.utils import timezone

from catalog_core.exceptions import PluginDefinitionError
from catalog_core.plugins.contract import Plugin
from catalog_core.plugins.lifecycle import bring_up, has_waiting, plugin_statuses
from catalog_core.plugins.models import PluginState
from catalog_core.plugins.registry import PluginRegistry

pytestmark = pytest.mark.django_db


class Sample(Plugin):
    """A plugin whose init does what a test says."""

    description = "For tests."

    def __init__(self, name="sample", act=lambda: None):
        self.name = name
        self.act = act
        self.inits = 0

    def init(self, context):
        self.inits += 1
        self.act()

    def register_routes(self, router):
        """Serve nothing."""


def raising(error):
    def act():
        raise error

    return act


def registry_of(*plugins):
    made = PluginRegistry()
    for plugin in plugins:
        made.register(plugin)
    return made


def status_of(plugins, name="sample"):
    return next(status for status in plugin_statuses(plugins) if status.name == name)


def let_pause_end():
    PluginState.objects.update(next_try_at=timezone.now() - timedelta(seconds=1))


def test_a_plugin_that_raises_is_failed_and_the_others_serve():
    plugins = registry_of(Sample(act=raising(OSError("no such host"))), Sample("other"))
    assert sorted(bring_up(plugins, starting=False)) == ["other", "sample"]
    assert status_of(plugins, "other").serving
    failed = status_of(plugins)
    assert (failed.serving, failed.stage, failed.error) == (False, "init", "OSError: no such host")
    assert "Traceback" in failed.traceback


@pytest.mark.parametrize("method", ["start", "check"])
def test_later_stages_are_guarded_like_init(method, monkeypatch):
    plugin = Sample()
    plugins = registry_of(plugin)
    check = raising(RuntimeError("not today")) if method == "check" else lambda: None
    if method == "start":
        monkeypatch.setattr(plugin, "start", raising(RuntimeError("not today")), raising=False)
    bring_up(plugins, starting=False, check=lambda plugin: check())
    assert status_of(plugins).stage == {"start": "start", "check": "routes"}[method]


def test_a_failed_plugin_is_tried_again_after_growing_pauses_and_recovers():
    plugin = Sample(act=raising(ValueError("not yet")))
    plugins = registry_of(plugin)
    bring_up(plugins, starting=False)
    pauses = []
    for _ in range(8):
        assert not has_waiting(plugins)
        assert bring_up(plugins, starting=False) == []
        state = PluginState.objects.get()
        pauses.append(round((state.next_try_at - state.changed_at).total_seconds()))
        let_pause_end()
        assert has_waiting(plugins)
        bring_up(plugins, starting=False)
    assert plugin.inits == 9
    assert pauses == sorted(pauses)
    assert pauses[-1] <= 600
    plugin.act = lambda: None
    let_pause_end()
    assert bring_up(plugins, starting=False) == ["sample"]
    assert (status_of(plugins).serving, status_of(plugins).error) == (True, "")


def test_the_same_failure_is_logged_once(caplog):
    plugins = registry_of(Sample(act=raising(ValueError("not yet"))))
    for _ in range(3):
        bring_up(plugins, starting=False)
        let_pause_end()
    assert caplog.text.count("plugin sample: failed at init") == 1


def test_a_plugin_that_hangs_is_given_up_and_not_begun_again(settings):
    settings.CATALOG = {**settings.CATALOG, "plugin_init_seconds": 0.05}
    goes_on = threading.Event()
    plugin = Sample("hanging", act=goes_on.wait)
    plugins = registry_of(plugin, Sample("other"))
    bring_up(plugins, starting=False)
    assert "did not return within 0.05 seconds" in status_of(plugins, "hanging").error
    assert status_of(plugins, "other").serving
    let_pause_end()
    bring_up(plugins, starting=False)
    assert "has still not returned" in status_of(plugins, "hanging").error
    assert plugin.inits == 1
    goes_on.set()
    for thread in threading.enumerate():
        if thread.name == "init of hanging":
            thread.join()
    let_pause_end()
    bring_up(plugins, starting=False)
    assert status_of(plugins, "hanging").serving


def test_a_plugin_that_serves_is_left_alone_until_a_worker_starts():
    plugin = Sample()
    plugins = registry_of(plugin)
    bring_up(plugins, starting=False)
    assert (bring_up(plugins, starting=False), plugin.inits) == ([], 1)
    assert (bring_up(plugins, starting=True), plugin.inits) == ([], 2)


def test_a_new_version_of_a_plugin_is_brought_up():
    plugin = Sample()
    plugins = registry_of(plugin)
    bring_up(plugins, starting=False)
    plugin.version = "v2"
    assert has_waiting(plugins)
    assert bring_up(plugins, starting=False) == ["sample"]


def test_what_is_known_of_plugins_that_are_gone_is_forgotten():
    bring_up(registry_of(Sample(), Sample("gone")), starting=False)
    left = registry_of(Sample())
    assert has_waiting(left)
    assert bring_up(left, starting=False) == ["gone"]
    assert list(PluginState.objects.values_list("name", flat=True)) == ["sample"]


def test_sources_of_a_plugin_that_does_not_serve_are_not_read_and_nobody_waits_for_them(sandbox):
    sandbox.write("a.yaml", "agents: [{name: planner}]")
    sandbox.configure("catalogs: {agents: {sources: [{id: a, name: A, type: yaml, properties: {path: a.yaml}}]}}")
    sandbox.reconcile()
    later = timezone.now() + timedelta(minutes=5)
    PluginState.objects.filter(name="agents").update(serving=False, stage="init", error="no", next_try_at=later)
    sandbox.source("a").jobs.all().delete()
    assert sandbox.settle().jobs == ()
    assert sandbox.get("/readyz")["components"]["initial_load"]["status"] == "complete"
    let_pause_end()
    assert [job.source.key for job in sandbox.settle().jobs] == ["a"]
    assert sandbox.names("/api/agents_catalog/v1alpha1/agents") == ["planner"]


def test_a_definition_is_refused_with_everything_that_is_wrong_and_changes_nothing():
    plugins = registry_of(Sample("taken"))
    clash = Sample("taken")
    clash.version = "one"
    with pytest.raises(PluginDefinitionError) as caught:
        plugins.register(clash)
    text = str(caught.value)
    assert "version 'one'" in text
    assert "name 'taken' is taken by" in text
    assert len(plugins) == 1
