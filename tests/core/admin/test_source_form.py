"""The form of a source: real fields, kept secrets, problems at their fields, conflicts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_core.admin.source_saving import merge_patch
from catalog_core.administration.changes import enable_source
from catalog_core.administration.wish import merged
from catalog_core.sources.models import ConfigurationRevision, Source
from tests.core.admin.conftest import CONFIGURATION, SECRET, SERVERS, address, fields_of

ADD = "/admin/catalog_core/source/add/"


def test_choice_offers_the_types_that_each_catalog_can_have(operator):
    page = operator.page(ADD)
    assert "?plugin=mcp&type=git" in page
    assert "?plugin=mcp&type=yaml" in page


@pytest.mark.parametrize("query", ["plugin=mcp&type=ftp", "plugin=mcp"])
def test_unknown_type_has_no_form(operator, query):
    operator.page(f"{ADD}?{query}", status=404)


def test_source_is_added_with_its_properties(operator, lab):
    lab.write("new.yaml", SERVERS)
    path = f"{ADD}?plugin=mcp&type=yaml"
    form = fields_of(operator.page(path)) | {
        "key": "new",
        "name": "New one",
        "property_yamlCatalogPath": "./new.yaml",
        "labels": "one\r\ntwo\r\n",
        "reason": "for the fair",
    }
    page = operator.send(path, form)
    assert "Added mcp/new. A refresh was asked for." in page
    source = lab.source("new")
    assert (source.labels, source.properties) == (["one", "two"], {"yamlCatalogPath": "./new.yaml"})
    revision = ConfigurationRevision.objects.first()
    assert (revision.actor, revision.reason) == ("olga", "for the fair")
    assert "# the first one" in lab.sources_file.read_text()


def test_adding_does_not_replace_a_source_of_the_same_id(operator, lab):
    path = f"{ADD}?plugin=mcp&type=yaml"
    form = fields_of(operator.page(path)) | {"key": "lab", "name": "X", "property_yamlCatalogPath": "./x.yaml"}
    assert 'There is a source "lab" already.' in operator.send(path, form)
    assert lab.source("lab").name == "Lab"


@pytest.mark.parametrize("name", ["X", ""])
def test_each_problem_stands_at_its_field(operator, lab, name):
    path = f"{ADD}?plugin=mcp&type=git"
    form = fields_of(operator.page(path)) | {
        "key": "Bad Id",
        "name": name,
        "property_repoUrl": "ftp://example.org",
        "property_syncInterval": "soon",
        "included": "[",
    }
    page = operator.send(path, form)
    rows = {row.split('"')[0].split()[0]: row for row in page.split("errors field-")[1:]}
    assert {"key", "property_repoUrl", "property_syncInterval"} <= rows.keys()
    assert "has to be an address" in rows["property_repoUrl"]
    assert "Bad Id" in page
    assert set(Source.objects.values_list("key", flat=True)) == {"lab", "remote"}


def test_form_of_a_source_never_holds_its_secret_and_keeps_it_untouched(operator, lab):
    page = operator.page(address("remote"))
    assert SECRET not in page
    assert 'type="password"' in page
    form = fields_of(page)
    assert form["property_authToken_kind"] == "keep"
    page = operator.send(address("remote"), form | {"name": "Renamed"})
    assert "Changed mcp/remote." in page
    assert lab.source("remote").properties["authToken"] == SECRET
    text = lab.sources_file.read_text()
    assert "name: Renamed" in text
    assert SECRET in text


def test_saving_without_a_change_changes_nothing(operator, lab):
    before, revisions = lab.sources_file.read_text(), ConfigurationRevision.objects.count()
    for key in ("lab", "remote"):
        page = operator.send(address(key), fields_of(operator.page(address(key))))
        assert "Nothing to change" in page
    assert lab.sources_file.read_text() == before
    assert ConfigurationRevision.objects.count() == revisions


@pytest.mark.parametrize(
    ("kind", "value", "reference", "expected"),
    [
        ("value", "another-s3cr3t", "", "another-s3cr3t"),
        ("keep", "another-s3cr3t", "", "another-s3cr3t"),
        ("env", "", "LAB_TOKEN", {"env": "LAB_TOKEN"}),
        ("file", "", "./token", {"file": "./token"}),
        ("kubernetes", "", "lab/token", {"name": "lab", "key": "token"}),
        ("kubernetes", "", "ns/lab/token", {"namespace": "ns", "name": "lab", "key": "token"}),
        ("none", "", "", None),
    ],
)
def test_secret_is_replaced_referred_to_or_removed(operator, lab, kind, value, reference, expected):
    form = fields_of(operator.page(address("remote")))
    parts = {"kind": kind, "value": value, "reference": reference}
    page = operator.send(address("remote"), form | {f"property_authToken_{part}": one for part, one in parts.items()})
    assert "Changed mcp/remote." in page
    assert lab.source("remote").properties.get("authToken") == expected
    shown = fields_of(operator.page(address("remote")))
    assert shown["property_authToken_reference"] == reference
    assert not shown["property_authToken_value"]


@pytest.mark.parametrize(
    ("kind", "reference", "problem"),
    [
        ("value", "", "Type the secret"),
        ("env", "NOT A NAME", "the name of the variable"),
        ("env", "", "the name of the variable"),
        ("file", "", "the path of the file"),
        ("kubernetes", "lab", "namespace/name/key"),
    ],
)
def test_secret_that_is_not_given_is_told_at_its_field(operator, lab, kind, reference, problem):
    form = fields_of(operator.page(address("remote")))
    form |= {"property_authToken_kind": kind, "property_authToken_reference": reference}
    page = operator.send(address("remote"), form)
    assert problem in page.split("errors field-property_authToken")[1].split("</div>")[0]
    assert lab.source("remote").properties["authToken"] == SECRET


def test_secret_headers_are_kept_line_by_line(operator, lab):
    path = f"{ADD}?plugin=mcp&type=http"
    form = fields_of(operator.page(path)) | {
        "key": "web",
        "name": "Web",
        "property_url": "https://example.org/a.yaml",
        "property_headers": "X-Key: hidden-header-value\r\nX-Other: {env: OTHER}",
    }
    form.pop("enabled")
    assert "Added mcp/web." in operator.send(path, form)
    shown = fields_of(operator.page(address("web")))
    assert shown["property_headers"] == "X-Key: ***REDACTED***\nX-Other: {env: OTHER}"
    lines = shown["property_headers"].replace("OTHER", "THIRD") + "\nX-More: {file: ./more}"
    operator.send(address("web"), shown | {"property_headers": lines})
    expected = {"X-Key": "hidden-header-value", "X-Other": {"env": "THIRD"}, "X-More": {"file": "./more"}}
    assert lab.source("web").properties["headers"] == expected
    page = operator.send(address("web"), shown | {"property_headers": "no colon"})
    assert "Write one pair in each line" in page


def test_conflict_shows_what_changed_and_keeps_what_was_written(operator, lab):
    form = fields_of(operator.page(address("lab"))) | {"name": "My name"}
    enable_source("mcp", "remote", True, actor="robert")
    page = operator.send(address("lab"), form)
    assert "was changed while you were writing" in page
    assert "robert" in page
    assert "enabled: true" in page
    assert SECRET not in page
    kept = fields_of(page)
    assert kept["name"] == "My name"
    assert lab.source("lab").name == "Lab"
    assert "Changed mcp/lab." in operator.send(address("lab"), kept)
    assert (lab.source("lab").name, lab.source("remote").enabled) == ("My name", True)


def test_change_of_the_file_that_nobody_has_seen_yet_is_a_conflict_too(operator, lab):
    form = fields_of(operator.page(address("lab"))) | {"name": "My name"}
    lab.configure(lab.sources_file.read_text() + "# a remark\n")
    assert "has yet to look at it" in operator.send(address("lab"), form)
    lab.reconcile()
    page = operator.send(address("lab"), form)
    assert "# a remark" in page
    assert "My name" in page


def test_configuration_that_cannot_be_written_is_told_above_the_form(operator, lab, settings):
    form = fields_of(operator.page(address("lab"))) | {"name": "My name"}
    settings.CATALOG = {**settings.CATALOG, "config_store_mode": "none"}
    page = operator.send(address("lab"), form)
    assert 'class="errorlist nonfield' in page
    assert fields_of(page)["name"] == "My name"


def test_faulty_entry_is_shown_and_mended_as_a_whole(operator, lab):
    text = lab.sources_file.read_text()
    lab.configure(text.replace("repoUrl: https", "repoUrl: ftp"))
    lab.settle()
    page = operator.page(address("remote"))
    assert "has to be an address" in page
    form = fields_of(page) | {"property_repoUrl": "https://git.example.org/catalog.git"}
    assert "Changed mcp/remote." in operator.send(address("remote"), form)
    assert lab.source("remote").error_code == ""
    assert SECRET in lab.sources_file.read_text()


def test_entry_of_an_unknown_type_shows_the_last_good_one_which_saving_restores(operator, lab):
    lab.configure(lab.sources_file.read_text().replace("type: git", "type: gti"))
    lab.settle()
    page = operator.page(address("remote"))
    assert "gti" in page
    assert "Changed mcp/remote." in operator.send(address("remote"), fields_of(page))
    assert "type: git\n" in lab.sources_file.read_text()


def as_draft(page, **changes):
    """Return what a browser sends when somebody changes these fields and asks for the fields of the chosen type."""
    return fields_of(page) | changes | {"_show_fields": "Show its fields"}


def test_type_of_a_source_is_changed_with_the_fields_of_the_other_type(operator, lab):
    before = lab.sources_file.read_text()
    page = operator.send(address("remote"), as_draft(operator.page(address("remote")), type="http"))
    assert "errorlist" not in page
    assert "Saving reads this source in another way" in page
    assert "repoUrl, authToken" in page
    assert lab.sources_file.read_text() == before, "looking at other fields saves nothing"
    form = fields_of(page) | {"property_url": "https://example.org/a.yaml", "reason": "they moved"}
    assert "Changed mcp/remote." in operator.send(address("remote"), form)
    source = lab.source("remote")
    assert (source.type, source.properties) == ("http", {"url": "https://example.org/a.yaml"})
    assert lab.sources_file.read_text() == before.replace("type: git", "type: http").replace(
        "repoUrl: https://git.example.org/catalog.git\n          authToken: s3cr3t-of-the-remote",
        "url: https://example.org/a.yaml",
    )
    assert ConfigurationRevision.objects.first().reason == "they moved"


def test_nothing_is_lost_on_the_way_to_another_type_and_back(operator, lab):
    page = operator.page(address("remote"))
    there = operator.send(address("remote"), as_draft(page, type="http", name="My name", property_branch="stable"))
    assert SECRET not in there
    back = operator.send(address("remote"), as_draft(there, type="git", property_url="https://example.org/a.yaml"))
    form = fields_of(back)
    assert (form["name"], form["property_branch"]) == ("My name", "stable")
    assert form["property_repoUrl"] == "https://git.example.org/catalog.git"
    assert form["property_authToken_kind"] == "keep"
    assert "Changed mcp/remote." in operator.send(address("remote"), form)
    source = lab.source("remote")
    assert (source.type, source.properties["authToken"], source.properties["branch"]) == ("git", SECRET, "stable")
    assert "url" not in source.properties


def test_saving_with_another_type_at_once_asks_for_its_fields(operator, lab):
    page = operator.send(address("remote"), fields_of(operator.page(address("remote"))) | {"type": "http"})
    assert "This field is required" in page.split("errors field-property_url")[1].split("</div>")[0]
    assert fields_of(page)["property_repoUrl"] == "https://git.example.org/catalog.git", "kept, though not shown"
    assert lab.source("remote").type == "git"


@pytest.mark.parametrize("wanted", ["ftp", ""])
def test_type_that_there_is_not_is_refused_at_its_field(operator, lab, wanted):
    page = operator.send(address("remote"), fields_of(operator.page(address("remote"))) | {"type": wanted})
    assert "errorlist" in page.split("field-type")[1].split("</select>")[0]
    assert lab.source("remote").type == "git"


def test_type_of_a_new_source_is_changed_before_it_is_added(operator, lab):
    lab.write("new.yaml", SERVERS)
    path = f"{ADD}?plugin=mcp&type=git"
    page = operator.send(path, as_draft(operator.page(path), type="yaml", key="new", name="New one"))
    form = fields_of(page) | {"property_yamlCatalogPath": "./new.yaml"}
    assert "Added mcp/new." in operator.send(path, form)
    assert lab.source("new").type == "yaml"


def test_entry_whose_type_was_never_known_is_mended_in_the_form(operator, lab):
    lab.configure(CONFIGURATION.replace("id: remote", "id: other").replace("type: git", "type: gti"))
    lab.settle()
    page = operator.page(address("other"))
    assert "gti (unknown)" in page
    page = operator.send(address("other"), as_draft(page, type="git"))
    assert SECRET not in page
    form = fields_of(page)
    assert form["property_repoUrl"] == "https://git.example.org/catalog.git"
    assert "Changed mcp/other." in operator.send(address("other"), form)
    source = lab.source("other")
    assert (source.type, source.error_code, source.properties["authToken"]) == ("git", "", SECRET)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)


def without_nulls(value):
    if isinstance(value, dict):
        return {key: without_nulls(one) for key, one in value.items() if one is not None}
    return value


@given(before=st.dictionaries(st.sampled_from("abc"), JSON), after=st.dictionaries(st.sampled_from("abc"), JSON))
def test_patch_between_two_entries_leads_from_one_to_the_other(before, after):
    before, after = without_nulls(before), without_nulls(after)
    assert merged(before, merge_patch(before, after)) == after
    assert merge_patch(after, after) == {}


def test_property_that_no_type_knows_is_named_and_taken_out(operator, lab):
    misspelt = "      - {id: new, name: New, type: yaml, properties: {yamlCatalogPth: ./lab.yaml}}\n"
    lab.configure(CONFIGURATION + misspelt)
    lab.settle()
    form = fields_of(operator.page(address("new"))) | {"property_yamlCatalogPath": "./lab.yaml"}
    assert "Nothing was saved." in operator.send(address("new"), form)
    assert "Changed mcp/new." in operator.send(address("new"), form | {"unknown_yamlCatalogPth": "on"})
    assert "yamlCatalogPth" not in lab.sources_file.read_text()


def test_boxes_of_a_secret_are_named_for_those_who_do_not_see_them(operator):
    page = operator.page(address("remote"))
    assert 'aria-label="authToken: where the secret comes from"' in page
    assert 'for="id_property_authToken_kind"' in page
