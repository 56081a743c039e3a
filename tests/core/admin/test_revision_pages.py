"""Revisions in the admin: differences, and going back."""

from catalog_core.administration.changes import delete_source, patch_source
from catalog_core.sources.models import ConfigurationRevision
from tests.core.admin.conftest import CONFIGURATION, SECRET, address

LIST = "/admin/catalog_core/configurationrevision/"


def newest():
    return ConfigurationRevision.objects.first()


def version_on(page):
    return page.split('name="version" value="')[1].split('"')[0]


def test_list_marks_the_revision_in_force(operator):
    first = newest()
    patch_source("mcp", "lab", {"name": "Other"}, actor="robert", reason="why not")
    page = operator.page(LIST)
    assert page.count("in force</span>") == 1
    assert first.version[:8] in page
    assert "robert" in page
    assert "why not" in page


def test_difference_is_coloured_and_hides_secrets(operator):
    patch_source("mcp", "remote", {"name": "Other", "properties": {"authToken": "next-s3cr3t"}}, actor="robert")
    page = operator.page(f"{LIST}{newest().pk}/change/")
    assert 'class="catalog-added">+        name: Other' in page
    assert 'class="catalog-removed">-        name: Remote' in page
    assert SECRET not in page
    assert "next-s3cr3t" not in page
    assert "mcp/remote" in page
    assert "mcp/lab" not in page


def test_whole_configuration_goes_back_after_a_question(operator, lab):
    first = newest()
    patch_source("mcp", "lab", {"name": "Other"}, actor="robert")
    path = f"{LIST}{first.pk}/rollback/"
    question = operator.page(path)
    assert 'class="catalog-removed">-        name: Other' in question
    assert lab.source("lab").name == "Other"
    page = operator.send(path, {"version": version_on(question), "reason": "a mistake"})
    assert "Restored the configuration as it was" in page
    assert lab.sources_file.read_text() == CONFIGURATION
    assert (newest().actor, newest().reason) == ("olga", "a mistake")


def test_deleted_source_comes_back_alone(operator, lab):
    first = newest()
    patch_source("mcp", "remote", {"name": "Other"}, actor="robert")
    delete_source("mcp", "lab", actor="robert")
    page = operator.page(f"{LIST}{newest().pk}/change/")
    assert "removed</span>" in page
    path = f"{LIST}{first.pk}/rollback/?plugin=mcp&source=lab"
    page = operator.send(path, {"version": version_on(operator.page(path))})
    assert "Restored mcp/lab as it was" in page
    assert lab.source("lab").removed_at is None
    assert lab.source("remote").name == "Other"


def test_going_back_on_an_old_page_is_a_conflict(operator, lab):
    path = f"{LIST}{newest().pk}/rollback/"
    version = version_on(operator.page(path))
    patch_source("mcp", "lab", {"name": "Other"}, actor="robert")
    page = operator.send(path, {"version": version})
    assert "errornote" in page or 'class="error"' in page
    assert lab.source("lab").name == "Other"


def test_revisions_of_one_source_are_listed(operator, lab):
    patch_source("mcp", "remote", {"name": "Other"}, actor="robert")
    patch_source("mcp", "lab", {"name": "Other"}, actor="susan")
    page = operator.page(f"{LIST}of-source/{lab.source('remote').pk}/")
    assert "robert" in page
    assert "susan" not in page
    assert f"{LIST}of-source/" in operator.page(address("lab"))


def test_unknown_revisions_are_not_found_and_others_are_not_let_in(operator, clerk, lab):
    operator.page(f"{LIST}999/change/", status=404)
    operator.page(f"{LIST}of-source/999/", status=404)
    pk = newest().pk
    for path in (f"{LIST}{pk}/change/", f"{LIST}{pk}/rollback/", f"{LIST}of-source/{lab.source('lab').pk}/"):
        clerk.page(path, status=403)
    clerk.send(f"{LIST}{pk}/rollback/", {}, status=403)
