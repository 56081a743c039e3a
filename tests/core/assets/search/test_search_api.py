"""``/api/search``, as clients see it."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.core.assets.conftest import configuration, reads, source
from tests.core.assets.search.conftest import CATALOGS, SERVERS

SEARCH = "/api/search"
KUBERNETES, FILES, SERVER = (server["name"] for server in SERVERS)
LLAMA, GPT4, GPT4ALL, CODE_LLAMA = "meta/Llama-3.1-8B-Instruct", "openai/gpt-4", "gpt4all", "CodeLlama 34B"

# what is looked for -> what is found, in this order; the same on every database
FOUND = {
    # names as people type them
    "llama 3.1 8b": [LLAMA],
    "Llama-3.1-8B-Instruct": [LLAMA],
    "llama318b": [LLAMA],
    "kubernetes-mcp": [KUBERNETES],
    "kubernetes mcp": [KUBERNETES],
    "kubernetesmcp": [KUBERNETES],
    "acme/kube": [KUBERNETES],
    "github.acme": [FILES, KUBERNETES],
    "io.github.acme/fileserver": [FILES],
    "hub.acme": [FILES, KUBERNETES],
    "rnetes": [KUBERNETES],
    "gpt4": [GPT4, GPT4ALL],
    "gpt-4": [GPT4, GPT4ALL],
    "GPT 4": [GPT4, GPT4ALL],
    "file server": [FILES],
    "file-server": [FILES],
    "fileserver": [FILES],
    "code llama": [CODE_LLAMA],
    "grosse": ["Größe"],
    "GRÖSSE": ["Größe"],
    "cafe\u0301": ["Größe"],
    "日本": ["日本語エージェント"],
    "翻訳": ["日本語エージェント"],
    # an exact name first, then names, then the rest
    "server": [SERVER, FILES, "planner"],
    "llama": [CODE_LLAMA, LLAMA, "search"],
    "kubernetes": [KUBERNETES, "planner"],
    # words, phrases, beginnings, exclusion
    "language large": [GPT4, LLAMA],
    '"large language"': [LLAMA],
    '"language model"': [LLAMA],
    '"language large"': [],
    "lang* model": [GPT4, LLAMA],
    "lang model": [],
    "model lang": [GPT4, LLAMA],
    "model lang ": [],
    "model -open": [GPT4],
    'large -"large language"': [GPT4],
    "large -lang*": [],
    "server - files": [FILES],
    "nothing of the kind": [],
}


def found(library, q, **parameters):
    return [item["name"] for item in library.get(SEARCH, q=q, **parameters)["items"]]


def facet(library, field, **parameters):
    facets = {facet["field"]: facet["values"] for facet in library.get(SEARCH, **parameters)["facets"]}
    return {value["value"]: value["count"] for value in facets[field]}


def test_what_is_found_and_in_which_order(library):
    assert {q: found(library, q) for q in FOUND} == FOUND


def test_what_is_only_excluded_leaves_all_others(library):
    assert sorted(found(library, "-llama -server")) == sorted(
        [KUBERNETES, GPT4, GPT4ALL, "Größe", "日本語エージェント"]
    )


@pytest.mark.parametrize(
    ("q", "position", "says"),
    [
        ('model "open', 6, "never closed"),
        ("mo*el", 2, "ending of a word"),
        ("*", 0, "ending of a word"),
        ("model *server", 6, "ending of a word"),
        ("?!", 0, "no letter"),
        (" ".join("abcdefghijk"), None, "words"),
        ("x" * 201, None, "characters"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_position(sandbox, q, position, says):
    for path in (SEARCH, f"{SEARCH}/suggestions", "/api/agents_catalog/v1alpha1/agents"):
        body = sandbox.get(path, status=400, q=q)
        assert (body["code"], body["parameter"], body.get("position")) == ("invalid_query", "q", position)
        assert says in body["message"]


@pytest.fixture
def one_skill(sandbox):
    sandbox.serve("skills", {"skills": json.dumps({"skills": [{"name": "server"}]})})
    return sandbox


@pytest.mark.parametrize(
    ("parameters", "says"),
    [
        ({"facet": "license"}, "license:MIT"),
        ({"lifecycle": "depricated"}, "deprecated"),
        ({"filterQuery": "agentType = 'x'"}, "agentType"),
        ({"pageToken": "nonsense"}, "pageToken"),
        ({"pageSize": "many"}, "whole number"),
        ({"source": "agents", "sourceLabel": "Main"}, "exclude each other"),
        ({"pagesize": "1"}, "pageSize"),
    ],
)
def test_a_bad_parameter_is_refused_with_or_without_words(one_skill, parameters, says):
    assert says in one_skill.get(SEARCH, status=400, **parameters)["message"]
    assert says in one_skill.get(SEARCH, status=400, q="server", **parameters)["message"]


# what narrows a search for "server" -> what is left of it
NARROWED = [
    ({"kind": "McpServer"}, [SERVER, FILES]),
    ({"kind": "McpServer,Agent"}, [SERVER, FILES, "planner"]),
    ({"plugin": "agents"}, ["planner"]),
    ({"source": "agents"}, ["planner"]),
    ({"sourceLabel": "Main"}, []),
    ({"sourceLabel": "null", "kind": "Agent"}, ["planner"]),
    ({"lifecycle": "active"}, [SERVER, FILES, "planner"]),
    ({"lifecycle": "retired"}, []),
    ({"tag": "ops"}, ["planner"]),
    ({"tag": ["ops", "kubernetes"]}, ["planner"]),
    ({"tag": ["ops", "dev"]}, []),
    ({"facet": "license:MIT"}, [FILES, "planner"]),
    ({"facet": ["license:MIT", "license:Apache-2.0"]}, [SERVER, FILES, "planner"]),
    ({"facet": ["license:MIT", "kind:Agent"]}, ["planner"]),
    ({"facet": "deploymentMode:remote"}, [SERVER, FILES]),
    ({"filterQuery": "license = 'MIT'"}, [FILES, "planner"]),
    ({"filterQuery": "name LIKE 'io.%'", "facet": "deploymentMode:remote"}, [FILES]),
]


def test_filters_narrow_what_is_found(library):
    for parameters, names in NARROWED:
        body = library.get(SEARCH, q="server", **parameters)
        assert [item["name"] for item in body["items"]] == names, parameters
        assert (body["size"], body["totalSize"], body["totalIsExact"]) == (len(names), len(names), True)
        assert set(found(library, "", **parameters)) >= set(names), parameters


def test_facets_count_what_was_found(library):
    assert facet(library, "kind", q="server") == {"McpServer": 2, "Agent": 1}
    assert facet(library, "license", q="server") == {"MIT": 2, "Apache-2.0": 1}
    assert facet(library, "tags", q="server") == {"kubernetes": 1, "ops": 1}
    assert facet(library, "deploymentMode", q="server") == {"remote": 2}
    assert facet(library, "source", q="server") == {"servers": 2, "agents": 1}
    assert facet(library, "provider", q="kubernetes") == {"Acme": 1}


def test_the_counts_of_a_facet_respect_all_filters_but_its_own(library):
    chosen = {"q": "server", "kind": "McpServer", "facet": "license:MIT"}
    assert facet(library, "kind", **chosen) == {"McpServer": 1, "Agent": 1}
    assert facet(library, "license", **chosen) == {"MIT": 1, "Apache-2.0": 1}
    assert facet(library, "deploymentMode", **chosen) == {"remote": 1}
    kinds = next(one for one in library.get(SEARCH, **chosen)["facets"] if one["field"] == "kind")
    assert [value["value"] for value in kinds["values"] if value.get("selected")] == ["McpServer"]


def test_without_words_everything_is_shown_by_name_and_counted(library):
    body = library.get(SEARCH, pageSize=3)
    assert [item["name"] for item in body["items"]] == [CODE_LLAMA, GPT4ALL, "Größe"]
    assert (body["totalSize"], body["totalIsExact"]) == (11, True)
    assert facet(library, "kind") == {"CatalogModel": 4, "McpServer": 3, "Agent": 3, "Skill": 1}
    assert facet(library, "license", kind="McpServer") == {"MIT": 2, "Apache-2.0": 1}
    assert facet(library, "kind", kind="McpServer", plugin="mcp") == {"McpServer": 3}
    assert facet(library, "license", facet="license:MIT") == {
        "MIT": 3,
        "Apache-2.0": 1,
        "Llama 3.1 Community License": 1,
    }


def test_pages_hold_each_hit_once(library):
    for parameters in ({"q": "model"}, {"q": "large -nothing"}, {"q": ""}, {"facet": "license:MIT"}):
        assert_pages_hold_each_hit_once(library, parameters)


def assert_pages_hold_each_hit_once(library, parameters):
    whole = found(library, parameters.get("q", ""), **{key: parameters[key] for key in parameters if key != "q"})
    seen, token = [], ""
    while True:
        body = library.get(SEARCH, pageSize=1, **parameters, **({"pageToken": token} if token else {}))
        seen += [item["name"] for item in body["items"]]
        assert body["totalSize"] == len(whole)
        if not (token := body.get("nextPageToken", "")):
            break
    assert seen == whole
    assert len(set(seen)) == len(seen)


def test_a_token_of_another_search_is_refused(library):
    token = library.get(SEARCH, q="model", pageSize=1)["nextPageToken"]
    assert library.get(SEARCH, status=400, q="llama", pageToken=token)["parameter"] == "pageToken"


def test_a_hit_says_what_it_is_and_where_it_is_served(library):
    hit = library.get(SEARCH, q="kubernetes-mcp")["items"][0]
    assert (hit["kind"], hit["plugin"], hit["sourceId"], hit["lifecycle"]) == ("McpServer", "mcp", "servers", "active")
    assert library.get(hit["links"]["asset"])["metadata"]["uid"] == hit["uid"]
    assert library.get(hit["links"]["entity"])["id"] == hit["uid"]
    model = library.get(SEARCH, q="llama 8b")["items"][0]
    assert library.get(model["links"]["entity"])["id"] == model["uid"]


def test_highlights_mark_the_matches_and_escape_everything_else(library):
    hit = library.get(SEARCH, q="kubernetes clusters")["items"][0]
    assert hit["highlights"] == {
        "name": "io.github.acme/<mark>kubernetes</mark>-mcp",
        "description": "Manages pods &amp; &lt;b&gt;<mark>clusters</mark>&lt;/b&gt; of a"
        " <mark>Kubernetes</mark> installation.",
    }
    assert library.get(SEARCH, q="gpt4")["items"][0]["highlights"] == {"name": "openai/<mark>gpt-4</mark>"}
    assert library.get(SEARCH, q="ops")["items"][0]["highlights"] == {"tags": "kubernetes, <mark>ops</mark>"}


def test_a_hit_says_where_the_words_were_found(library):
    for q, place in (("planner", "name"), ("ops", "tags"), ("work", "text"), ("planner work", "text")):
        assert [item["matchedIn"] for item in library.get(SEARCH, q=q)["items"]] == [place]


def test_names_are_suggested_while_somebody_types(library):
    def suggested(q, **more):
        return [one["text"] for one in library.get(f"{SEARCH}/suggestions", q=q, **more)["suggestions"]]

    assert suggested("lla") == [CODE_LLAMA, LLAMA]
    assert suggested("gp") == [GPT4ALL, GPT4]
    assert suggested("io.github.acme/k") == [KUBERNETES]
    assert suggested("server", kind="McpServer", pageSize=1) == [SERVER]
    assert suggested("") == []
    first = library.get(f"{SEARCH}/suggestions", q="plan")["suggestions"][0]
    assert (first["kind"], first["highlight"]) == ("Agent", "<mark>planner</mark>")


def test_what_is_hidden_is_neither_found_nor_counted(library):
    hidden = {**CATALOGS, "mcp": [source("servers", enabled=False)]}
    library.configure(configuration(**hidden))
    library.settle()
    assert found(library, "server") == ["planner"]
    assert facet(library, "kind", q="server") == {"Agent": 1}
    assert "McpServer" not in facet(library, "kind")
    assert library.get(SEARCH)["totalSize"] == 8
    assert KUBERNETES not in found(library, "-llama")
    library.configure(configuration(**CATALOGS))
    library.settle()
    assert found(library, "server") == [SERVER, FILES, "planner"]


def test_a_catalog_that_does_not_serve_is_not_searched(library):
    from catalog_core.plugins.models import PluginState

    PluginState.objects.filter(name="mcp").update(serving=False)
    assert found(library, "server") == ["planner"]
    assert "McpServer" not in facet(library, "kind")


def test_the_index_follows_its_source(library):
    library.write(
        "skills.yaml", json.dumps({"skills": [{"name": "search"}, {"name": "weaving", "description": "Looms"}]})
    )
    library.settle()
    assert found(library, "looms") == ["weaving"]
    assert "search" not in found(library, "llama")
    library.write("skills.yaml", json.dumps({"skills": [{"name": "search"}]}))
    library.settle(starting=True)
    library.configure(configuration(**{key: value for key, value in CATALOGS.items() if key != "models"}))
    library.settle()
    assert found(library, "llama") == []
    assert facet(library, "kind") == {"McpServer": 3, "Agent": 3, "Skill": 1}


def test_a_client_that_has_an_answer_already_is_told_so(library):
    for path in (f"{SEARCH}?q=server", f"{SEARCH}/suggestions?q=serv"):
        first = library.client.get(path)
        again = library.client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert library.client.head(path).status_code == 200
    tag = library.client.get(f"{SEARCH}?q=server")["ETag"]
    library.write("skills.yaml", json.dumps({"skills": [{"name": "server"}]}))
    library.settle()
    assert library.client.get(f"{SEARCH}?q=server", headers={"If-None-Match": tag}).status_code == 200


QUERIES = [
    ({"q": "many"}, 7),
    ({"q": "many", "kind": "Skill"}, 9),
    ({"q": "many", "filterQuery": "name != 'x'"}, 8),
    ({}, 7),
    ({"facet": "license:MIT"}, 12),
]


def test_a_search_costs_the_same_number_of_queries_for_one_hit_and_for_fifty(library):
    counts = []
    for number in (1, 50):
        skills = [{"name": f"many {index}", "license": "MIT"} for index in range(number)]
        library.write("skills.yaml", json.dumps({"skills": skills}))
        library.settle()
        for parameters, _ in QUERIES:
            with CaptureQueriesContext(connection) as captured:
                assert library.get(SEARCH, pageSize=50, **parameters)["size"] >= number
            counts.append(reads(captured))
    assert counts == 2 * [queries for _, queries in QUERIES]


def test_of_more_matches_than_are_looked_at_the_best_are_shown_and_that_is_said(library, monkeypatch):
    monkeypatch.setattr("catalog_core.assets.search.candidates.MAX_CANDIDATES", 10)
    texts = [{"name": f"other {index:02}", "description": "Something about a zebra."} for index in range(30)]
    names = [{"name": f"zebra {index}"} for index in range(5)]
    library.write("skills.yaml", json.dumps({"skills": [*texts, *names, {"name": "zebra"}]}))
    library.settle()
    body = library.get(SEARCH, q="zebra", pageSize=6)
    assert [item["name"] for item in body["items"]] == ["zebra", *(one["name"] for one in names)]
    assert (body["totalSize"], body["totalIsExact"]) == (10, False)
    assert facet(library, "kind", q="zebra") == {"Skill": 10}
    body = library.get(SEARCH, q="zebra", pageSize=6, pageToken=body["nextPageToken"])
    assert (body["size"], "nextPageToken" in body) == (4, False)


def test_a_facet_that_is_counted_among_more_than_what_matches_says_whether_it_is_exact(library, monkeypatch):
    monkeypatch.setattr("catalog_core.assets.search.candidates.MAX_CANDIDATES", 10)
    licenses = ["MIT"] * 30 + ["X11"] * 3
    library.write("skills.yaml", json.dumps({"skills": [_zebra(*numbered) for numbered in enumerate(licenses)]}))
    library.settle()
    for parameters, total, exact in (
        ({"facet": "license:X11"}, (3, True), {"license": False, "kind": True}),
        ({"facet": ["license:X11", "kind:Skill"]}, (3, True), {"license": False, "kind": True}),
        ({}, (10, False), {"license": False, "kind": False}),
    ):
        body = library.get(SEARCH, q="zebra", **parameters)
        assert (body["totalSize"], body["totalIsExact"]) == total
        told = {facet["field"]: facet["countsAreExact"] for facet in body["facets"]}
        assert {field: told[field] for field in exact} == exact
    page = library.client.get("/search?q=zebra&facet=license%3AX11").content.decode()
    assert ">3 asset" in page
    assert "</a> 10+</li>" in page


def _zebra(number, license_name):
    return {"name": f"zebra {number:02}", "license": license_name}


def test_the_page_for_people_shows_what_was_found_and_links_that_narrow_it(library):
    page = library.client.get("/search?q=kubernetes").content.decode()
    assert "io.github.acme/<mark>kubernetes</mark>-mcp" in page
    assert "&lt;b&gt;clusters&lt;/b&gt;" in page
    assert "facet=kind%3AAgent" in page
    narrowed = library.client.get("/search?q=kubernetes&facet=kind%3AAgent").content.decode()
    assert ">planner</a>" in narrowed
    assert "kubernetes</mark>-mcp" not in narrowed
    assert 'aria-current="true"' in narrowed


def test_the_page_for_people_says_what_it_cannot_understand(sandbox):
    refused = sandbox.client.get("/search", {"q": '"<script>'})
    assert refused.status_code == 400
    assert "never closed" in refused.content.decode()
    assert "<script>" not in refused.content.decode()
    assert sandbox.client.get("/search").status_code == 200
    assert 'action="/search"' in sandbox.client.get("/", headers={"Accept": "text/html"}).content.decode()
