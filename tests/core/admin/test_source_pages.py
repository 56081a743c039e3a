"""Sources in the admin: the list, the page of one, and what can be done with them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog_core.jobs.models import RefreshJob
from catalog_core.sources.models import Source, SourceState
from tests.core.admin.conftest import SECRET, address

LIST = "/admin/catalog_core/source/"


def act(operator, action, *keys):
    rows = [Source.objects.get(key=key).pk for key in keys]
    return operator.send(LIST, {"action": action, "_selected_action": rows})


def test_list_shows_states_in_words_counts_and_errors(operator):
    Source.objects.filter(key="lab").update(state="error", error="No route.", error_code="unavailable")
    page = operator.page(LIST)
    assert "catalog-bad" in page
    assert ">error</span>" in page
    assert "No route." in page
    assert ">disabled</span>" in page
    assert SECRET not in page


def test_stored_error_is_shown_without_the_secret_it_quotes(operator):
    Source.objects.filter(key="remote").update(error=f"{SECRET} is refused", error_code="unavailable")
    for path in (LIST, address("remote"), "/admin/"):
        assert SECRET not in operator.page(path)


def test_list_is_filtered_and_searched(operator):
    assert "remote" not in operator.page(LIST, state="partially-available").split('id="result_list"')[1]
    assert "remote" in operator.page(LIST, q="remo").split('id="result_list"')[1]


@pytest.mark.parametrize(
    "path",
    ["source", "refreshjob", "setaside", "configurationrevision", "pluginstate"],
)
def test_lists_cost_the_same_number_of_queries_for_few_rows_and_many(operator, lab, path):
    address_ = f"/admin/catalog_core/{path}/"
    operator.page(address_)

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            operator.page(address_)
        return len(captured)

    few = queries()
    files = {f"s{number}": f"mcp_servers:\n- {{name: n{number}}}\n- {{}}\n" for number in range(12)}
    lab.serve("mcp", files)
    Source.objects.filter(key="s1").update(state=SourceState.ERROR, error="x", error_code="unavailable")
    assert queries() == few


def test_sources_are_disabled_and_enabled_through_the_configuration(operator, lab):
    assert "Disabled: 1." in act(operator, "disable", "lab")
    assert "enabled: false\n" in lab.sources_file.read_text().split("id: remote")[0]
    assert lab.source("lab").enabled is False
    operator.send(address("lab", "do/enable"), {})
    assert lab.source("lab").enabled is True
    assert "# the first one" in lab.sources_file.read_text()


def test_action_that_fails_says_why_and_the_others_go_on(operator, lab, settings):
    settings.CATALOG = {**settings.CATALOG, "config_store_mode": "none"}
    page = act(operator, "disable", "lab")
    assert "Source mcp/lab: " in page
    assert lab.source("lab").enabled is True


def test_refreshes_are_asked_for_in_the_name_of_the_person(operator):
    RefreshJob.objects.all().delete()
    assert "Left out because disabled: 1." in act(operator, "force_refresh", "lab", "remote")
    job = RefreshJob.objects.get()
    assert (job.source.key, job.requested_by, job.forced) == ("lab", "olga", True)
    assert "Asked for 1 refresh." in operator.send(address("lab", "do/refresh"), {})


def test_validation_shows_each_layer(operator):
    page = act(operator, "validate_sources", "lab", "remote")
    assert page.count(">passed</span>") == 9
    assert "A credential stands here in the open." in page
    assert SECRET not in page


def test_plan_shows_what_a_refresh_would_change(operator, lab):
    lab.write("lab.yaml", "mcp_servers:\n- {name: alpha, license: MIT}\n- {name: gamma}\n")
    page = operator.send(address("lab", "do/plan_sources"), {})
    assert "would change" in page
    assert "gamma" in page
    assert lab.names("/api/mcp_catalog/v1alpha1/mcpservers") == ["alpha", "beta"]


def test_plan_of_a_source_that_cannot_be_read_says_why(operator, lab):
    (lab.folder / "lab.yaml").unlink()
    page = act(operator, "plan_sources", "lab")
    assert "no plan" in page
    assert "lab.yaml" in page


def test_page_of_a_source_lists_what_was_set_aside(operator):
    page = operator.page(address("lab"))
    assert "partially available" in page
    assert "lab.yaml:4" in page


def test_deleting_asks_first_and_goes_through_the_configuration(operator, lab):
    question = operator.page(address("lab", "delete"))
    assert "2 entities" in question
    version = question.split('name="version" value="')[1].split('"')[0]
    page = operator.send(address("lab", "delete"), {"version": version, "reason": "moved"})
    assert "Deleted mcp/lab." in page
    assert "id: lab" not in lab.sources_file.read_text()
    assert lab.names("/api/mcp_catalog/v1alpha1/mcpservers") == []


def test_deleting_what_has_changed_meanwhile_is_a_conflict(operator, lab):
    before = lab.sources_file.read_text()
    page = operator.send(address("lab", "delete"), {"version": "0" * 64})
    assert "Deleted" not in page
    assert lab.sources_file.read_text() == before


def test_django_own_way_to_delete_rows_is_not_offered(operator, lab):
    assert "delete_selected" not in operator.page(LIST)
    act(operator, "delete_selected", "lab")
    assert lab.source("lab").removed_at is None


def test_unknown_sources_and_actions_are_not_found(operator):
    operator.page(f"{LIST}999/change/", status=404)
    operator.page(address("lab", "do/explode"), status=404)
    operator.page(address("lab", "do/refresh"), status=405)


def test_staff_without_rights_sees_how_sources_are_and_nothing_they_are_read_from(clerk):
    Source.objects.filter(key="lab").update(state="error", error="at lab.yaml", error_code="unavailable")
    for path in (LIST, address("lab")):
        page = clerk.page(path)
        assert "cannot be read at the moment" in page
        assert "lab.yaml" not in page
    page = clerk.page(address("remote"))
    assert "git.example.org" not in page
    assert "_save" not in page


def test_staff_without_rights_changes_nothing(clerk, lab):
    before = lab.sources_file.read_text()
    for page in ("change", "delete", "do/disable", "do/refresh"):
        clerk.send(address("lab", page), {"name": "Mine"}, status=403)
    clerk.page("/admin/catalog_core/source/add/", status=403)
    clerk.page("/admin/catalog_core/configurationrevision/", status=403)
    act_page = clerk.send(LIST, {"action": "disable", "_selected_action": [lab.source("lab").pk]})
    assert "Disabled: " not in act_page
    assert lab.sources_file.read_text() == before
