"""Artifacts of models: from the data file to rows, and from rows to JSON."""

from datetime import datetime
from typing import Any

from catalog_core.plugin import Child, ItemReader, epoch_milliseconds
from catalog_plugins.model.metadata import typed_properties
from catalog_plugins.model.models import ModelArtifact

MODEL_ARTIFACT = "model-artifact"
METRICS_ARTIFACT = "metrics-artifact"
ARTIFACT_TYPES = (MODEL_ARTIFACT, METRICS_ARTIFACT)
METRICS_TYPES = ("performance-metrics", "accuracy-metrics")


def read_artifacts(item: ItemReader) -> tuple[Child, ...]:
    """Return the artifacts of a model as its data file lists them.

    Raises:
        InvalidItem: one of them is not valid; the problem names its place in the list.
    """
    return tuple(_artifact(part) for part in item.parts("artifacts"))


def artifact_document(artifact: ModelArtifact) -> dict[str, Any]:
    """Return the JSON object of an artifact. What is absent is left out; times are texts of milliseconds since 1970."""
    fields = {
        "id": str(artifact.id),
        "artifactType": artifact.artifact_type,
        "uri": artifact.uri,
        "metricsType": artifact.metrics_type,
        "name": artifact.name,
        "externalId": artifact.external_id,
        "description": artifact.description,
        "customProperties": artifact.custom_properties,
        "createTimeSinceEpoch": _milliseconds(artifact.create_time_since_epoch),
        "lastUpdateTimeSinceEpoch": _milliseconds(artifact.last_update_time_since_epoch),
    }
    return {name: value for name, value in fields.items() if value}


def _artifact(part: ItemReader) -> Child:
    artifact_type = part.text("artifactType") or MODEL_ARTIFACT
    if artifact_type not in ARTIFACT_TYPES:
        message = f"{artifact_type!r} is no artifactType"
        raise part.invalid("artifactType", "unknown-artifact-type", message, f"Known are {', '.join(ARTIFACT_TYPES)}.")
    metrics_type = part.text("metricsType", max_length=100)
    if metrics_type and metrics_type not in METRICS_TYPES:
        hint = f"Usual are: {', '.join(METRICS_TYPES)}."
        part.remark("metricsType", "unusual-value", f"{metrics_type!r} is not a usual value", hint)
    child = Child(
        values={
            "artifact_type": artifact_type,
            "uri": part.text("uri"),
            "metrics_type": metrics_type,
            "name": part.text("name"),
            "external_id": part.text("externalId"),
            "description": part.text("description"),
            "create_time_since_epoch": part.time("createTimeSinceEpoch"),
            "last_update_time_since_epoch": part.time("lastUpdateTimeSinceEpoch"),
        },
        custom_properties=typed_properties(part),
    )
    part.remark_unread()
    return child


def _milliseconds(moment: datetime | None) -> str:
    return epoch_milliseconds(moment) if moment else ""
