"""Overview, plugins, entities, jobs, set-aside items and the configuration in the admin."""

import pytest
from django.db import OperationalError

from catalog_core.admin import source_filter
from catalog_core.jobs.models import JobState, RefreshJob
from catalog_core.jobs.queue import request_refresh
from catalog_core.plugins.discovery import failures
from catalog_core.plugins.models import PluginState
from catalog_core.sources.models import Source
from tests.core.admin.conftest import SECRET, address

CORE = "/admin/catalog_core"


@pytest.fixture
def broken_plugin(monkeypatch):
    """A plugin that could not even be imported, so the database knows nothing of it."""
    monkeypatch.setattr(failures, "_failures", {})
    try:
        raise ImportError("no module of that name")
    except ImportError as error:
        failures.record("crooked", "import", error)
    return "crooked"


def test_overview_shows_what_needs_attention(operator, lab, broken_plugin):
    lab.configure(lab.sources_file.read_text().replace("type: git", "type: gti"))
    lab.settle()
    page = operator.page("/admin/")
    assert "crooked" in page
    assert "failed at import" in page
    assert "mcp/lab" in page
    assert "The configuration has problems" in page


def test_overview_says_so_where_all_is_well(operator, lab):
    lab.write("lab.yaml", "mcp_servers:\n- {name: alpha}\n- {name: beta}\n")
    lab.settle()
    assert "All plugins serve" in operator.page("/admin/")


def test_overview_tells_staff_without_rights_nothing_about_the_configuration(clerk, lab):
    lab.configure("catalogs: [")
    lab.reconcile()
    page = clerk.page("/admin/")
    assert "mcp/lab" in page
    assert "configuration" not in page.split("content-main")[0]


def test_plugin_that_failed_at_import_is_listed_with_its_traceback(operator, clerk, broken_plugin):
    assert "failed at import" in operator.page(f"{CORE}/pluginstate/")
    page = operator.page(f"{CORE}/pluginstate/crooked/change/")
    assert "Traceback (most recent call last)" in page
    page = clerk.page(f"{CORE}/pluginstate/crooked/change/")
    assert "no module of that name" in page
    assert "Traceback (most recent call last)" not in page


def test_plugin_that_failed_later_says_when_it_is_tried_again(operator):
    PluginState.objects.filter(name="mcp").update(serving=False, stage="init", error="No key.", tries=3)
    assert "failed at init" in operator.page(f"{CORE}/pluginstate/")
    assert "No key." in operator.page(f"{CORE}/pluginstate/mcp/change/")


def test_plugin_page_shows_what_its_plugin_yaml_says(operator):
    page = operator.page(f"{CORE}/pluginstate/mcp/change/")
    assert "Apache-2.0" in page
    assert "/api/mcp_catalog/v1alpha1" in page
    operator.page(f"{CORE}/pluginstate/absent/change/", status=404)


def test_entities_are_listed_filtered_and_shown_but_not_edited(operator, clerk, lab):
    path = "/admin/mcp/mcpserver/"
    page = clerk.page(path, q="alph", source=lab.source("lab").pk)
    assert "alpha" in page
    assert "beta" not in page
    entity = lab.get("/api/mcp_catalog/v1alpha1/mcpservers")["items"][0]
    page = clerk.page(f"{path}{entity['id']}/change/")
    assert '"license": "MIT"' in page
    assert "As its source wrote it" not in page
    assert "As its source wrote it" in operator.page(f"{path}{entity['id']}/change/")
    operator.send(f"{path}{entity['id']}/change/", {"name": "other"}, status=403)
    operator.send(f"{path}{entity['id']}/delete/", {"post": "yes"}, status=403)
    operator.page(f"{path}add/", status=403)


def test_every_catalog_has_its_list_of_entities(operator):
    for path in ("agents/agent", "guardrails/guardrail", "knowledge/knowledgesource", "model/catalogmodel"):
        operator.page(f"/admin/{path}/")


def test_of_very_many_sources_the_first_are_offered_and_the_chosen_one(operator, lab, monkeypatch):
    monkeypatch.setattr(source_filter, "MOST_SOURCES", 1)
    path, remote = "/admin/mcp/mcpserver/", lab.source("remote").pk
    assert f"source={remote}" not in operator.page(path)
    assert "source=" in operator.page(path)
    page = operator.page(path, source=remote)
    assert f"source={remote}" in page
    assert "alpha" not in page
    assert "alpha" in operator.page(path, q="lab"), "the search finds what belongs to a source"
    for nonsense in ("x", "9" * 30):
        assert "alpha" in operator.page(path, source=nonsense)


def test_set_aside_items_can_be_narrowed_to_a_source(operator, lab):
    page = operator.page(f"{CORE}/setaside/")
    assert f"source={lab.source('lab').pk}" in page
    assert f"source={lab.source('remote').pk}" not in page, "nothing of it was set aside"
    assert "lab.yaml:4" in operator.page(f"{CORE}/setaside/", source=lab.source("lab").pk)
    assert "lab.yaml:4" not in operator.page(f"{CORE}/setaside/", source=lab.source("remote").pk)


def test_set_aside_items_have_place_reason_and_hint(operator, clerk):
    page = operator.page(f"{CORE}/setaside/")
    assert "lab.yaml:4" in page
    assert "left out</span>" in page
    clerk.page(f"{CORE}/setaside/", status=403)


def test_job_that_waits_is_shown_with_its_progress_and_cancelled(operator, lab):
    job, _ = request_refresh(lab.source("lab"), reason="request", requested_by="olga")
    for path in (f"{CORE}/refreshjob/running/", address("lab"), "/admin/"):
        assert f"{CORE}/refreshjob/{job.pk}/cancel/" in operator.page(path)
    assert "Cancelled: 1." in operator.send(f"{CORE}/refreshjob/{job.pk}/cancel/", {})
    job.refresh_from_db()
    assert job.state == JobState.CANCELED
    assert "No refresh waits or runs." in operator.page(f"{CORE}/refreshjob/running/")


def test_cancelling_leads_back_to_the_source_it_was_asked_from(operator, lab):
    job, _ = request_refresh(lab.source("lab"), reason="request")
    page = operator.send(f"{CORE}/refreshjob/{job.pk}/cancel/", {"source": lab.source("lab").pk})
    assert "<h1>mcp/lab</h1>" in page


def test_pages_of_the_core_come_first_and_sources_first_of_them(operator):
    page = operator.page("/admin/").split('id="content-main"')[1]
    paths = ("catalog_core/source", "catalog_core/configurationstate", "agents/agent")
    places = [page.index(f'href="/admin/{path}/"') for path in paths]
    assert places == sorted(places)


def test_busy_database_is_told_to_people_as_a_page(operator, lab, monkeypatch):
    def fail(*args, **options):
        raise OperationalError("database is locked")

    monkeypatch.setattr("catalog_core.admin.jobs.cancel", fail)
    operator.client.raise_request_exception = False
    job, _ = request_refresh(lab.source("lab"), reason="request")
    page = operator.send(f"{CORE}/refreshjob/{job.pk}/cancel/", {}, status=503)
    assert "<h1>The database is busy</h1>" in page
    assert "locked" not in page


def test_progress_of_one_source_leaves_out_the_others(operator, lab):
    request_refresh(lab.source("lab"), reason="request")
    page = operator.page(f"{CORE}/refreshjob/running/", source=lab.source("remote").pk)
    assert "No refresh waits or runs." in page


def test_jobs_that_are_over_are_not_cancelled(operator, lab):
    job = RefreshJob.objects.filter(state=JobState.SUCCEEDED).first()
    page = operator.send(f"{CORE}/refreshjob/", {"action": "cancel_jobs", "_selected_action": [job.pk]})
    assert "Cancelled: 0. Over already: 1." in page
    operator.page(f"{CORE}/refreshjob/{job.pk}/cancel/", status=405)


def test_job_texts_are_shown_without_secrets(operator, lab):
    source = Source.objects.get(key="remote")
    job, _ = request_refresh(source, reason="request")
    RefreshJob.objects.filter(pk=job.pk).update(last_error=f"{SECRET} was refused", progress="")
    for path in (f"{CORE}/refreshjob/", f"{CORE}/refreshjob/{job.pk}/change/", f"{CORE}/refreshjob/running/"):
        assert SECRET not in operator.page(path)


def test_staff_without_rights_sees_no_jobs(clerk, lab):
    job, _ = request_refresh(lab.source("lab"), reason="request")
    clerk.page(f"{CORE}/refreshjob/running/", status=403)
    clerk.send(f"{CORE}/refreshjob/{job.pk}/cancel/", {}, status=403)
    job.refresh_from_db()
    assert job.state == JobState.QUEUED


def test_configuration_page_says_what_is_wrong_and_where(operator, clerk, lab):
    assert "nothing is wrong with it" in operator.page(f"{CORE}/configurationstate/")
    lab.configure(lab.sources_file.read_text().replace("type: git", "type: gti"))
    lab.reconcile()
    page = operator.page(f"{CORE}/configurationstate/")
    assert "sources.yaml:" in page
    lab.configure("catalogs: [")
    lab.reconcile()
    assert "stays in force" in operator.page(f"{CORE}/configurationstate/")
    clerk.page(f"{CORE}/configurationstate/", status=403)
    clerk.send(f"{CORE}/configurationstate/reconcile/", {}, status=403)
    assert "A worker was asked" in operator.send(f"{CORE}/configurationstate/reconcile/", {})


def test_pages_hold_no_script_or_style_that_a_strict_policy_would_forbid(operator, lab):
    request_refresh(lab.source("lab"), reason="request")
    for path in ("/admin/", f"{CORE}/source/", address("lab"), f"{CORE}/pluginstate/", f"{CORE}/configurationstate/"):
        page = operator.page(path)
        assert "<style" not in page
        assert ' style="' not in page
        assert " onclick=" not in page
        assert all(" src=" in tag or "application/json" in tag for tag in page.split("<script")[1:])


def test_address_that_leads_nowhere_is_a_page_with_a_way_back(operator):
    page = operator.page("/admin/catalog_core/nothing/", status=404)
    assert "Page not found" in page
    assert 'href="/admin/"' in page


def test_programs_get_json_for_an_address_that_leads_nowhere(operator):
    answer = operator.client.get("/api/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
