"""Applying, changing, hiding and deleting sources: through the file on disk, as clients see it."""

import json
import threading

import pytest
import yaml
from django.db import connection
from django.test import Client

from catalog_core.jobs.models import RefreshJob
from catalog_core.sources.models import Source

AGENTS = "/api/agents_catalog/v1alpha1/agents"
SECRET = "correct-horse-battery"


def new_source(**more):
    return {"id": "new", "name": "New", "type": "yaml", "properties": {"yamlCatalogPath": "new.yaml"}, **more}


def on_disk(sandbox):
    """Return the entries of the agents catalog in the file, by id."""
    entries = yaml.safe_load((sandbox.folder / "sources.yaml").read_bytes())["catalogs"]["agents"]["sources"]
    return {entry["id"]: entry for entry in entries}


@pytest.fixture
def file(agents):
    """The configuration as bytes; what must not change is compared with it."""
    return (agents.folder / "sources.yaml").read_bytes


@pytest.mark.parametrize("content", ["{", "[]", '"a"'])
def test_a_body_that_is_no_object_is_400_and_changes_nothing(agents, operator, file, content):
    before = file()
    response = operator.client.post(f"{operator.base}/apply-source", content, content_type="application/json")
    assert response.status_code == 400
    assert file() == before


def test_an_invalid_source_is_422_with_all_layers_and_changes_nothing(agents, operator, file):
    before = file()
    body = operator.post("apply-source", new_source(type="yml", lables=["a"]), status=422)
    assert body["valid"] is False
    assert {finding["field"] for finding in body["errors"]} == {"type", "lables"}
    assert [layer["layer"] for layer in body["layerResults"]][-1] == "provider"
    assert file() == before
    assert not Source.objects.filter(key="new").exists()


def test_a_new_source_is_written_listed_and_read(agents, operator):
    agents.write("new.yaml", "agents: [{name: newcomer}]")
    info = operator.post("apply-source", new_source(labels=["Fresh"], excludedItems=["x*"]))
    assert (info["id"], info["enabled"], info["status"]["state"]) == ("new", True, "loading")
    assert "refreshResult" not in info
    assert on_disk(agents)["new"] == new_source(labels=["Fresh"], excludedItems=["x*"])
    agents.work()
    assert "newcomer" in agents.names(AGENTS)
    assert [one["id"] for one in operator.get("sources")["sources"]] == ["main", "new"]
    assert operator.get("sources/new")["status"]["entityCount"] == 1


def test_a_source_that_is_applied_disabled_serves_nothing(agents, operator):
    agents.write("new.yaml", "agents: [{name: newcomer}]")
    assert operator.post("apply-source", new_source(enabled=False))["status"]["state"] == "disabled"
    agents.work()
    assert "newcomer" not in agents.names(AGENTS)


def test_the_patterns_of_a_source_stay_unless_they_are_given(agents, operator):
    agents.write("new.yaml", "agents: []")
    operator.post("apply-source", new_source(includedItems=["a*"], excludedItems=["ab"]))
    assert operator.post("apply-source", new_source(name="Newer"))["includedItems"] == ["a*"]
    info = operator.post("apply-source", new_source(excludedItems=[]))
    assert (info["includedItems"], info["excludedItems"]) == (["a*"], [])
    assert on_disk(agents)["new"]["includedItems"] == ["a*"]


def test_a_source_may_be_sent_back_as_it_was_shown(agents, operator, file):
    before = file()
    info = operator.get("sources/main")
    assert operator.post("apply-source", info)["properties"] == info["properties"]
    assert yaml.safe_load(file()) == yaml.safe_load(before)


def test_the_mark_of_a_redacted_secret_keeps_the_secret(agents, operator):
    properties = {"url": "https://example.org/a.yaml", "token": SECRET, "headers": {"X-Key": SECRET}}
    entry = {"id": "remote", "name": "Remote", "type": "http", "enabled": False, "properties": properties}
    info = operator.post("apply-source", entry)
    assert info["properties"]["token"] == "***REDACTED***"
    info["properties"]["url"] = "https://example.org/b.yaml"
    for change in (
        lambda: operator.post("apply-source", info),
        lambda: operator.patch("sources/remote", {"properties": {"token": "***REDACTED***", "syncInterval": "2h"}}),
    ):
        change()
        assert SECRET not in operator.response.content.decode()
        stored = on_disk(agents)["remote"]["properties"]
        assert (stored["token"], stored["headers"]) == (SECRET, {"X-Key": SECRET})
    assert stored["url"] == "https://example.org/b.yaml"


def test_a_mark_where_no_secret_is_stored_is_422(agents, operator, file):
    before = file()
    properties = {"url": "https://example.org/a.yaml", "token": "***REDACTED***"}
    body = operator.post("apply-source", new_source(type="http", properties=properties), status=422)
    assert body["problems"][0]["field"] == "properties.token"
    assert file() == before


@pytest.mark.parametrize("method", ["apply", "patch", "enable", "delete", "rollback"])
def test_a_change_based_on_another_version_is_409_and_changes_nothing(agents, operator, file, method):
    version = operator.get("/api/management/v1alpha1/configuration")["version"]
    operator.patch("sources/main", {"labels": ["Changed"]})
    before = file()
    calls = {
        "apply": lambda **more: operator.post("apply-source", new_source(), **more),
        "patch": lambda **more: operator.patch("sources/main", {"name": "Other"}, **more),
        "enable": lambda **more: operator.post("sources/main/enable", {"enabled": False}, **more),
        "delete": lambda **more: operator.delete("sources/main", **more),
        "rollback": lambda **more: operator.post("sources/main:rollback", {"version": version}, **more),
    }
    body = calls[method](status=409, **{"If-Match": f'"{version}"'})
    assert body["code"] == "conflict"
    assert file() == before
    assert Source.objects.get(key="main").labels == ["Changed"]
    current = operator.get("/api/management/v1alpha1/configuration")["version"]
    calls[method](status=200, **{"If-Match": f'"{current}"'})
    assert operator.response["Configuration-Version"] != current


@pytest.mark.parametrize("separator", ["/", "%2F"])
def test_a_source_whose_id_in_the_file_has_a_slash_is_managed_like_any_other(agents, operator, separator):
    agents.write("new.yaml", "agents: [{name: newcomer}]")
    agents.configure(json.dumps({"catalogs": {"agents": {"sources": [new_source(id="team/new")]}}}))
    agents.reconcile()
    version = operator.get("/api/management/v1alpha1/configuration")["version"]
    address = f"team{separator}new"
    operator.patch(f"sources/{address}", {"labels": ["Changed"]})
    operator.post(f"sources/{address}/enable", {"enabled": False})
    assert operator.get(f"sources/{address}")["enabled"] is False
    operator.post(f"sources/{address}:rollback", {"version": version})
    restored = operator.get(f"sources/{address}")
    assert (restored["id"], restored["labels"], restored["enabled"]) == ("team/new", [], True)
    assert operator.get(f"sources/{address}/revisions")["count"] == 4
    assert operator.post(f"sources/{address}:validate")["valid"] is True
    assert operator.post(f"sources/{address}:plan")["added"]["names"] == ["newcomer"]
    operator.post(f"refresh/{address}", status=202)
    agents.work()
    assert operator.post(f"sources/{address}:plan")["added"]["names"] == []
    operator.delete(f"sources/{address}")
    assert "team/new" not in on_disk(agents)


@pytest.mark.parametrize("method", ["apply", "patch", "enable", "delete", "rollback", "rollback of everything"])
def test_the_reason_for_a_change_is_kept_with_its_revision(agents, operator, method):
    version = operator.get("/api/management/v1alpha1/configuration")["version"]
    operator.patch("sources/main", {"labels": ["Changed"]})
    reason = "?reason=Ticket%2042:%20%20gr%C3%B6%C3%9Fer"
    calls = {
        "apply": lambda: operator.post(f"apply-source{reason}", new_source()),
        "patch": lambda: operator.patch(f"sources/main{reason}", {"name": "Other"}),
        "enable": lambda: operator.post(f"sources/main/enable{reason}", {"enabled": False}),
        "delete": lambda: operator.delete(f"sources/main{reason}"),
        "rollback": lambda: operator.post(f"sources/main:rollback{reason}", {"version": version}),
        "rollback of everything": lambda: operator.post(
            f"/api/management/v1alpha1/configuration:rollback{reason}", {"version": version}
        ),
    }
    calls[method]()
    newest = operator.get("/api/management/v1alpha1/configuration/revisions")["revisions"][0]
    assert (newest["actor"], newest["reason"]) == ("olga", "Ticket 42: größer")


@pytest.mark.parametrize("reason", ["x" * 501, "a%00b", "a%1Bb"])
def test_a_reason_that_cannot_be_kept_is_400_and_changes_nothing(agents, operator, file, reason):
    before = file()
    operator.patch(f"sources/main?reason={reason}", {"name": "Other"}, status=400)
    assert file() == before


def test_a_patch_changes_what_it_names(agents, operator):
    info = operator.patch("sources/main", {"name": "Renamed", "labels": None, "excludedItems": ["planner"]})
    assert (info["name"], info["labels"], info["excludedItems"]) == ("Renamed", [], ["planner"])
    assert on_disk(agents)["main"] == {
        "id": "main",
        "name": "Renamed",
        "type": "yaml",
        "properties": {"yamlCatalogPath": "./main.yaml"},
        "excludedItems": ["planner"],
    }
    agents.work()
    assert agents.names(AGENTS) == ["group/judge", "router"]


@pytest.mark.parametrize(
    ("patch", "status"),
    [
        ({"id": "other"}, 400),
        ({"nmae": "x"}, 422),
        ({"name": None}, 422),
        ({"type": "git"}, 422),
        ({"properties": None}, 422),
        ({"properties": {"yamlCatalogPath": None}}, 422),
        ({"enabled": "no"}, 422),
    ],
)
def test_a_patch_that_cannot_be_is_refused_and_changes_nothing(agents, operator, file, patch, status):
    before = file()
    operator.patch("sources/main", patch, status=status)
    assert file() == before


def test_disabling_hides_the_entities_at_once_and_enabling_shows_them(agents, operator):
    info = operator.post("sources/main/enable", {"enabled": False})
    assert (info["enabled"], info["status"]["state"]) == (False, "disabled")
    assert agents.names(AGENTS) == []
    assert on_disk(agents)["main"]["enabled"] is False
    assert operator.post("sources/main/enable", {"enabled": True})["status"]["state"] == "available"
    assert len(agents.names(AGENTS)) == 3


@pytest.mark.parametrize("body", [{}, {"enabled": None}, {"enabled": "false"}, {"enabled": 0}])
def test_enabling_needs_to_say_what_is_meant(agents, operator, file, body):
    before = file()
    operator.post("sources/main/enable", body, status=400)
    assert file() == before


def test_a_deleted_source_is_gone_with_its_entities(agents, operator):
    assert operator.delete("sources/main") == {"status": "deleted"}
    assert operator.get("sources")["sources"] == []
    assert agents.names(AGENTS) == []
    agents.settle()
    operator.post("refresh/main", status=404)
    assert agents.names(AGENTS) == []


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "sources/nobody", None),
        ("PATCH", "sources/nobody", {"name": "x"}),
        ("DELETE", "sources/nobody", None),
        ("POST", "sources/nobody/enable", {"enabled": True}),
        ("GET", "sources/nobody/revisions", None),
        ("POST", "sources/nobody:validate", {}),
        ("POST", "sources/main:nonsense", {}),
        ("POST", "sources/main:nonsense:more", {}),
        ("GET", "sources/main/nonsense", None),
    ],
)
def test_what_does_not_exist_is_404_in_json(agents, operator, method, path, body):
    assert operator.call(method, path, body, status=404)["code"] == "not_found"


def test_a_source_itself_is_not_posted_to(agents, operator):
    assert operator.post("sources/main", {}, status=405)["error"] == "Method Not Allowed"


def test_a_comment_elsewhere_survives_every_change(sandbox, operator):
    sandbox.write("main.yaml", "agents: []")
    head = "# who to ask: the agents team\ncatalogs:\n  agents:   # theirs\n    sources:\n"
    entry = "    - id: main  # the first\n      name: 'Main'\n      type: yaml\n"
    tail = "      properties: {yamlCatalogPath: main.yaml}\n"
    sandbox.configure(head + entry + tail)
    sandbox.settle()
    operator.post("apply-source", new_source())
    operator.post("sources/main/enable", {"enabled": False})
    operator.delete("sources/new")
    text = (sandbox.folder / "sources.yaml").read_text()
    assert text.startswith(head + entry)
    assert "enabled: false" in text


@pytest.mark.parametrize("method", ["POST apply-source", "PATCH sources/main", "DELETE sources/main"])
def test_changing_is_for_operators(agents, reader, file, method):
    before = file()
    verb, _, path = method.partition(" ")
    response = reader.client.generic(verb, f"{reader.base}/{path}", "{", content_type="application/json")
    assert response.status_code in (401, 403)
    assert file() == before


def test_an_error_while_the_file_is_read_only_is_409_with_the_reason(agents, operator, settings):
    settings.CATALOG = {**settings.CATALOG, "config_store_mode": "none"}
    body = operator.post("sources/main/enable", {"enabled": False}, status=409)
    assert body["code"] == "read_only"
    assert len(agents.names(AGENTS)) == 3


def test_new_content_takes_the_place_of_the_file_and_is_read(agents, operator):
    info = operator.get("sources/main")
    info["properties"]["content"] = "agents: [{name: rewritten}]"
    operator.post("apply-source", info)
    assert (agents.folder / "main.yaml").read_text() == "agents: [{name: rewritten}]"
    assert "content" not in on_disk(agents)["main"]["properties"]
    RefreshJob.objects.update(forced=True)
    agents.work()
    assert agents.names(AGENTS) == ["rewritten"]
    assert sorted(path.name for path in agents.folder.iterdir() if path.suffix == ".tmp") == []


def test_content_with_an_invalid_item_is_422_and_the_file_stays(agents, operator):
    before = (agents.folder / "main.yaml").read_bytes()
    body = operator.patch("sources/main", {"properties": {"content": "agents: [{version: 1}]"}}, status=422)
    assert body["errors"][0]["field"].startswith("properties.content[0]")
    assert (agents.folder / "main.yaml").read_bytes() == before


@pytest.mark.parametrize("path", ["sources.yaml", "new.txt", "main.yaml", "nowhere/new.yaml"])
def test_content_is_written_to_files_of_the_source_only(agents, operator, path):
    before = {one: one.read_bytes() for one in agents.folder.iterdir()}
    properties = {"yamlCatalogPath": path, "content": "agents: [{name: intruder}]"}
    body = operator.post("apply-source", new_source(properties=properties), status=422)
    assert body["problems"][0]["rule"] == "content-not-written"
    assert {one: one.read_bytes() for one in agents.folder.iterdir()} == before


def test_content_is_not_written_outside_of_the_allowed_folders(agents, operator):
    properties = {"yamlCatalogPath": "../outside.yaml", "content": "agents: [{name: intruder}]"}
    body = operator.post("apply-source", new_source(properties=properties), status=422)
    assert [one["field"] for one in body["errors"]] == ["properties.yamlCatalogPath"]
    assert not (agents.folder.parent / "outside.yaml").exists()


def test_the_content_of_a_new_source_makes_its_file(agents, operator):
    properties = {"yamlCatalogPath": "new.yaml", "content": "agents: [{name: newcomer}]"}
    operator.post("apply-source", new_source(properties=properties))
    assert (agents.folder / "new.yaml").read_text() == "agents: [{name: newcomer}]"
    agents.work()
    assert "newcomer" in agents.names(AGENTS)


def test_a_conflict_leaves_the_file_of_the_source_as_it_was(agents, operator):
    before = {one: one.read_bytes() for one in agents.folder.iterdir()}
    patch = {"properties": {"content": "agents: [{name: other}]"}}
    operator.patch("sources/main", patch, status=409, **{"If-Match": f'"{"0" * 64}"'})
    assert {one: one.read_bytes() for one in agents.folder.iterdir()} == before


def test_a_refresh_that_nobody_carries_out_in_time_is_told_as_queued(agents, operator, settings):
    settings.CATALOG = {**settings.CATALOG, "refresh_wait_seconds": 0}
    result = operator.post("apply-source", new_source(refreshAfterApply=True))["refreshResult"]
    assert (result["sourceId"], result["status"]) == ("new", "queued")
    assert RefreshJob.objects.get(pk=result["jobId"]).source.key == "new"


def test_a_disabled_source_is_not_refreshed_after_it_was_applied(agents, operator):
    result = operator.post("apply-source", new_source(enabled=False, refreshAfterApply=True))["refreshResult"]
    assert "disabled" in result["error"]


class TestWithAWorker:
    """The same with a worker beside the server."""

    @pytest.fixture
    def worker(self, shared_database, agents):
        """Somebody who carries out jobs as they come."""
        over = threading.Event()

        def work():
            try:
                while not over.wait(0.05):
                    agents.work()
            finally:
                connection.close()

        thread = threading.Thread(target=work)
        thread.start()
        yield
        over.set()
        thread.join()

    @pytest.mark.parametrize(
        ("content", "loaded", "error"), [("agents: [{name: a}, {name: b}]", 2, None), ("agents: [", 0, "new.yaml")]
    )
    def test_the_outcome_of_the_refresh_comes_with_the_answer(self, worker, agents, operator, content, loaded, error):
        agents.write("new.yaml", content)
        info = operator.post("apply-source", new_source(refreshAfterApply=True))
        result = info["refreshResult"]
        assert result["entitiesLoaded"] == loaded
        assert result["duration"] > 0
        assert "status" not in result
        if error:
            assert error in result["error"]
            assert info["status"]["state"] == "error"
        else:
            assert info["status"]["entityCount"] == loaded


def test_two_operators_cannot_overwrite_each_other_unnoticed(agents, operator, django_user_model):
    other = Client()
    other.force_login(django_user_model.objects.create_superuser("otto"))
    operator.get("sources/main")
    seen = operator.response["Configuration-Version"]
    answers = [
        client.generic(
            "PATCH",
            f"{operator.base}/sources/main",
            json.dumps({"labels": [name]}),
            content_type="application/json",
            headers={"If-Match": f'"{seen}"'},
        ).status_code
        for client, name in ((operator.client, "olga"), (other, "otto"))
    ]
    assert answers == [200, 409]
    assert on_disk(agents)["main"]["labels"] == ["olga"]
