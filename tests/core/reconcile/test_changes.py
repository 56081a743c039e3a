"""What changes in the configuration changes what readers see, at once and nothing more."""

import json

import pytest
from django.utils import timezone

from catalog_core.entities.generations import generation_tag
from catalog_core.sources.models import ConfigurationState, Source
from catalog_plugins.agents.models import Agent
from tests.core.reconcile.conftest import BASE, agents_of, entry

ALL = ["one-a", "one-b", "two-a", "two-b"]


def test_a_comment_touches_nothing(served):
    rows = list(Source.objects.values())
    before = generation_tag("agents")
    served.configure("# a comment\n" + served.sources_file.read_text() + "\n\n# another\n")
    report = served.reconcile()
    assert (report.applied, bool(report.changes)) == (True, False)
    assert list(Source.objects.values()) == rows
    assert generation_tag("agents") == before
    assert ConfigurationState.current().version in ConfigurationState.current().seen_version


def test_a_change_of_one_source_touches_no_other(quiet):
    served = quiet
    untouched = Source.objects.filter(key="two").values().get()
    served.configure(agents_of(entry("one", excludedItems=["*-b"]), entry("two")))
    report = served.settle()
    assert (report.changes.changed, [job.source.key for job in report.jobs]) == (("agents/one",), ["one"])
    assert served.names(BASE) == ["one-a", "two-a", "two-b"]
    assert Source.objects.filter(key="two").values().get() == untouched


def test_disabling_hides_at_once_and_keeps_the_entities(served):
    served.configure(agents_of(entry("one", enabled=False), entry("two")))
    served.reconcile()
    assert served.names(BASE) == ["two-a", "two-b"]
    assert served.get(BASE)["totalSize"] == 2
    assert served.get(f"{BASE}/one-a", status=404)
    assert Agent.objects.filter(source__key="one").count() == 2
    assert served.source("one").state == "disabled"


def test_enabling_shows_at_once(served):
    served.configure(agents_of(entry("one", enabled=False), entry("two")))
    served.settle()
    served.configure(agents_of(entry("one"), entry("two")))
    served.reconcile()
    assert served.names(BASE) == ALL
    assert served.source("one").state == "available"


def test_a_disabled_source_is_not_read(quiet):
    served = quiet
    served.configure(agents_of(entry("one", enabled=False), entry("two")))
    served.settle()
    served.write("one.yaml", "agents: [{name: new}]")
    assert [job.source.key for job in served.settle().jobs] == []
    served.configure(agents_of(entry("one", properties={"yamlCatalogPath": "one.yaml"}), entry("two")))
    served.settle()
    assert served.names(BASE) == ["new", "two-a", "two-b"]


def test_a_removed_source_is_gone_with_its_entities_and_comes_back_as_it_was(served):
    ids = dict(Agent.objects.filter(source__key="one").values_list("name", "id"))
    pk = served.source("one").pk
    served.configure(agents_of(entry("two")))
    report = served.reconcile()
    assert report.changes.removed == ("agents/one",)
    assert served.names(BASE) == ["two-a", "two-b"]
    assert not Agent.objects.filter(source__key="one").exists()
    served.configure(agents_of(entry("one"), entry("two")))
    served.settle()
    assert served.names(BASE) == ALL
    assert dict(Agent.objects.filter(source__key="one").values_list("name", "id")) == ids
    assert served.source("one").pk == pk


def test_a_removed_source_is_forgotten_after_a_while(served, settings):
    served.configure(agents_of(entry("two")))
    served.reconcile()
    Source.objects.filter(key="one").update(removed_at=timezone.now() - timezone.timedelta(days=31))
    served.configure(agents_of(entry("two")) + "\n")
    served.reconcile()
    assert list(Source.objects.values_list("key", flat=True)) == ["two"]


def test_a_refresh_that_waits_for_a_removed_source_ends(served):
    from catalog_core.jobs.models import RefreshJob
    from catalog_core.jobs.queue import request_refresh

    job, _ = request_refresh(served.source("one"), reason="request")
    served.configure(agents_of(entry("two")))
    served.settle()
    assert RefreshJob.objects.get(pk=job.pk).state == "canceled"
    assert served.names(BASE) == ["two-a", "two-b"]


def test_the_order_of_the_file_decides_who_is_found_by_name(sandbox):
    for key in ("one", "two"):
        sandbox.write(f"{key}.yaml", json.dumps({"agents": [{"name": "twin", "category": key}]}))
    for first, second in (("one", "two"), ("two", "one")):
        sandbox.configure(agents_of(entry(first), entry(second)))
        sandbox.settle()
        assert sandbox.get(f"{BASE}/twin")["category"] == first
        assert sandbox.get(f"{BASE}/twin", source=second)["category"] == second
        assert [item["sourceId"] for item in sandbox.get(BASE)["items"]] == sorted(
            ("one", "two"), key=lambda key: str(Agent.objects.get(source__key=key).id)
        )


def test_several_files_are_one_configuration(sandbox, settings):
    more = sandbox.folder / "more"
    settings.CATALOG = {**settings.CATALOG, "sources_files": (sandbox.sources_file, more / "sources.yaml")}
    sandbox.write("one.yaml", "agents: [{name: one-a}, {name: one-b}]")
    sandbox.write("more/two.yaml", "agents: [{name: two-a}]")
    sandbox.configure(agents_of(entry("one")))
    override = {"id": "one", "excludedItems": ["one-b"]}
    sandbox.write("more/sources.yaml", agents_of(override, entry("two")))
    sandbox.settle()
    assert sandbox.names(BASE) == ["one-a", "two-a"]
    (more / "sources.yaml").unlink()
    assert "cannot be read" in sandbox.settle().error
    assert sandbox.names(BASE) == ["one-a", "two-a"]


def test_sections_of_plugins_that_did_not_come_up_are_kept(served, monkeypatch):
    from catalog_core.plugins.registry import PluginRegistry, registry

    others = PluginRegistry()
    for plugin in registry:
        if plugin.name != "agents":
            others.register(plugin)
    served.registry = others
    served.configure(served.sources_file.read_text() + "\n")
    served.settle()
    served.registry = None
    assert Source.objects.filter(plugin="agents", removed_at=None).count() == 2
    assert served.names(BASE) == ALL


@pytest.mark.parametrize("interval", ["1h", None])
def test_a_source_is_looked_at_again_when_its_interval_is_over(served, interval):
    properties = {"yamlCatalogPath": "./one.yaml"} | ({"syncInterval": interval} if interval else {})
    served.configure(agents_of(entry("one", properties=properties), entry("two")))
    served.settle()
    served.write("one.yaml", "agents: [{name: one-a}, {name: one-c}]")
    served.settle()
    changed = ["one-a", "one-c", "two-a", "two-b"]
    assert served.names(BASE) == (ALL if interval else changed)
    Source.objects.update(next_refresh_at=timezone.now() - timezone.timedelta(seconds=1))
    served.settle()
    assert served.names(BASE) == changed
