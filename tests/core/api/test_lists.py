"""Lists and look-ups, as clients see them; the agents catalog stands for all."""

import json

import pytest

BASE = "/api/agents_catalog/v1alpha1/agents"
ITEMS = [
    {"name": "planner", "agentType": "planner", "category": "ops", "version": "1.0"},
    {"name": "Router", "agentType": "router", "category": "ops", "description": "Sends work on."},
    {"name": "evaluator", "agentType": "evaluator", "category": "quality", "license": "MIT"},
    {"name": "group/sub:agent @ 1 & 'x' #2", "agentType": "executor"},
    {"name": "größer 数", "agentType": "conversational"},
]


@pytest.fixture
def agents(sandbox):
    sandbox.serve("agents", {"first": json.dumps({"agents": ITEMS})}, labels=["Main"])
    return sandbox


def test_a_list_has_items_size_and_total(agents):
    body = agents.get(BASE)
    assert body["size"] == body["totalSize"] == 5
    assert body["pageSize"] == 100
    assert "nextPageToken" not in body
    assert [item["name"] for item in body["items"]] == [
        "evaluator",
        "group/sub:agent @ 1 & 'x' #2",
        "größer 数",
        "planner",
        "Router",
    ]


def test_an_entity_leaves_out_what_is_absent(agents):
    item = agents.get(f"{BASE}/planner")
    assert item == {
        "id": item["id"],
        "name": "planner",
        "agentType": "planner",
        "category": "ops",
        "version": "1.0",
        "sourceId": "first",
    }


def test_an_empty_page_is_an_array(agents):
    assert agents.get(BASE, filterQuery="name='nobody'")["items"] == []


@pytest.mark.parametrize(
    "path", ["group%2Fsub%3Aagent%20%40%201%20%26%20%27x%27%20%232", "gr%C3%B6%C3%9Fer%20%E6%95%B0"]
)
def test_names_of_any_kind_are_found(agents, path):
    assert agents.client.get(f"{BASE}/{path}").status_code == 200


def test_raw_slashes_in_names_are_found(agents):
    assert agents.client.get(f"{BASE}/group/sub:agent%20@%201%20&%20'x'%20%232").status_code == 200


def test_an_unknown_name_is_404_with_a_reason(agents):
    body = agents.get(f"{BASE}/nobody", status=404)
    assert body["error"] == "Not Found"
    assert '"nobody" not found' in body["message"]
    assert body["requestId"]


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"filterQuery": "nosuch='x'"}, "nosuch"),
        ({"filterQuery": "name=="}, "filterQuery"),
        ({"orderBy": "nosuch"}, "nosuch"),
        ({"sortOrder": "sideways"}, "ASC"),
        ({"pageSize": "many"}, "whole number"),
        ({"pageToken": "bm9uc2Vuc2U="}, "page token"),
        ({"filterquery": "name='planner'"}, "filterQuery"),
        ({"namedQuery": "nosuch"}, "nosuch"),
        ({"source": "first", "sourceLabel": "Main"}, "exclude"),
        ({"q": " ".join("abcdefghijklmnop")}, "words"),
    ],
)
def test_a_bad_parameter_is_400_and_named(agents, parameters, says):
    body = agents.get(BASE, status=400, **parameters)
    assert body["code"] == "invalid_query"
    assert says in body["message"]


def test_a_filter_error_tells_its_position(agents):
    assert agents.get(BASE, status=400, filterQuery="name='a' AND x='b'")["position"] == 13


@pytest.mark.parametrize("parameter", ["pageToken", "nextPageToken"])
def test_pages_follow_each_other_without_gaps(agents, parameter):
    names, token = [], ""
    while True:
        body = agents.get(BASE, pageSize=2, **({parameter: token} if token else {}))
        names += [item["name"] for item in body["items"]]
        assert body["totalSize"] == 5
        token = body.get("nextPageToken", "")
        if not token:
            break
    assert len(names) == 5
    assert len(set(names)) == 5


def test_a_token_of_another_list_is_refused(agents):
    token = agents.get(BASE, pageSize=2)["nextPageToken"]
    assert agents.get(BASE, status=400, pageToken=token, orderBy="category")["parameter"] == "pageToken"


def test_free_text_looks_for_all_words_everywhere(agents):
    assert agents.names(BASE, q="sends WORK") == ["Router"]
    assert agents.names(BASE, q="ops plan") == ["planner"]
    assert agents.names(BASE, q="100%") == []


def test_order_and_direction(agents):
    assert agents.names(BASE, orderBy="category", sortOrder="desc", filterQuery="category IS NOT NULL") == [
        "evaluator",
        "planner",
        "Router",
    ][:1] + sorted(["planner", "Router"], key=lambda name: agents.get(f"{BASE}/{name}")["id"], reverse=True)


def test_sources_and_their_labels_select(agents):
    assert len(agents.names(BASE, source="first,other")) == 5
    assert agents.names(BASE, source="other") == []
    assert len(agents.names(BASE, sourceLabel="main")) == 5
    assert agents.names(BASE, sourceLabel="null") == []


def test_a_list_costs_the_same_number_of_queries_for_few_and_many(agents, django_assert_num_queries):
    with django_assert_num_queries(4) as few:
        agents.get(BASE, pageSize=1)
    with django_assert_num_queries(len(few)):
        agents.get(BASE, pageSize=5)


def test_an_unchanged_list_is_not_sent_again(agents):
    first = agents.client.get(BASE)
    again = agents.client.get(BASE, headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    agents.write("first.yaml", json.dumps({"agents": ITEMS[:4]}))
    agents.settle()
    assert agents.client.get(BASE, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_head_answers_like_get_without_a_body(agents):
    response = agents.client.head(BASE)
    assert response.status_code == 200
    assert response["ETag"]
    assert not response.content


def test_writing_to_a_list_is_405_in_json(agents):
    response = agents.client.post(BASE, {}, content_type="application/json")
    assert response.status_code == 405
    assert response.json()["error"] == "Method Not Allowed"


def test_named_queries_of_the_configuration_run(sandbox):
    sandbox.write("a.yaml", json.dumps({"agents": ITEMS}))
    sandbox.configure(
        """
catalogs:
  agents:
    namedQueries:
      operations: {category: {operator: "=", value: ops}}
      some: {agentType: {operator: IN, value: [planner, evaluator]}}
    sources:
      - {id: a, name: A, type: yaml, properties: {yamlCatalogPath: a.yaml}}
"""
    )
    sandbox.settle()
    assert sandbox.names(BASE, namedQuery="operations") == ["planner", "Router"]
    assert sandbox.names(BASE, namedQuery="some", filterQuery="category='quality'") == ["evaluator"]


def test_one_name_in_two_sources_is_listed_twice_and_found_by_configuration_order(sandbox):
    sandbox.serve(
        "agents",
        {
            "second": json.dumps({"agents": [{"name": "twin", "category": "from second"}]}),
            "first": json.dumps({"agents": [{"name": "twin", "category": "from first"}]}),
        },
    )
    assert {item["sourceId"] for item in sandbox.get(BASE)["items"]} == {"first", "second"}
    assert sandbox.get(f"{BASE}/twin")["category"] == "from second"
    assert sandbox.get(f"{BASE}/twin", source="first")["category"] == "from first"


def test_every_answer_carries_a_request_id(agents):
    assert agents.client.get(BASE)["X-Request-ID"]
    assert agents.client.get(BASE, headers={"X-Request-ID": "abc-1"})["X-Request-ID"] == "abc-1"
    assert agents.client.get(BASE, headers={"X-Request-ID": "bad id\n"})["X-Request-ID"] != "bad id\n"


def test_an_unknown_path_is_404_in_json(agents):
    assert agents.get("/api/nothing", status=404)["code"] == "not_found"


@pytest.mark.parametrize("address", [f"{BASE}?q=a%00b", f"{BASE}?filterQuery=name='%00'", f"{BASE}/a%00b"])
def test_the_character_nul_is_refused_on_every_database(agents, address):
    response = agents.client.get(address)
    assert response.status_code == 400
    assert "NUL" in response.json()["message"]
