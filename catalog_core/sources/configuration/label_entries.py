"""The entries under ``labels`` of a section: what the labels of sources mean to people."""

from collections.abc import Mapping
from typing import Any

from catalog_core.sources.configuration.reader import Reader
from catalog_core.sources.formats import Path


def read_labels(reader: Reader, path: Path) -> tuple[Mapping[str, Any], ...]:
    """Return the labels in the list at ``path``; faulty ones, and all but the first of a name, are left out."""
    labels: dict[str | None, dict[str, Any]] = {}
    for element in reader.elements(path):
        errors_before = reader.errors
        reader.faults(element)
        label = _label(reader, element)
        if "name" not in label and reader.errors == errors_before:
            hint = "Add name; null stands for the sources without a label."
            reader.error(element, "The label has no name, and is left out.", "missing-name", hint)
        if reader.errors > errors_before:
            continue
        if label["name"] in labels:
            reader.error(element, "A label of this name stands above.", "duplicate-name", "Remove one of the two.")
        else:
            labels[label["name"]] = label
    return tuple(labels.values())


def _label(reader: Reader, path: Path) -> dict[str, Any]:
    return {
        key: None if key == "name" and value is None else reader.text((*path, key))
        for key, value in reader.mapping(path).items()
    }
