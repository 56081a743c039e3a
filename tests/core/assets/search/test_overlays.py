"""What people add by actions is found and counted by searches, and survives as they do."""

import json

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.core.assets.conftest import configuration
from tests.core.assets.search.conftest import CATALOGS, FILES


@pytest.fixture
def act(library, db):
    """Act on an agent, as an operator."""
    client = Client()
    client.force_login(get_user_model().objects.create_superuser("oona"))

    def send(name, action, **params):
        uid = library.get(f"/api/assets/Agent/{name}")["metadata"]["uid"]
        body = json.dumps({"action": action, "params": params})
        response = client.post(f"/api/assets/{uid}:action", body, content_type="application/json")
        assert response.status_code == 200, response.content

    return send


def found(library, path="/api/search", **parameters):
    items = library.get(path, **parameters)["items"]
    return [item["name"] if "name" in item else item["metadata"]["name"] for item in items]


def counts(library, facet, **parameters):
    facets = {one["field"]: one["values"] for one in library.get("/api/search", **parameters)["facets"]}
    return {value["value"]: value["count"] for value in facets.get(facet, [])}


def test_a_tag_is_found_and_counted_at_once_and_no_more_when_it_is_taken_away(library, act):
    act("Größe", "tag", tags=["approved"])
    assert found(library, q="approved") == ["Größe"]
    assert found(library, "/api/assets", q="approved") == ["Größe"]
    assert found(library, "/api/agents_catalog/v1alpha1/agents", q="approved") == ["Größe"]
    assert counts(library, "tags")["approved"] == counts(library, "tags", q="Größe")["approved"] == 1
    act("Größe", "tag", tags=["approved"], mode="remove")
    assert found(library, q="approved") == []
    assert "approved" not in counts(library, "tags")


def test_a_deprecated_asset_is_counted_as_such_until_it_is_restored(library, act):
    act("planner", "deprecate")
    assert counts(library, "lifecycle")["deprecated"] == counts(library, "lifecycle", q="planner")["deprecated"] == 1
    assert found(library, q="planner", lifecycle="deprecated") == ["planner"]
    act("planner", "restore")
    assert "deprecated" not in counts(library, "lifecycle")


def test_what_was_added_is_found_again_when_its_source_has_left_and_returned(library, act):
    act("Größe", "tag", tags=["approved"])
    library.configure(configuration(**{name: sources for name, sources in CATALOGS.items() if name != "agents"}))
    library.settle()
    assert found(library, q="approved") == []
    assert "Agent" not in counts(library, "kind")
    library.configure(configuration(**CATALOGS))
    library.settle()
    assert found(library, q="approved") == ["Größe"]
    library.write("agents.yaml", FILES["agents"].replace("Misst", "Misst alle"))
    library.settle()
    assert found(library, q="approved alle") == ["Größe"]
    assert counts(library, "tags")["approved"] == 1


def test_assets_are_searched_as_any_list(library):
    body = library.get("/api/assets", q="server", pageSize=1)
    assert body["totalSize"] == len(found(library, "/api/assets", q="server")) > 1
    assert library.get("/api/assets", q="server", pageSize=1, pageToken=body["nextPageToken"])["items"]
    library.get("/api/assets", status=400, q='"open')
    library.get("/api/assets", status=400, q="kube", pageToken=body["nextPageToken"])
