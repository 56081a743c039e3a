"""Whatever happens to the sources, relations are those that the sources as they are now would give."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_core.assets.relations import impact_of, relations_of
from catalog_core.assets.unresolved import unresolved_references
from catalog_core.assets.view import assets_view
from catalog_core.entities.models import entity_id
from catalog_core.entities.references import AssetReference
from catalog_core.plugins.registry import registry
from catalog_core.sources.models import Source
from tests.core.assets.relations import naive

NAMES = ("a", "b", "one/a")
PLUGINS = {kind: plugin for plugin, kind in naive.KINDS.items()}

names = st.sampled_from(NAMES)
values = st.one_of(
    st.sampled_from([*NAMES, "two/b", "two/one/a", "three/a", "c"]),
    st.builds(lambda name, source: {"name": name, "source": source}, names, st.sampled_from(["one", "two", "three"])),
    st.builds(lambda name, kind: {"name": name, "kind": kind}, names, st.sampled_from(["McpServer", "Agent", "Lamp"])),
)
tools = st.lists(
    st.one_of(values.map(lambda v: {"skillRef": v}), values.map(lambda v: {"mcpToolRef": v})), min_size=1, max_size=4
)
agents = st.builds(
    lambda name, tools, others: {"name": name, "tools": tools, "dependencies": [{"agentRef": one} for one in others]},
    names,
    tools,
    st.lists(values, min_size=1, max_size=3),
)
skills = st.builds(lambda name, server: {"name": name, "execution": {"mcpServerRef": server}}, names, values)
servers = st.builds(lambda name: {"name": name, "deploymentMode": "local"}, names)
items = {"agents": agents, "skills": skills, "mcp": servers}


@st.composite
def source_lists(draw):
    """A configuration: some sources in some order, some of them disabled; an absent one was removed."""
    wanted = draw(st.permutations([(plugin, key) for plugin in items for key in ("one", "two")]))
    return [
        (
            plugin,
            key,
            draw(st.lists(items[plugin], min_size=2, max_size=3, unique_by=lambda item: item["name"])),
            draw(st.sampled_from([True, True, True, False])),
        )
        for plugin, key in wanted[: draw(st.integers(4, 6))]
    ]


@given(history=st.lists(source_lists(), min_size=1, max_size=3))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_relations_equal_those_computed_from_scratch_after_any_changes(world, history):
    for sources in history:
        world.serve(*sources)
        compare(sources)
    world.serve(*history[0])  # everything back as it was at first
    compare(history[0])
    world.serve()
    assert not AssetReference.objects.exists()


def compare(sources):
    """Compare everything that can be asked with what it should be."""
    world = naive.things(sources)
    view = assets_view(registry)
    for thing in world:
        for direction in ("out", "in"):
            found = relations_of(uid(thing), direction=direction, depth=3, view=view)
            assert relations_in(found.as_dict()) == naive.relations(world, thing, direction, 3)
        compare_impact(world, thing, view)
    compare_unresolved(sources, world, view)


def compare_impact(world, lost, view):
    impact = impact_of(uid(lost), view=view).as_dict()
    redirected, stand_ins = naive.redirected(world, lost)
    assert impact["redirected"] == len(redirected)
    assert stand_ins <= {key_of(one) for one in impact["standIns"]}
    by_key = {thing.key: thing for thing in world}
    assert {key_of(one): one["depth"] for one in impact["dependants"]} == naive.broken(world, lost)
    for one in impact["dependants"]:
        assert key_of(one["path"][-1]) == lost.key
        for before, after in zip([one, *one["path"]], one["path"], strict=False):
            named = [target for relation, *target in by_key[key_of(before)].names if relation == after["relation"]]
            assert key_of(after) in [to.key for target in named if (to := naive.meant(world, *target))]


def compare_unresolved(sources, world, view):
    rows = list(Source.objects.all())
    found = unresolved_references(rows, view=view)
    for row in rows:
        kind = naive.KINDS[row.plugin]
        expected = naive.unresolved(world, kind, row.key)
        unresolved = found.get(row.pk)
        assert (unresolved.count if unresolved else 0) == len(expected)
        first = unresolved.first if unresolved else ()
        assert {(one.item, one.relation, (one.kind, one.name, one.source)) for one in first} == expected


def uid(thing):
    return entity_id("default", PLUGINS[thing.kind], thing.kind, thing.source, thing.name)


def key_of(node):
    return node["kind"], node["source"], node["name"]


def relations_in(answer):
    """Return the relations of an answer in the form of the naive ones."""
    found = {}
    for one in answer["relations"]:
        to = None if one["to"].get("unresolved") else key_of(one["to"])
        found.setdefault((key_of(one["from"]), one["relation"], to), []).append(one["depth"])
    return found
