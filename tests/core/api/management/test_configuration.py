"""The configuration as a whole, its revisions, and going back, by source and altogether."""

import json

import pytest

from catalog_core.sources.models import Source

WHOLE = "/api/management/v1alpha1/configuration"
AGENTS = "/api/agents_catalog/v1alpha1/agents"
SECRET = "correct-horse-battery"


@pytest.fixture
def file(agents):
    return (agents.folder / "sources.yaml").read_bytes


def versions(operator, path):
    return [one["version"] for one in operator.get(path)["revisions"]]


def test_the_configuration_in_force_is_shown_with_its_version_as_tag(agents, operator):
    body = operator.get(WHOLE)
    assert operator.response["ETag"] == f'"{body["version"]}"'
    assert len(body["version"]) == 64
    assert (body["store"], body["writable"], body["problems"]) == ("file", True, [])
    (entry,) = body["catalogs"]["agents"]["sources"]
    assert entry["properties"] == {"yamlCatalogPath": "./main.yaml"}


def test_secrets_of_the_configuration_are_redacted_in_it_and_in_differences(agents, operator):
    properties = {"url": "https://example.org/a.yaml", "token": SECRET}
    entry = {"id": "remote", "name": "Remote", "type": "http", "enabled": False, "properties": properties}
    operator.post("apply-source", entry)
    operator.get(WHOLE)
    assert SECRET not in operator.response.content.decode()
    newest = operator.get(f"{WHOLE}/revisions")["revisions"][0]["version"]
    body = operator.get(f"{WHOLE}/revisions/{newest}")
    assert "+" in body["diff"]
    assert "remote" in body["diff"]
    assert SECRET not in operator.response.content.decode()


def test_what_is_wrong_with_the_file_is_shown_and_what_was_in_force_stays(agents, operator):
    before = operator.get(WHOLE)["version"]
    agents.configure("catalogs: [")
    agents.settle()
    body = operator.get(WHOLE)
    assert body["version"] == before
    assert "sources.yaml" in body["error"]
    assert len(agents.names(AGENTS)) == 3


def test_revisions_say_who_changed_what_newest_first(agents, operator):
    operator.patch("sources/main", {"labels": ["One"]})
    operator.patch("sources/main", {"labels": ["Two"]})
    body = operator.get(f"{WHOLE}/revisions")
    assert body["count"] == 3
    newest, _, oldest = body["revisions"]
    assert (newest["actor"], oldest["actor"]) == ("olga", "file")
    assert newest["version"] == newest["digest"][:8] == operator.get(WHOLE)["version"][:8]
    assert newest["size"] == len((agents.folder / "sources.yaml").read_bytes())
    detail = operator.get(f"{WHOLE}/revisions/{newest['digest']}")
    assert "Two" in detail["diff"]
    assert detail["files"] == ["sources.yaml"]


def test_revisions_are_paged(agents, operator):
    for number in range(3):
        operator.patch("sources/main", {"labels": [f"l{number}"]})
    first = operator.get(f"{WHOLE}/revisions?pageSize=3")
    rest = operator.get(f"{WHOLE}/revisions?pageSize=3&pageToken={first['nextPageToken']}")
    assert (first["count"], rest["count"], rest["nextPageToken"]) == (3, 1, "")
    operator.get(f"{WHOLE}/revisions?pageToken=x", status=400)


def test_the_revisions_of_a_source_are_those_that_changed_it(agents, operator):
    agents.write("new.yaml", "agents: []")
    new = {"id": "new", "name": "New", "type": "yaml", "properties": {"yamlCatalogPath": "new.yaml"}}
    operator.post("apply-source", new)
    operator.patch("sources/main", {"labels": ["Changed"]})
    assert len(versions(operator, f"{WHOLE}/revisions")) == 3
    assert len(versions(operator, "sources/main/revisions")) == 2
    assert len(versions(operator, "sources/new/revisions")) == 1


def test_a_rollback_of_a_source_leaves_the_others_as_they_are(agents, operator):
    agents.write("new.yaml", "agents: []")
    first = versions(operator, "sources/main/revisions")[-1]
    operator.patch("sources/main", {"labels": ["Changed"]})
    new = {"id": "new", "name": "New", "type": "yaml", "properties": {"yamlCatalogPath": "new.yaml"}}
    operator.post("apply-source", new)
    body = operator.post("sources/main:rollback", {"version": first})
    assert body == {"status": "rolled_back", "version": operator.get(WHOLE)["version"]}
    assert Source.objects.get(key="main").labels == ["Main"]
    assert [one["id"] for one in operator.get("sources")["sources"]] == ["main", "new"]


def test_a_deleted_source_comes_back_with_its_entities_by_a_rollback(agents, operator):
    first = versions(operator, "sources/main/revisions")[0]
    ids = {item["id"] for item in agents.get(AGENTS)["items"]}
    operator.delete("sources/main")
    assert len(versions(operator, "sources/main/revisions")) == 2
    operator.post("sources/main:rollback", {"version": first})
    agents.work()
    assert {item["id"] for item in agents.get(AGENTS)["items"]} == ids


def test_a_rollback_of_everything_restores_the_file_byte_for_byte(agents, operator, file):
    before = file()
    version = operator.get(WHOLE)["version"]
    operator.patch("sources/main", {"labels": ["Changed"]})
    operator.delete("sources/main")
    body = operator.post(f"{WHOLE}:rollback", {"version": version})
    assert body == {"status": "rolled_back", "version": version}
    assert file() == before
    assert Source.objects.get(key="main").labels == ["Main"]


@pytest.mark.parametrize("path", [f"{WHOLE}:rollback", "sources/main:rollback"])
@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 400), ({"version": ""}, 400), ({"version": 7}, 400), ({"version": "x"}, 404), ({"version": "0" * 64}, 404)],
)
def test_a_rollback_needs_a_revision_that_exists(agents, operator, file, path, body, status):
    before = file()
    operator.post(path, body, status=status)
    assert file() == before


def test_a_rollback_of_everything_on_another_version_is_409(agents, operator):
    version = operator.get(WHOLE)["version"]
    operator.patch("sources/main", {"labels": ["Changed"]})
    operator.post(f"{WHOLE}:rollback", {"version": version}, status=409, **{"If-Match": f'"{version}"'})


def test_an_unknown_revision_is_404(agents, operator):
    assert operator.get(f"{WHOLE}/revisions/{'0' * 64}", status=404)["code"] == "not_found"


def test_a_reconcile_can_be_asked_for(agents, operator):
    assert operator.post(f"{WHOLE}:reconcile", status=202) == {"status": "queued"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", WHOLE),
        ("GET", f"{WHOLE}/revisions"),
        ("GET", f"{WHOLE}/revisions/00000000"),
        ("POST", f"{WHOLE}:rollback"),
        ("POST", f"{WHOLE}:reconcile"),
        ("GET", "sources/main/revisions"),
        ("POST", "sources/main:rollback"),
    ],
)
def test_the_configuration_is_for_operators(agents, reader, method, path):
    response = reader.client.generic(method, path if path.startswith("/") else f"{reader.base}/{path}")
    assert response.status_code in (401, 403)
    assert json.loads(response.content)["error"]
