"""``/api/assets/{uid}/impact``: what breaks if an asset goes away."""

from catalog_core.assets.relations import impact_of
from tests.core.assets.relations.test_relations import agent, server, skill


def test_what_needs_a_broken_asset_breaks_with_it_across_kinds(world):
    world.serve(
        (
            "agents",
            "team",
            [
                agent("lead", agents=["scout"]),
                agent("scout", skills=["look"], servers=["eyes"]),
                agent("idle", skills=["rest"]),
            ],
        ),
        ("skills", "tools", [skill("look", server="eyes"), skill("rest")]),
        ("mcp", "servers", [server("eyes")]),
    )
    impact = world.impact(world.uid("mcp", "eyes"))
    assert (impact["breaks"], impact["count"], impact["countByKind"]) == (True, 3, {"Agent": 2, "Skill": 1})
    found = {one["name"]: one for one in impact["dependants"]}
    assert [(one["depth"], len(one["path"])) for one in found.values()] == [(1, 1), (1, 1), (2, 2)]
    assert [(step["relation"], step["kind"], step["name"]) for step in found["lead"]["path"]] == [
        ("calls", "Agent", "scout"),
        ("uses tools of", "McpServer", "eyes"),
    ]
    assert (impact["standIns"], impact["redirected"], impact["truncated"]) == ([], 0, False)
    assert world.impact(world.uid("agents", "idle"))["breaks"] is False


def test_nothing_breaks_where_another_source_steps_in(world):
    world.serve(
        (
            "agents",
            "team",
            [agent("plain", skills=["look"]), agent("boss", agents=["plain"]), agent("exact", skills=["first/look"])],
        ),
        ("skills", "first", [skill("look")]),
        ("skills", "second", [skill("look")]),
    )
    first = world.impact(world.uid("skills", "look", "first"))
    assert [one["name"] for one in first["dependants"]] == ["exact"]
    assert [one["source"] for one in first["standIns"]] == ["second"]
    assert first["redirected"] == 1
    second = world.impact(world.uid("skills", "look", "second"))
    assert (second["breaks"], second["standIns"], second["redirected"]) == (False, [], 0)


def test_an_asset_that_is_named_twice_breaks_by_the_name_that_nothing_else_has(world):
    world.serve(
        ("agents", "team", [agent("both", skills=["look", {"name": "look", "source": "first"}])]),
        ("skills", "first", [skill("look")]),
        ("skills", "second", [skill("look")]),
    )
    impact = world.impact(world.uid("skills", "look", "first"))
    assert ([one["name"] for one in impact["dependants"]], impact["redirected"]) == (["both"], 1)


def test_circles_end_and_nothing_depends_on_itself(world):
    world.serve(("agents", "team", [agent("a", agents=["b", "a"]), agent("b", agents=["c"]), agent("c", agents=["a"])]))
    impact = world.impact(world.uid("agents", "a"))
    assert [(one["name"], one["depth"]) for one in impact["dependants"]] == [("c", 1), ("b", 2)]


def test_the_function_gives_what_the_api_answers(world):
    world.serve(("agents", "team", [agent("a", agents=["b"]), agent("b")]))
    uid = world.uid("agents", "b")
    assert impact_of(uid).as_dict() == world.impact(uid)
