"""Tagging and deprecating entities in the admin, and looking at what was added to them."""

import json

from django.contrib.admin.models import LogEntry

from catalog_core.entities.envelope import Overlay

ENTITIES = "/admin/mcp/mcpserver/"
OVERLAYS = "/admin/catalog_core/overlay/"


def ids(lab, *names):
    items = lab.get("/api/mcp_catalog/v1alpha1/mcpservers")["items"]
    return [item["id"] for item in items if item["name"] in names]


def act(person, action, keys, **more):
    return person.send(ENTITIES, {"action": action, "_selected_action": keys, **more})


def server(lab, name):
    return lab.get(f"/api/mcp_catalog/v1alpha1/mcpservers/{name}")


def test_chosen_entities_are_tagged_after_a_question(operator, lab):
    keys = ids(lab, "alpha", "beta")
    page = act(operator, "tag", keys)
    assert "given to 2 chosen" in page
    assert not Overlay.objects.exists()
    assert "Tag: 2 done." in act(operator, "tag", keys, tags="approved, fast,", mode="add")
    assert server(lab, "alpha")["tags"] == ["approved", "fast"]
    assert {overlay.changed_by for overlay in Overlay.objects.all()} == {"olga"}
    assert LogEntry.objects.filter(object_id__in=keys).count() == 2
    page = operator.page(ENTITIES)
    assert "approved, fast" in page
    assert "arams.tags[0]" in act(operator, "tag", keys, tags="a" * 101, mode="add")


def test_entities_are_deprecated_filtered_and_restored(operator, lab):
    page = act(operator, "deprecate", ids(lab, "alpha"))
    assert "Deprecate: 1 done." in page
    assert server(lab, "alpha")["lifecycle"] == "deprecated"
    page = operator.page(ENTITIES, lifecycle="deprecated")
    assert "alpha" in page
    assert "beta" not in page
    assert '"lifecycle": "deprecated"' in operator.page(f"{ENTITIES}{ids(lab, 'alpha')[0]}/change/")
    act(operator, "restore", ids(lab, "alpha", "beta"))
    assert "lifecycle" not in server(lab, "alpha")


def test_more_than_the_limit_is_refused(operator, lab, settings):
    settings.CATALOG = {**settings.CATALOG, "bulk_action_limit": 1}
    assert "nothing was changed" in act(operator, "deprecate", ids(lab, "alpha", "beta"))
    assert not Overlay.objects.exists()


def test_staff_who_are_no_operators_look_and_change_nothing(operator, clerk, lab):
    act(operator, "deprecate", ids(lab, "alpha"))
    assert "deprecated" in clerk.page(ENTITIES)
    page = clerk.page(ENTITIES)
    assert 'value="restore"' not in page
    act(clerk, "restore", ids(lab, "alpha"))
    assert server(lab, "alpha")["lifecycle"] == "deprecated"
    clerk.page(OVERLAYS, status=403)


def test_overlays_are_listed_with_who_and_cleared_orphans_too(operator, lab):
    act(operator, "tag", ids(lab, "alpha", "beta"), tags="approved", mode="add")
    lab.write("lab.yaml", json.dumps({"mcp_servers": [{"name": "alpha"}]}))
    lab.settle()
    page = operator.page(OVERLAYS, orphaned="true")
    assert "beta" in page
    assert "olga" in page
    assert "not there" in page
    assert "alpha" not in page
    assert "mcp/lab" in operator.page(OVERLAYS, orphaned="false")
    operator.page(f"{OVERLAYS}{Overlay.objects.get(name='alpha').pk}/change/")
    rows = [str(overlay.pk) for overlay in Overlay.objects.all()]
    assert "Cleared: 2." in operator.send(OVERLAYS, {"action": "clear", "_selected_action": rows})
    assert not Overlay.objects.exists()
    assert "tags" not in server(lab, "alpha")
