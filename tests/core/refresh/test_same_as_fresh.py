"""Whatever a source went through, it ends up like one that was loaded once, but for entities kept as stale."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_core.entities.refresh import refresh_source
from catalog_core.plugins.registry import registry
from catalog_core.sources.models import Source
from catalog_plugins.agents.models import Agent

names = st.sampled_from(["a", "b", "c", "A", 7, "7", None, "", ["x"]])
items = st.fixed_dictionaries(
    {"name": names},
    optional={
        "version": st.sampled_from(["1", "2", 3, [], None]),
        "agentType": st.sampled_from(["router", "wizard"]),
        "verion": st.just("1"),
        "customProperties": st.sampled_from([{}, {"b": 1, "a": [1.5, None]}, "text"]),
    },
)
entries = st.one_of(items, items, items, st.sampled_from(["text", None, 5]))
states = st.lists(st.lists(entries, max_size=6), min_size=1, max_size=4)
patterns = st.sampled_from([([], []), (["a*", "7", "b"], []), ([], ["B", "7"])])


@pytest.fixture
def agents(db, tmp_path, settings):
    settings.CATALOG = {**settings.CATALOG, "shrink_threshold": 0}
    plugin = registry.get("agents")

    def load(key, content, wanted):
        """Write the file of a source and refresh it; return its row."""
        file = tmp_path / f"{key}.yaml"
        file.write_text(json.dumps({"agents": content}, indent=1, sort_keys=True))  # an order of keys is no change
        source, _ = Source.objects.get_or_create(
            plugin="agents", key=key, type="yaml", origin=str(tmp_path / "sources.yaml"), spec_digest=str(wanted)
        )
        source.properties = {"yamlCatalogPath": file.name}
        source.included_items, source.excluded_items = wanted
        source.save()
        refresh_source(source, plugin)
        return Source.objects.get(pk=source.pk)

    return load


def content_of(source):
    """What is stored of a source, without what tells it from another: ids, keys and times."""
    left_out = {"id", "source_id", "created_at", "updated_at", "document", "file"}
    found = {}
    for row in Agent.objects.filter(source=source).values():
        document = json.loads(row["document"])
        del document["id"], document["sourceId"]
        found[row["name"]] = {name: value for name, value in row.items() if name not in left_out} | document
    return found


def problems_of(source):
    return [
        (row.item_name, row.item_line, {**row.problem, "file": "", "message": row.problem["message"].split(" in ")[0]})
        for row in source.set_aside.all()
    ]


@given(states=states, wanted=patterns)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_ends_like_a_fresh_load_of_its_last_state(agents, states, wanted):
    Source.objects.all().delete()
    for state in states:
        grown = agents("grown", state, wanted)
    fresh = agents("fresh", states[-1], wanted)
    kept, wished = content_of(grown), content_of(fresh)
    stale = {name for name, row in kept.items() if row["stale"]}
    assert {name: row for name, row in kept.items() if name not in stale} == wished
    assert stale <= {str(item["name"]) for item in states[-1] if isinstance(item, dict)}
    assert problems_of(grown) == problems_of(fresh)
    assert grown.set_aside_count == fresh.set_aside_count
    assert (grown.entity_count, grown.stale_count) == (len(kept), len(stale))
    assert grown.state == fresh.state
