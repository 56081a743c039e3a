"""``/api/assets``, as clients see it."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.assets.conftest import OTHER_AGENTS, configuration, source

LIST = "/api/assets"


def names(catalogs, **parameters):
    return [item["metadata"]["name"] for item in catalogs.get(LIST, **parameters)["items"]]


def test_assets_of_all_kinds_are_listed_by_name(catalogs):
    body = catalogs.get(LIST)
    assert (body["apiVersion"], body["kind"]) == ("catalog/v1alpha1", "AssetList")
    assert body["totalSize"] == body["size"] == 6
    found = [
        (item["kind"], item["metadata"]["name"], item["metadata"]["sourceRef"]["sourceId"]) for item in body["items"]
    ]
    assert sorted(found[2:4]) == [("Agent", "planner", "public"), ("Agent", "planner", "team")]
    assert [name for _, name, _ in found] == [
        "group/sub:agent @ 1 & 'x' #2", "größer 数", "planner", "planner", "Router", "search"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        ({"kind": "Skill"}, 2),
        ({"kind": "Skill,Agent"}, 6),
        ({"kind": "Nothing"}, 0),
        ({"plugin": "agents"}, 4),
        ({"source": "public"}, 1),
        ({"source": ["public", "skills"]}, 3),
        ({"sourceLabel": "main"}, 3),
        ({"sourceLabel": "null"}, 3),
        ({"lifecycle": "active"}, 6),
        ({"lifecycle": "deprecated,retired"}, 0),
        ({"tag": "approved"}, 0),
        ({"label": "tier"}, 0),
        ({"filterQuery": "name = 'planner' AND source != 'team'"}, 1),
        ({"filterQuery": "license IN ('MIT', 'Apache-2.0')"}, 2),
        ({"filterQuery": "lifecycle = 'active' AND NOT tags = 'x'", "kind": "Skill"}, 2),
        ({"filterQuery": "description IS NULL"}, 3),
    ],
)
def test_assets_are_chosen_by_parameters_and_by_conditions(catalogs, parameters, count):
    body = catalogs.get(LIST, **parameters)
    assert len(body["items"]) == body["totalSize"] == count


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"filterQuery": "agentType = 'planner'"}, "agentType"),
        ({"filterQuery": "name ="}, "character"),
        ({"lifecycle": "depricated"}, "deprecated"),
        ({"source": "team", "sourceLabel": "Main"}, "exclude each other"),
        ({"orderBy": "tags"}, "no order"),
        ({"pageToken": "x"}, "pageToken"),
        ({"pagesize": "1"}, "pageSize"),
    ],
)
def test_what_is_not_understood_is_refused_with_the_reason(catalogs, parameters, says):
    assert says in catalogs.get(LIST, status=400, **parameters)["message"]


@pytest.mark.parametrize("order", ["name", "uid", "kind", "createdAt", "license", "lifecycle", "source"])
@pytest.mark.parametrize("direction", ["ASC", "DESC"])
def test_pages_of_every_order_hold_each_asset_once(catalogs, order, direction):
    seen, token = [], ""
    for _ in range(10):
        body = catalogs.get(
            LIST, orderBy=order, sortOrder=direction, pageSize=2, **({"pageToken": token} if token else {})
        )
        assert body["totalSize"] == 6
        seen += [item["metadata"]["uid"] for item in body["items"]]
        token = body.get("nextPageToken", "")
        if not token:
            break
    assert len(seen) == len(set(seen)) == 6


def test_of_two_assets_of_one_name_that_of_the_first_source_is_given(catalogs):
    path = f"{LIST}/Agent/planner"
    assert catalogs.get(path)["metadata"]["sourceRef"]["sourceId"] == "team"
    assert catalogs.get(path, source="public")["metadata"]["description"] == "Another one."
    catalogs.configure(configuration(agents=[source("public"), source("team")], skills=[source("skills")]))
    catalogs.settle()
    assert catalogs.get(path)["metadata"]["sourceRef"]["sourceId"] == "public"


@pytest.mark.parametrize(
    "written", ["group%2Fsub:agent%20%40%201%20%26%20%27x%27%20%232", "group/sub:agent%20@%201%20&%20'x'%20%232"]
)
def test_names_with_any_character_are_found(catalogs, written):
    assert catalogs.get(f"{LIST}/Agent/{written}")["metadata"]["name"] == "group/sub:agent @ 1 & 'x' #2"


def test_an_asset_has_the_id_of_its_entity_and_is_found_by_it(catalogs):
    own = catalogs.get("/api/skills_catalog/v1alpha1/skills/search")
    asset = catalogs.get(f"{LIST}/{own['id']}")
    assert asset["metadata"]["uid"] == own["id"]
    assert asset == catalogs.get(f"{LIST}/Skill/search")


def test_what_is_not_there_is_404_with_a_hint(catalogs):
    assert "Did you mean" in catalogs.get(f"{LIST}/Agnt/planner", status=404)["message"]
    assert "nosuch" in catalogs.get(f"{LIST}/Agent/nosuch", status=404)["message"]
    catalogs.get(f"{LIST}/Agent/planner", status=404, source="skills")
    assert "no uid" in catalogs.get(f"{LIST}/planner", status=404)["message"]
    catalogs.get(f"{LIST}/00000000-0000-0000-0000-000000000000", status=404)


def test_assets_of_a_disabled_or_removed_source_are_not_seen(catalogs):
    uid = catalogs.get(f"{LIST}/Agent/planner", source="public")["metadata"]["uid"]
    catalogs.configure(
        configuration(agents=[source("team"), source("public", enabled=False)], skills=[source("skills")])
    )
    catalogs.settle()
    assert names(catalogs, plugin="agents").count("planner") == 1
    catalogs.get(f"{LIST}/{uid}", status=404)
    catalogs.configure(configuration(agents=[source("team")]))
    catalogs.settle()
    assert catalogs.get(LIST)["totalSize"] == 3
    catalogs.configure(configuration(agents=[source("team"), source("public")], skills=[source("skills")]))
    catalogs.settle()
    assert catalogs.get(LIST)["totalSize"] == 6
    assert catalogs.get(f"{LIST}/{uid}")["metadata"]["name"] == "planner"


def test_assets_follow_their_source(catalogs):
    catalogs.write("public.yaml", json.dumps({"agents": [*OTHER_AGENTS, {"name": "new"}]}))
    catalogs.settle()
    assert "new" in names(catalogs)
    catalogs.write("public.yaml", json.dumps({"agents": [{"name": "new", "description": "Changed."}]}))
    catalogs.settle()
    assert names(catalogs, source="public") == ["new"]
    assert catalogs.get(f"{LIST}/Agent/new")["metadata"]["description"] == "Changed."


def test_a_new_name_of_a_source_is_shown_by_its_assets(catalogs):
    catalogs.configure(configuration(agents=[source("team") | {"name": "Renamed"}]))
    catalogs.settle()
    assert {item["metadata"]["sourceRef"]["sourceName"] for item in catalogs.get(LIST)["items"]} == {"Renamed"}


def test_a_version_that_is_not_valid_leaves_the_asset_and_marks_it(catalogs):
    catalogs.write(
        "skills.yaml",
        json.dumps({"skills": [{"name": "search", "description": ["no", "text"]}, {"name": "größer 数"}]}),
    )
    catalogs.settle()
    asset = catalogs.get(f"{LIST}/Skill/search")
    assert asset["metadata"]["description"] == "Looks things up."
    assert asset["status"]["health"] == "degraded"
    catalogs.write(
        "skills.yaml", json.dumps({"skills": [{"name": "search", "description": "Fine."}, {"name": "größer 数"}]})
    )
    catalogs.settle()
    assert catalogs.get(f"{LIST}/Skill/search")["status"] == {"lifecycle": "active", "health": "unknown"}


def test_a_client_that_has_an_answer_already_is_told_so(catalogs):
    for path in (LIST, f"{LIST}/Skill/search"):
        first = catalogs.client.get(path)
        again = catalogs.client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    catalogs.write("public.yaml", json.dumps({"agents": [*OTHER_AGENTS, {"name": "new"}]}))
    tag = catalogs.client.get(LIST)["ETag"]
    catalogs.settle()
    assert catalogs.client.get(LIST, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", [f"{LIST}?pageSize=1", f"{LIST}?pageSize=5", f"{LIST}?filterQuery=name='planner'"])
def test_a_page_costs_the_same_number_of_queries_whatever_is_on_it(catalogs, path):
    catalogs.get(path)
    with CaptureQueriesContext(connection) as queries:
        catalogs.get(path)
    # plugin folders, generations, plugins, sources, page
    assert len(queries) == 5, [query["sql"] for query in queries]
