"""From a model in a data file to what the API shows of it."""

from datetime import UTC, datetime

import pytest

from catalog_core.plugin import InvalidItem, ItemReader
from catalog_core.testing.sample import catalog_plugin
from catalog_core.testing.translation import translate
from catalog_plugins.model.artifacts import artifact_document
from catalog_plugins.model.licenses import license_name
from catalog_plugins.model.models import ModelArtifact

RATE = {"metadataType": "MetadataDoubleValue", "double_value": 4.0}


@pytest.fixture
def plugin():
    return catalog_plugin("model")


def artifacts(plugin, *listed):
    return translate(plugin, {"name": "a", "artifacts": list(listed)}).entity.children["artifacts"]


def test_only_the_name_is_needed(plugin):
    document = dict(translate(plugin, {"name": "acme/a"}, source_id="lab").document)
    assert document.pop("id")
    assert document.pop("createTimeSinceEpoch").isdigit()
    assert document.pop("lastUpdateTimeSinceEpoch").isdigit()
    assert document == {"name": "acme/a", "source_id": "lab"}


def test_times_of_the_source_are_shown_as_texts_of_milliseconds(plugin):
    item = {"name": "a", "createTimeSinceEpoch": "1735689600000", "lastUpdateTimeSinceEpoch": 1735776000000}
    document = translate(plugin, item).document
    assert document["createTimeSinceEpoch"] == "1735689600000"
    assert document["lastUpdateTimeSinceEpoch"] == "1735776000000"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("apache-2.0", "Apache 2.0"),
        ("Apache-2.0", "Apache 2.0"),
        ("MIT", "MIT"),
        ("mit", "MIT"),
        ("llama3.1", "Llama 3.1 Community License"),
        ("gemma", "Gemma License"),
        ("Our own terms", "Our own terms"),
        ("", ""),
    ],
)
def test_common_licences_are_called_by_name(plugin, written, shown):
    assert license_name(written) == shown
    assert translate(plugin, {"name": "a", "license": written}).document.get("license", "") == shown


def test_an_artifact_is_a_model_artifact_unless_it_says_otherwise(plugin):
    (child,) = artifacts(plugin, {"uri": "oci://registry.example/a:1"})
    assert child.values["artifact_type"] == "model-artifact"


def test_an_unknown_artifact_type_names_the_place_of_the_artifact(plugin):
    item = ItemReader({"name": "a", "artifacts": [{"uri": "s3://a"}, {"artifactType": "picture"}]}, path="[7]")
    with pytest.raises(InvalidItem) as caught:
        plugin.entity(item)
    assert caught.value.problem.rule == "unknown-artifact-type"
    assert caught.value.problem.path == "[7].artifacts[1].artifactType"
    assert "metrics-artifact" in caught.value.problem.hint


def test_a_bad_property_of_an_artifact_names_its_place(plugin):
    listed = {"customProperties": {"rate": {"metadataType": "MetadataDoubleValue", "double_value": "fast"}}}
    with pytest.raises(InvalidItem) as caught:
        artifacts(plugin, listed)
    assert caught.value.problem.path == "artifacts[0].customProperties.rate"


@pytest.mark.parametrize("value", ["oci://a", {"uri": "oci://a"}, ["oci://a"]])
def test_artifacts_that_are_no_list_of_mappings_are_refused(plugin, value):
    with pytest.raises(InvalidItem) as caught:
        translate(plugin, {"name": "a", "artifacts": value})
    assert (caught.value.problem.rule, caught.value.problem.path) == ("wrong-type", "artifacts")


def test_unusual_metrics_and_unknown_keys_of_artifacts_are_remarked_on(plugin):
    listed = {"artifactType": "metrics-artifact", "metricsType": "cost-metrics", "url": "https://a.example"}
    translated = translate(plugin, {"name": "a", "artifacts": [listed]})
    remarks = {(remark.rule, remark.path) for remark in translated.remarks}
    assert remarks == {
        ("unusual-value", "artifacts[0].metricsType"),
        ("unknown-key", "artifacts[0].url"),
    }


def test_artifacts_are_shown_with_everything_that_their_source_says(plugin):
    (child,) = artifacts(
        plugin,
        {
            "artifactType": "metrics-artifact",
            "metricsType": "performance-metrics",
            "name": "fast",
            "externalId": "7",
            "description": "Measured at night.",
            "createTimeSinceEpoch": "1735689600000",
            "customProperties": {"requests_per_second": RATE},
        },
    )
    assert child.values["create_time_since_epoch"] == datetime(2025, 1, 1, tzinfo=UTC)
    row = ModelArtifact(
        id="6f8d3f0e-5f0b-5d2c-9a53-1f4b7f5b6f11", custom_properties=child.custom_properties, **child.values
    )
    assert artifact_document(row) == {
        "id": "6f8d3f0e-5f0b-5d2c-9a53-1f4b7f5b6f11",
        "artifactType": "metrics-artifact",
        "metricsType": "performance-metrics",
        "name": "fast",
        "externalId": "7",
        "description": "Measured at night.",
        "customProperties": {"requests_per_second": RATE},
        "createTimeSinceEpoch": "1735689600000",
    }
