"""``/api/assets/{uid}/relations``: what an asset refers to and what refers to it."""

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog_core.assets.walking import MAX_DEPTH, MAX_RELATIONS


def agent(name, *, skills=(), servers=(), agents=(), **more):
    tools = [{"skillRef": skill} for skill in skills] + [{"mcpToolRef": server} for server in servers]
    return {"name": name, "tools": tools, "dependencies": [{"agentRef": other} for other in agents], **more}


def skill(name, server=None):
    return {"name": name, "execution": {"mcpServerRef": server} if server else {}}


def server(name):
    return {"name": name, "deploymentMode": "local"}


def chain(length):
    """Return agents of which each calls the next."""
    return [agent(f"a{number:03}", agents=[f"a{number + 1:03}"]) for number in range(length)]


def ends(answer):
    return [(one["from"]["name"], one["relation"], one["to"]["name"], one["depth"]) for one in answer["relations"]]


def test_relations_go_both_ways_and_as_far_as_asked(world):
    world.serve(
        ("agents", "team", [agent("lead", agents=["scout"]), agent("scout", skills=["look"])]),
        ("skills", "tools", [skill("look", server="eyes")]),
        ("mcp", "servers", [server("eyes")]),
    )
    scout = world.uid("agents", "scout")
    answer = world.relations(scout)
    assert ends(answer) == [("scout", "uses", "look", 1), ("lead", "calls", "scout", 1)]
    assert [one["direction"] for one in answer["relations"]] == ["out", "in"]
    assert answer["asset"] == {"uid": scout, "kind": "Agent", "name": "scout", "plugin": "agents", "source": "team"}
    assert answer["relations"][0]["to"] == {
        "uid": world.uid("skills", "look"),
        "kind": "Skill",
        "name": "look",
        "plugin": "skills",
        "source": "tools",
    }
    assert (answer["count"], answer["truncated"], answer["notFollowed"]) == (2, False, 2)
    deeper = world.relations(scout, direction="out", depth=3)
    assert ends(deeper) == [("scout", "uses", "look", 1), ("look", "is carried out by", "eyes", 2)]
    assert deeper["notFollowed"] == 0
    eyes = world.uid("mcp", "eyes")
    assert [one[0] for one in ends(world.relations(eyes, direction="in", depth=3))] == ["look", "scout", "lead"]
    assert world.relations(eyes, direction="out", depth=3)["relations"] == []


def test_what_has_no_asset_is_unresolved_until_there_is_one(world):
    team = ("agents", "team", [agent("scout", skills=["look", {"name": "hear", "source": "ears"}])])
    world.serve(team)
    scout = world.uid("agents", "scout")
    look, hear = (one["to"] for one in world.relations(scout)["relations"])
    assert look == {"kind": "Skill", "name": "look", "unresolved": True}
    assert hear == {"kind": "Skill", "name": "hear", "source": "ears", "unresolved": True}
    world.serve(team, ("skills", "tools", [skill("look"), skill("hear")]))
    look, hear = (one["to"] for one in world.relations(scout)["relations"])
    assert (look["source"], hear.get("unresolved")) == ("tools", True)
    world.serve(team, ("skills", "tools", [skill("look")], False))
    assert all(one["to"]["unresolved"] for one in world.relations(scout)["relations"])


def test_a_name_means_the_asset_of_the_first_source_and_a_source_before_it_another(world):
    world.serve(
        (
            "agents",
            "team",
            [agent("scout", skills=["look", "near/look", "near/hear", {"name": "look", "source": "near"}])],
        ),
        ("skills", "far", [skill("look"), skill("near/hear")]),
        ("skills", "near", [skill("look"), skill("hear")]),
    )
    meant = [
        (one["to"]["source"], one["to"]["name"]) for one in world.relations(world.uid("agents", "scout"))["relations"]
    ]
    assert meant == [("far", "look"), ("near", "look"), ("far", "near/hear"), ("near", "look")]
    near = world.relations(world.uid("skills", "look", "near"), direction="in")["relations"]
    assert [one["to"]["source"] for one in near] == ["near", "near"]
    assert world.relations(world.uid("skills", "hear", "near"), direction="in")["relations"] == []


def test_an_object_may_say_another_kind_than_the_declared_one(world):
    world.serve(
        ("agents", "team", [agent("scout", skills=[{"kind": "McpServer", "name": "eyes"}])]),
        ("mcp", "servers", [server("eyes")]),
    )
    (relation,) = world.relations(world.uid("agents", "scout"))["relations"]
    assert (relation["relation"], relation["to"]["kind"]) == ("uses", "McpServer")


def test_circles_and_assets_that_name_themselves_end(world):
    world.serve(("agents", "team", [agent("a", agents=["b", "a"]), agent("b", agents=["a"])]))
    a = world.uid("agents", "a")
    out = world.relations(a, direction="out", depth=MAX_DEPTH)
    assert ends(out) == [("a", "calls", "b", 1), ("a", "calls", "a", 1), ("b", "calls", "a", 2)]
    both = world.relations(a, depth=MAX_DEPTH)
    assert len(ends(both)) == len(set(ends(both))) == 3


def test_many_relations_are_cut_and_the_answer_says_so(world):
    names = [f"s{number}" for number in range(MAX_RELATIONS + 5)]
    world.serve(
        ("agents", "team", [agent("greedy", skills=names), *(agent(f"a{name}", skills=["s0"]) for name in names)]),
        ("skills", "tools", [skill(name) for name in names]),
    )
    for uid, direction in ((world.uid("agents", "greedy"), "out"), (world.uid("skills", "s0"), "in")):
        answer = world.relations(uid, direction=direction, depth=2)
        assert (answer["count"], answer["truncated"]) == (MAX_RELATIONS, True)
        assert len(answer["relations"]) == MAX_RELATIONS
    impact = world.impact(world.uid("skills", "s0"))
    assert (impact["count"], impact["truncated"]) == (MAX_RELATIONS, True)


def test_a_long_chain_is_followed_to_the_limit_and_the_answer_says_so(world):
    world.serve(("agents", "team", chain(MAX_DEPTH + 3)))
    answer = world.relations(world.uid("agents", "a000"), direction="out", depth=MAX_DEPTH)
    assert (answer["count"], answer["truncated"], answer["notFollowed"]) == (MAX_DEPTH, False, 1)
    impact = world.impact(world.uid("agents", f"a{MAX_DEPTH + 2:03}"))
    assert (impact["count"], impact["truncated"]) == (MAX_DEPTH, True)
    short = world.impact(world.uid("agents", "a003"))
    assert (short["count"], short["truncated"]) == (3, False)


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"direction": "up"}, "direction"),
        ({"depth": "0"}, "depth"),
        ({"depth": str(MAX_DEPTH + 1)}, "depth"),
        ({"depth": "9" * 30}, "depth"),
        ({"depth": "-1"}, "depth"),
        ({"depth": "two"}, "depth"),
        ({"depth": "²"}, "depth"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(world, parameters, named):
    world.serve(("agents", "team", [agent("a")]))
    error = world.relations(world.uid("agents", "a"), 400, **parameters)
    assert (error["code"], error["parameter"]) == ("invalid_query", named)


def test_assets_that_readers_do_not_see_are_not_found(world):
    world.serve(("agents", "team", [agent("a")]))
    uid = world.uid("agents", "a")
    world.serve(("agents", "team", [agent("a")], False))
    for path in ("relations", "impact"):
        for unknown in (uid, "00000000-0000-0000-0000-000000000000"):
            error = world.sandbox.get(f"/api/assets/{unknown}/{path}", 404)
            assert unknown in error["message"]


def test_answers_are_sent_once_and_made_anew_when_another_catalog_changes(world, client):
    team = ("agents", "team", [agent("a", skills=["look"])])
    world.serve(team)
    uid = world.uid("agents", "a")
    for path in (f"/api/assets/{uid}/relations", f"/api/assets/{uid}/impact"):
        first = client.get(path)
        assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
        head = client.head(path)
        assert (head.status_code, head["ETag"], head.content) == (200, first["ETag"], b"")
    before = client.get(f"/api/assets/{uid}/relations")["ETag"]
    world.serve(team, ("skills", "tools", [skill("look")]))
    after = client.get(f"/api/assets/{uid}/relations", headers={"If-None-Match": before})
    assert after.status_code == 200
    assert "unresolved" not in after.content.decode()


@pytest.mark.parametrize("path", ["relations?direction=out", "relations?direction=in", "relations?depth=1", "impact"])
def test_a_level_costs_the_same_number_of_queries_for_two_assets_and_twelve(world, path):
    def queries(many):
        names = [f"s{number}" for number in range(many)]
        agents = [agent(f"a{name}", skills=["middle"]) for name in names]
        middle = skill("middle", server="eyes")
        world.serve(
            ("agents", "team", [*agents, agent("busy", skills=names)]),
            *(("skills", f"tools-{name}", [skill(name), middle]) for name in names),
            ("mcp", "servers", [server("eyes")]),
        )
        uid = world.uid("skills", "middle") if "in" in path or path == "impact" else world.uid("agents", "busy")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            world.sandbox.get(f"/api/assets/{uid}/{path}")
        return len(captured)

    assert queries(2) == queries(12) <= 9


def test_each_further_level_costs_two_queries(world):
    world.serve(("agents", "team", chain(12)))
    counts = []
    for depth in range(1, 11):
        with CaptureQueriesContext(connection) as captured:
            world.relations(world.uid("agents", "a000"), direction="out", depth=depth)
        counts.append(len(captured))
    assert {later - earlier for earlier, later in itertools.pairwise(counts)} == {2}
