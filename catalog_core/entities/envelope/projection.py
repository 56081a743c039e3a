"""From an entity to the envelope that all kinds have in common. Pure.

A plugin that declares nothing gets a projection by the names of its fields. One that provides ``map_asset`` makes its
own; the core adds what identifies the asset.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from catalog_core.entities.envelope.models import Health, Lifecycle
from catalog_core.entities.models import EntityModel
from catalog_core.plugins.contract import AssetMapperProvider

if TYPE_CHECKING:
    from catalog_core.entities.catalog import CatalogPlugin
    from catalog_core.entities.references import Target

API_VERSION = "catalog/v1alpha1"
_MOVED = frozenset({"id", "name", "displayName", "description", "createTimeSinceEpoch", "lastUpdateTimeSinceEpoch"})
"""What of an entity's own document stands elsewhere in the envelope; so does the id of its source."""
_LIFECYCLES = frozenset(Lifecycle.values)
_ACTIVE, _UNKNOWN, _DEGRADED = Lifecycle.ACTIVE.value, Health.UNKNOWN.value, Health.DEGRADED.value


def asset_envelope(
    plugin: "CatalogPlugin",
    row: EntityModel,
    document: Mapping[str, Any],
    refers_to: Sequence[tuple[str, "Target"]] = (),
) -> dict[str, Any]:
    """Return the asset of an entity, without what people have added.

    Args:
        plugin: the plugin of the entity.
        row: the stored entity, with its source.
        document: the JSON object that the plugin's own API serves for it.
        refers_to: what the document names, each with the relation to it.

    Raises:
        TypeError, ValueError: the plugin maps the entity to something that is no asset.
    """
    if _maps(type(plugin)):
        made = _mapped(cast(AssetMapperProvider, plugin), document)
    else:
        made = _projected(plugin, row, document)
    return {
        "apiVersion": API_VERSION,
        "kind": plugin.kind,
        "metadata": {"uid": str(row.id), "name": row.name, **made["metadata"], **_origin(row)},
        "spec": made["spec"],
        "status": {
            "lifecycle": _ACTIVE,
            "health": _UNKNOWN,
            **(_links(refers_to) if refers_to else {}),
            **made["status"],
        },
    }


@cache
def _maps(plugin: type) -> bool:
    """Say whether plugins of a class make assets of their own; to find out takes longer than to make one."""
    return issubclass(plugin, AssetMapperProvider)


def _projected(plugin: "CatalogPlugin", row: EntityModel, document: Mapping[str, Any]) -> dict[str, Any]:
    metadata = {key: document[key] for key in ("displayName", "description") if isinstance(document.get(key), str)}
    for key in ("labels", "annotations"):
        if (words := document.get(key)) and _are_texts(words):
            metadata[key] = words
    if _is_text_list(document.get("tags")):
        metadata["tags"] = document["tags"]
    if owner := _owner(document):
        metadata["owner"] = owner
    status = _status(row, document)
    spec = {
        key: value
        for key, value in document.items()
        if key not in _MOVED and key not in metadata and key not in status and key != plugin.source_id_name
    }
    return {"metadata": metadata, "spec": spec, "status": status}


def _mapped(plugin: AssetMapperProvider, document: Mapping[str, Any]) -> dict[str, Any]:
    made = plugin.map_asset(document)
    parts = {key: made.get(key) or {} for key in ("metadata", "spec", "status")}
    for key, part in parts.items():
        if not isinstance(part, Mapping):
            raise TypeError(f"map_asset() gave a {type(part).__name__} as {key}, not a mapping")
    parts["metadata"] = {key: value for key, value in parts["metadata"].items() if key not in ("uid", "name")}
    return parts


def _origin(row: EntityModel) -> dict[str, Any]:
    source = row.source
    return {
        "createdAt": row.created_at.isoformat(),
        "updatedAt": row.updated_at.isoformat(),
        "sourceRef": {"sourceId": source.key, "sourceName": source.name, "sourceType": source.type},
    }


def _owner(document: Mapping[str, Any]) -> dict[str, str]:
    """Return who stands behind an entity: an object with a name, e-mail or team, or the name of its author."""
    owner = document.get("owner")
    if owner and isinstance(owner, Mapping):
        return {key: owner[key] for key in ("name", "email", "team") if isinstance(owner.get(key), str)}
    name = owner if isinstance(owner, str) and owner else document.get("author")
    return {"name": name} if isinstance(name, str) and name else {}


def _status(row: EntityModel, document: Mapping[str, Any]) -> dict[str, Any]:
    status: dict[str, Any] = {}
    if isinstance(lifecycle := document.get("lifecycle"), str) and lifecycle in _LIFECYCLES:
        status["lifecycle"] = lifecycle
    if row.stale:
        reason = "Its source holds a newer version that is not valid; this is the last good one."
        stale = {"type": "Current", "status": "False", "reason": "Stale", "message": reason}
        status |= {"health": _DEGRADED, "conditions": [stale]}
    return status


def _links(refers_to: Sequence[tuple[str, "Target"]]) -> dict[str, Any]:
    related = dict.fromkeys((target.kind, target.name) for _, target in refers_to)
    return {"links": {"related": [{"kind": kind, "name": name} for kind, name in related]}}


def _is_text_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(part, str) for part in value)


def _are_texts(value: Any) -> bool:
    return isinstance(value, Mapping) and all(isinstance(part, str) for part in value.values())
