"""Real catalogs of public projects are taken over whole: nothing set aside, no known field lost."""

from collections import Counter
from pathlib import Path

import pytest

from catalog_core.entities.fields import FieldKind, entity_fields
from catalog_core.testing.sample import catalog_plugin
from catalog_core.testing.translation import items_of, translate
from catalog_plugins.model.licenses import license_name

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
FILES = {
    "agents": ("real/agents.yaml", "reference-samples/agents/**/*agents.yaml"),
    "guardrails": ("real/guardrails.yaml", "reference-samples/guardrails/sample-*.yaml"),
    "knowledge": ("real/knowledge-sources.yaml", "reference-samples/knowledge/sample-*.yaml"),
    "mcp": ("real/mcp-servers.yaml", "reference-samples/mcp/**/*mcp-servers.yaml", "kubeflow/mcp/**/*.yaml"),
    "model": (
        "real/models.yaml",
        "reference-samples/models/dev-*.yaml",
        "kubeflow/models/base/*.yaml",
        "kubeflow/models/demo/*.yaml",
        "kubeflow/models/e2e/*.yaml",
        "kubeflow/models/testdata/dev-*-models.yaml",
        "kubeflow/models/testdata/*-catalog.yaml",
    ),
    "policies": ("real/policies.yaml", "reference-samples/policies/sample-*.yaml"),
    "prompts": ("real/prompts.yaml", "reference-samples/prompts/sample-*.yaml"),
    "skills": ("real/skills.yaml", "reference-samples/skills/sample-*.yaml"),
}
COUNTS = {
    "real/agents.yaml": 202,
    "real/guardrails.yaml": 129,
    "real/knowledge-sources.yaml": 284,
    "real/mcp-servers.yaml": 464,
    "real/models.yaml": 5276,
    "real/policies.yaml": 638,
    "real/prompts.yaml": 1529,
    "real/skills.yaml": 194,
}
NAMES_TWICE = {"real/prompts.yaml": 16}

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the folder with real catalogs is not beside the project"),
]


def files():
    return [
        pytest.param(name, path, id=f"{name}:{path.relative_to(DATA)}")
        for name, patterns in FILES.items()
        for pattern in patterns
        for path in sorted(DATA.glob(pattern))
    ]


@pytest.mark.parametrize(("name", "path"), files())
def test_every_item_is_taken_over_and_keeps_its_fields(name, path):
    plugin = catalog_plugin(name)
    names = Counter()
    for item in items_of(plugin, path):
        assert item.problems == ()
        translated = translate(plugin, item.value)
        assert [remark for remark in translated.remarks if remark.severity == "error"] == []
        assert lost_fields(plugin, item.value, translated.document) == {}
        assert lost_artifacts(item.value, translated.entity) == []
        names[translated.entity.name] += 1
    relative = str(path.relative_to(DATA))
    assert names.total() == COUNTS.get(relative, names.total())
    assert sum(count > 1 for count in names.values()) == NAMES_TWICE.get(relative, 0)


def lost_fields(plugin, item, document):
    """Return what the item says and the document does not, by field."""
    said = {name: item[name] for name in ("name", "externalId", "description") if item.get(name)}
    said |= {field.name: item[field.name] for field in entity_fields(plugin.model) if has_content(item, field)}
    if plugin.name == "model" and "license" in said:
        said["license"] = license_name(said["license"])
    if plugin.shows_times:
        times = ("createTimeSinceEpoch", "lastUpdateTimeSinceEpoch")
        said |= {name: item[name] for name in times if item.get(name)}
    lost = {name: value for name, value in said.items() if document.get(name) != value}
    if (item.get("customProperties") or {}).keys() != document.get("customProperties", {}).keys():
        lost["customProperties"] = item["customProperties"]
    return lost


def has_content(item, field):
    value = item.get(field.name)
    return value is not None if field.kind in (FieldKind.BOOLEAN, FieldKind.INTEGER) else bool(value)


def lost_artifacts(item, entity):
    """Return the places of the artifacts that an item lists and its entity does not have in full."""
    if "artifacts" not in entity.children:
        return []
    listed, kept = item.get("artifacts") or [], entity.children["artifacts"]
    assert len(listed) == len(kept)
    return [
        index
        for index, (said, child) in enumerate(zip(listed, kept, strict=True))
        if (said.get("customProperties") or {}).keys() != child.custom_properties.keys()
        or said.get("uri", "") != child.values["uri"]
        or said.get("artifactType", "model-artifact") != child.values["artifact_type"]
        or said.get("metricsType", "") != child.values["metrics_type"]
    ]
