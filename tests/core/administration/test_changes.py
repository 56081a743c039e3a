"""Changing the configuration of a running server: checked first, then in file, database and queue at once."""

import pytest

from catalog_core.administration import changes
from catalog_core.exceptions import (
    ConfigurationConflict,
    ConfigurationReadOnly,
    ConfigurationUnavailable,
    InvalidDocument,
    NotFound,
)
from catalog_core.jobs.models import RefreshJob
from catalog_core.sources.models import ConfigurationRevision, ConfigurationState, Source
from catalog_core.sources.revisions import revisions, source_revisions

CONFIGURATION = """\
# The sources of the lab.
catalogs:
  mcp:
    sources:
      - id: lab            # the first one
        name: Lab
        type: yaml
        properties:
          yamlCatalogPath: ./lab.yaml
      - id: spare
        name: Spare
        type: yaml
        enabled: false
        properties: {yamlCatalogPath: ./spare.yaml}
        includedItems: ["a*"]
"""
SERVERS = "mcp_servers:\n- {name: alpha}\n"
NEW = {"id": "new", "name": "New", "type": "yaml", "properties": {"yamlCatalogPath": "./new.yaml"}}


@pytest.fixture
def lab(sandbox):
    """A server with two sources, brought up to date."""
    for name in ("lab", "spare", "new"):
        sandbox.write(f"{name}.yaml", SERVERS)
    sandbox.configure(CONFIGURATION)
    sandbox.settle()
    return sandbox


def text(lab):
    return lab.sources_file.read_text()


def state_of_everything(lab):
    rows = list(Source.objects.order_by("pk").values())
    jobs = list(RefreshJob.objects.order_by("pk").values())
    revisions_ = list(ConfigurationRevision.objects.values_list("pk", "version"))
    return text(lab), rows, jobs, revisions_, ConfigurationState.objects.values().get()


def configured(plugin="mcp"):
    return [(row.key, row.enabled) for row in Source.objects.configured().filter(plugin=plugin)]


REFUSED = {
    "unknown plugin": (lambda: changes.apply_source("mpc", NEW, actor="ada"), NotFound, 'Did you mean "mcp"'),
    "unknown source": (lambda: changes.enable_source("mcp", "nobody", True, actor="ada"), NotFound, "nobody"),
    "deleting an unknown source": (lambda: changes.delete_source("mcp", "nobody", actor="ada"), NotFound, "nobody"),
    "no id": (lambda: changes.apply_source("mcp", {"type": "yaml"}, actor="ada"), InvalidDocument, "no id"),
    "no type": (lambda: changes.apply_source("mcp", {"id": "x"}, actor="ada"), InvalidDocument, "no type"),
    "unknown type": (
        lambda: changes.apply_source("mcp", {**NEW, "type": "yml"}, actor="ada"),
        InvalidDocument,
        'Did you mean "yaml"',
    ),
    "unknown key": (
        lambda: changes.apply_source("mcp", {**NEW, "lables": []}, actor="ada"),
        InvalidDocument,
        'lables: The key "lables" is not known here. Did you mean "labels"',
    ),
    "unknown property": (
        lambda: changes.apply_source("mcp", {**NEW, "properties": {"yamlCatalogPaht": "x"}}, actor="ada"),
        InvalidDocument,
        "properties.yamlCatalogPaht: ",
    ),
    "wrong property": (
        lambda: changes.patch_source("mcp", "lab", {"properties": {"yamlCatalogPath": 7}}, actor="ada"),
        InvalidDocument,
        "properties.yamlCatalogPath: This has to be text",
    ),
    "wrong type of a key": (
        lambda: changes.patch_source("mcp", "lab", {"enabled": "false"}, actor="ada"),
        InvalidDocument,
        "enabled: ",
    ),
    "no JSON": (lambda: changes.apply_source("mcp", {**NEW, "labels": [{1}]}, actor="ada"), InvalidDocument, "JSON"),
    "half a character": (
        lambda: changes.apply_source("mcp", {**NEW, "name": "\ud800"}, actor="ada"),
        InvalidDocument,
        "JSON",
    ),
    "another id": (lambda: changes.patch_source("mcp", "lab", {"id": "x"}, actor="ada"), InvalidDocument, "keeps its"),
    "an old version": (
        lambda: changes.delete_source("mcp", "lab", actor="ada", expected_version="0" * 64),
        ConfigurationConflict,
        "changed meanwhile",
    ),
    "unknown revision": (lambda: changes.rollback("0" * 64, actor="ada"), NotFound, "no revision"),
    "too little of a revision": (lambda: changes.rollback("abc", actor="ada"), NotFound, "at least the first 8"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_refused_leaves_no_trace(lab, case):
    change, error, words = REFUSED[case]
    before = state_of_everything(lab)
    with pytest.raises(error) as refused:
        change()
    assert words in str(refused.value)
    assert state_of_everything(lab) == before


def test_a_new_source_is_in_the_file_the_database_and_the_queue_when_the_call_returns(lab):
    change = changes.apply_source("mcp", NEW, actor="ada", reason="for the demo")
    assert text(lab) == CONFIGURATION + (
        "      - id: new\n        name: New\n        type: yaml\n        properties:\n"
        "          yamlCatalogPath: ./new.yaml\n"
    )
    assert (change.created, change.changed, change.source.key) == (True, True, "new")
    assert change.version == changes.current_version() == ConfigurationState.current().version
    assert [(job.source.key, job.requested_by) for job in change.jobs] == [("new", "ada")]
    newest = revisions()[0]
    assert (newest.version, newest.actor, newest.reason) == (change.version, "ada", "for the demo")
    assert lab.reconcile().changes.summary() == "no source changed"
    lab.work()
    assert lab.source("new").entity_count == 1


def test_the_same_once_more_changes_nothing(lab):
    first = changes.apply_source("mcp", NEW, actor="ada")
    lab.work()
    before = state_of_everything(lab)
    second = changes.apply_source("mcp", NEW, actor="bob")
    assert (second.version, second.created, second.changed, second.jobs) == (first.version, False, False, ())
    assert state_of_everything(lab) == before


def test_applying_keeps_the_patterns_unless_it_states_them(lab):
    spare = {"id": "spare", "name": "Renamed", "type": "yaml", "properties": {"yamlCatalogPath": "./spare.yaml"}}
    change = changes.apply_source("mcp", spare, actor="ada")
    assert (change.created, change.changed) == (False, True)
    assert (change.source.name, change.source.enabled, change.source.included_items) == ("Renamed", True, ["a*"])
    assert changes.apply_source("mcp", {**spare, "includedItems": []}, actor="ada").source.included_items == []


def test_a_patch_changes_what_it_names_and_null_takes_out(lab):
    patch = {"name": "Other", "includedItems": None, "properties": {"shrinkThresholdPercent": 10}}
    change = changes.patch_source("mcp", "spare", patch, actor="ada")
    assert change.source.name == "Other"
    assert change.source.properties == {"yamlCatalogPath": "./spare.yaml", "shrinkThresholdPercent": 10}
    assert change.source.included_items == []
    assert "includedItems" not in text(lab)


def test_switching_off_hides_at_once_and_switching_on_asks_for_a_refresh(lab):
    off = changes.enable_source("mcp", "lab", False, actor="ada")
    assert (off.source.state, off.jobs) == ("disabled", ())
    assert lab.names("/api/mcp_catalog/v1alpha1/mcpservers") == []
    on = changes.enable_source("mcp", "lab", True, actor="ada")
    assert [job.source.key for job in on.jobs] == ["lab"]
    assert lab.names("/api/mcp_catalog/v1alpha1/mcpservers") == ["alpha"]
    assert text(lab) == CONFIGURATION.replace("type: yaml\n", "type: yaml\n        enabled: true\n", 1)


def test_deleting_takes_the_entities_and_can_be_undone_from_a_revision(lab):
    before = changes.current_version()
    gone = changes.delete_source("mcp", "lab", actor="ada")
    assert gone.source.removed_at is not None
    assert configured() == [("spare", False)]
    back = changes.rollback_source("mcp", "lab", before[:8], actor="bob")
    assert (back.created, back.source.removed_at) == (True, None)
    assert configured() == [("lab", True), ("spare", False)], "it stands where it stood"
    assert revisions()[0].reason == f"lab back to {before[:8]}"
    lab.work()
    assert lab.names("/api/mcp_catalog/v1alpha1/mcpservers") == ["alpha"]


def test_a_whole_rollback_restores_every_byte(lab):
    before = changes.current_version()
    changes.apply_source("mcp", NEW, actor="ada")
    changes.enable_source("mcp", "spare", True, actor="ada")
    back = changes.rollback(before[:10], actor="ada")
    assert text(lab) == CONFIGURATION
    assert (back.version, back.changed, back.source) == (before, True, None)
    assert configured() == [("lab", True), ("spare", False)]
    assert [one.actor for one in revisions()] == ["ada", "ada", "ada", "file"]


def test_rolling_one_source_back_leaves_the_others_alone(lab):
    before = changes.current_version()
    changes.patch_source("mcp", "lab", {"name": "Changed"}, actor="ada")
    changes.enable_source("mcp", "spare", True, actor="ada")
    changes.rollback_source("mcp", "lab", before, actor="ada")
    assert text(lab) == CONFIGURATION.replace("enabled: false", "enabled: true")


def test_rolling_back_to_before_a_source_existed_takes_it_out(lab):
    before = changes.current_version()
    changes.apply_source("mcp", NEW, actor="ada")
    assert changes.rollback_source("mcp", "new", before, actor="ada").source.removed_at is not None
    assert text(lab) == CONFIGURATION
    with pytest.raises(NotFound, match="neither now nor in"):
        changes.rollback_source("mcp", "nobody", before, actor="ada")


def test_an_edit_on_disk_that_nobody_has_noticed_becomes_a_revision_of_its_own(lab):
    lab.configure(CONFIGURATION.replace("name: Spare", "name: By hand"))
    changes.enable_source("mcp", "spare", True, actor="ada")
    assert [one.actor for one in revisions()] == ["ada", "file", "file"]
    assert lab.source("spare").name == "By hand"
    assert "name: By hand" in text(lab)


def test_an_edit_on_disk_that_nobody_has_noticed_is_a_conflict_for_who_has_not_seen_it(lab):
    seen = changes.current_version()
    lab.configure(CONFIGURATION + "# by hand\n")
    with pytest.raises(ConfigurationConflict):
        changes.enable_source("mcp", "spare", True, actor="ada", expected_version=seen)
    assert text(lab) == CONFIGURATION + "# by hand\n"


def test_a_broken_file_is_not_edited_but_can_be_rolled_back(lab):
    before = changes.current_version()
    lab.configure("catalogs: [\n")
    with pytest.raises(InvalidDocument):
        changes.enable_source("mcp", "spare", True, actor="ada")
    assert text(lab) == "catalogs: [\n"
    assert lab.reconcile().error
    assert changes.rollback(before, actor="ada").changed
    assert text(lab) == CONFIGURATION
    assert ConfigurationState.current().error == ""


def test_a_file_that_cannot_be_written_refuses_everything_and_says_why(lab, settings):
    settings.CATALOG = {**settings.CATALOG, "config_store_mode": "none"}
    before = state_of_everything(lab)
    for change in (
        lambda: changes.apply_source("mcp", NEW, actor="ada"),
        lambda: changes.enable_source("mcp", "spare", True, actor="ada"),
        lambda: changes.delete_source("mcp", "lab", actor="ada"),
    ):
        with pytest.raises(ConfigurationReadOnly, match="CATALOG_CONFIG_STORE_MODE is none"):
            change()
    assert state_of_everything(lab) == before


def test_a_file_that_is_gone_is_said_to_be_gone(lab):
    lab.sources_file.unlink()
    with pytest.raises(ConfigurationUnavailable, match="cannot be read"):
        changes.enable_source("mcp", "spare", True, actor="ada")


def test_a_faulty_entry_can_be_replaced_but_not_changed_in_part(lab):
    lab.configure(CONFIGURATION.replace("includedItems", "includeditem"))
    lab.reconcile()
    with pytest.raises(InvalidDocument, match="is faulty"):
        changes.enable_source("mcp", "spare", True, actor="ada")
    spare = {"id": "spare", "name": "Spare", "type": "yaml", "properties": {"yamlCatalogPath": "./spare.yaml"}}
    assert changes.apply_source("mcp", spare, actor="ada").source.enabled
    assert "includeditem" not in text(lab)


def test_a_change_that_makes_the_file_too_large_is_refused(lab, settings):
    settings.CATALOG = {**settings.CATALOG, "configuration_max_bytes": len(CONFIGURATION) + 20}
    with pytest.raises(InvalidDocument, match="larger than"):
        changes.apply_source("mcp", NEW, actor="ada")
    assert text(lab) == CONFIGURATION


def test_an_override_in_a_second_file_is_changed_there(lab, settings):
    override = lab.write("override.yaml", "catalogs:\n  mcp:\n    sources:\n    - {id: spare, enabled: true}\n")
    settings.CATALOG = {**settings.CATALOG, "sources_files": (lab.sources_file, override)}
    lab.settle()
    before = changes.current_version()
    changes.enable_source("mcp", "spare", False, actor="ada")
    assert "{id: spare, enabled: false}" in override.read_text()
    assert text(lab) == CONFIGURATION
    changes.delete_source("mcp", "spare", actor="ada")
    assert "spare" not in override.read_text() + text(lab)
    changes.rollback(before, actor="ada")
    assert "{id: spare, enabled: true}" in override.read_text()
    assert text(lab) == CONFIGURATION


def test_a_revision_of_other_files_is_not_restored_over_the_present_ones(lab, settings):
    before = changes.current_version()
    override = lab.write("override.yaml", "catalogs: {}\n")
    settings.CATALOG = {**settings.CATALOG, "sources_files": (lab.sources_file, override)}
    lab.settle()
    with pytest.raises(InvalidDocument, match=r"consists of 1 files \(sources.yaml\), and 2 are configured now"):
        changes.rollback(before, actor="ada")


def test_the_history_of_a_source_lists_what_changed_it(lab):
    changes.enable_source("mcp", "spare", True, actor="ada")
    changes.patch_source("mcp", "lab", {"name": "L"}, actor="bob")
    changes.delete_source("mcp", "spare", actor="cyd")
    assert [one.actor for one in source_revisions("mcp", "spare")] == ["cyd", "ada", "file"]
    assert [one.actor for one in source_revisions("mcp", "lab")] == ["bob", "file"]
    assert source_revisions("mcp", "nobody") == []
    newest, *rest = source_revisions("mcp", "spare")
    assert source_revisions("mcp", "spare", before=newest.pk) == rest
    assert source_revisions("mcp", "spare", before=newest.pk, limit=1) == rest[:1]


def test_old_revisions_are_forgotten(lab, settings):
    settings.CATALOG = {**settings.CATALOG, "configuration_revisions": 3}
    first = changes.current_version()
    for number in range(5):
        changes.patch_source("mcp", "lab", {"name": f"Name {number}"}, actor="ada")
    assert len(revisions()) == 3
    assert revisions()[0].version == changes.current_version()
    assert [one.pk for one in revisions(before=revisions()[0].pk, limit=1)] == [revisions()[1].pk]
    with pytest.raises(NotFound, match="forgotten"):
        changes.rollback(first, actor="ada")
