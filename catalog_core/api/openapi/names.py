"""Names that are unique in the whole document, however plugins call their kinds.

A name that two plugins use for different things is qualified with the name of the plugin, in both: ``agents.Agent`` and
``others.Agent``. So neither ever takes the place of the other. The document of one plugin keeps the short names.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from catalog_core.api.openapi.parts import Part

_SCHEMAS = "#/components/schemas/"


def with_unique_names(parts: Iterable[Part]) -> list[Part]:
    """Return the parts with schemas and operation ids renamed where plugins disagree about what a name means."""
    parts = list(parts)
    schemas = _disputed_schemas(parts)
    operations = _repeated_operation_ids(parts)
    return [_qualified(part, schemas, operations) if part.owner else part for part in parts]


def references(value: Any) -> Iterator[str]:
    """Yield every reference to a component within a value, those of discriminators too."""
    if isinstance(value, str):
        if value.startswith("#/components/"):
            yield value
    elif isinstance(value, Mapping | list):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from references(inner)


def _disputed_schemas(parts: list[Part]) -> set[str]:
    """Return the names that stand for different schemas in different parts, at once or through what they refer to."""
    meanings: dict[str, list[Any]] = {}
    for part in parts:
        for name, schema in part.schemas.items():
            meanings.setdefault(name, []).append(schema)
    shared = {name: found for name, found in meanings.items() if len(found) > 1}
    disputed = {name for name, found in shared.items() if any(schema != found[0] for schema in found)}
    while further := {
        name
        for name, found in shared.items()
        if name not in disputed and any(ref.removeprefix(_SCHEMAS) in disputed for ref in references(found))
    }:
        disputed |= further
    return disputed


def _repeated_operation_ids(parts: list[Part]) -> set[str]:
    counts = Counter(operation["operationId"] for part in parts for operation in _operations(part.paths))
    return {operation_id for operation_id, count in counts.items() if count > 1}


def _operations(paths: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for item in paths.values():
        yield from item.values()


def _qualified(part: Part, schemas: set[str], operations: set[str]) -> Part:
    """Return the part with ``owner.`` before all of its names that are disputed."""
    renamed = {f"{_SCHEMAS}{name}": f"{_SCHEMAS}{part.owner}.{name}" for name in schemas}
    paths = _with_references(part.paths, renamed)
    for operation in _operations(paths):
        if operation["operationId"] in operations:
            operation["operationId"] = f"{part.owner}.{operation['operationId']}"
    own = {
        f"{part.owner}.{name}" if name in schemas else name: _with_references(schema, renamed)
        for name, schema in part.schemas.items()
    }
    return replace(part, paths=paths, schemas=own)


def _with_references(value: Any, renamed: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {key: _with_references(inner, renamed) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_references(inner, renamed) for inner in value]
    return renamed.get(value, value) if isinstance(value, str) else value
