"""From an entity to the envelope common to all kinds."""

import json
from datetime import UTC, datetime

import pytest

from catalog_core.entities.envelope import Asset, Overlay, asset_envelope, overlaid_document, overlaid_envelope
from catalog_core.plugins.registry import registry
from catalog_core.sources.models import Source
from catalog_plugins.agents.models import Agent

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def entity(**more):
    source = Source(plugin="agents", key="team", name="The team", type="yaml")
    return Agent(
        id="3f6a82a0-5406-54b4-b38f-519c104104c9", source=source, name="planner", created_at=NOW, updated_at=NOW, **more
    )


def envelope(row, **document):
    return asset_envelope(
        registry.get("agents"), row, {"id": str(row.id), "name": row.name, "sourceId": "team", **document}
    )


def test_fields_of_the_kind_are_the_spec_and_the_rest_is_metadata():
    made = envelope(entity(), description="Plans.", agentType="planner", author="Ops", tags=["a"], labels={"tier": "1"})
    assert made == {
        "apiVersion": "catalog/v1alpha1",
        "kind": "Agent",
        "metadata": {
            "uid": "3f6a82a0-5406-54b4-b38f-519c104104c9",
            "name": "planner",
            "description": "Plans.",
            "labels": {"tier": "1"},
            "tags": ["a"],
            "owner": {"name": "Ops"},
            "createdAt": "2026-01-02T00:00:00+00:00",
            "updatedAt": "2026-01-02T00:00:00+00:00",
            "sourceRef": {"sourceId": "team", "sourceName": "The team", "sourceType": "yaml"},
        },
        "spec": {"agentType": "planner", "author": "Ops"},
        "status": {"lifecycle": "active", "health": "unknown"},
    }


def test_a_field_of_another_form_stays_in_the_spec():
    made = envelope(entity(), labels=["not", "a", "mapping"], tags=[{"name": "x"}], owner=["a", "b"], lifecycle="sunny")
    assert made["spec"] == {
        "labels": ["not", "a", "mapping"],
        "tags": [{"name": "x"}],
        "owner": ["a", "b"],
        "lifecycle": "sunny",
    }
    assert made["status"]["lifecycle"] == "active"


def test_a_stale_entity_is_degraded_and_says_why():
    status = envelope(entity(stale=True))["status"]
    assert status["health"] == "degraded"
    assert status["conditions"][0]["type"] == "Current"
    assert status["conditions"][0]["status"] == "False"


def test_an_overlay_adds_tags_merges_labels_and_replaces_the_lifecycle():
    overlay = Overlay(tags=["b", "a"], labels={"tier": "2"}, annotations={"note": "x"}, lifecycle="deprecated")
    made = overlaid_envelope(envelope(entity(), tags=["a"], labels={"tier": "1", "team": "ops"}), overlay)
    assert made["metadata"]["tags"] == ["a", "b"]
    assert made["metadata"]["labels"] == {"tier": "2", "team": "ops"}
    assert made["metadata"]["annotations"] == {"note": "x"}
    assert made["status"]["lifecycle"] == "deprecated"
    assert overlaid_document({"name": "planner", "tags": ["a"]}, overlay) == {
        "name": "planner",
        "tags": ["a", "b"],
        "labels": {"tier": "2"},
        "annotations": {"note": "x"},
        "lifecycle": "deprecated",
    }


def test_an_overlay_leaves_alone_what_has_another_form():
    overlay = Overlay(tags=["a"], labels={"tier": "2"})
    assert overlaid_document({"tags": "one", "labels": [1]}, overlay) == {"tags": "one", "labels": [1]}


@pytest.mark.real_data
def test_every_real_entity_has_an_asset_that_says_the_same(sandbox, shared_data, settings):
    settings.CATALOG = {**settings.CATALOG, "sources_files": (shared_data / "sources.yaml",)}
    sandbox.settle(starting=True)
    for plugin in registry:
        assets = {asset.uid: asset for asset in Asset.objects.filter(plugin=plugin.name)}
        rows = plugin.model._default_manager.values_list("id", "name", "document")
        assert len(rows) == len(assets) > 0
        for uid, name, document in rows:
            made, own = json.loads(assets[uid].document), json.loads(document)
            moved = {"id", "name", "description", "displayName", "sourceId", "source_id"}
            moved |= {"createTimeSinceEpoch", "lastUpdateTimeSinceEpoch"}
            assert made["metadata"]["name"] == assets[uid].name == name
            assert made["metadata"].get("description", "") == own.get("description", "") == assets[uid].description
            kept = made["spec"] | {
                key: made["metadata"][key] for key in ("tags", "labels", "owner") if key in made["metadata"]
            }
            assert all(kept.get(key) == value for key, value in own.items() if key not in moved)
