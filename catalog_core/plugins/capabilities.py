"""The capabilities documents of plugins: as they provide them, or made from the little that they say."""

from collections.abc import Mapping
from typing import Any

from catalog_core.plugins.contract import (
    ActionProvider,
    CapabilitiesProvider,
    CapabilitiesV2Provider,
    Plugin,
    RefreshProvider,
    SourceManager,
    UIHintsProvider,
    base_path,
)
from catalog_core.plugins.declarations import label_of, plural_of, without_empty
from catalog_core.plugins.metadata import PluginMetadata

GOVERNANCE = {
    "supported": False,
    "lifecycle": {"states": [], "defaultState": ""},
    "versioning": {"enabled": False, "environments": []},
    "approvals": {"enabled": False},
    "provenance": {"enabled": False},
}
"""What this server offers of governance. Clients expect the block on every entity, so it says what is not there."""


def capabilities_v2(plugin: Plugin, metadata: PluginMetadata | None = None) -> dict[str, Any]:
    """Return the V2 document of a plugin: its own, or one made from its V1 capabilities."""
    if isinstance(plugin, CapabilitiesV2Provider):
        document = dict(plugin.capabilities_v2())
    else:
        document = _from_v1(plugin, metadata)
    document["entities"] = [{**entity, "governance": GOVERNANCE} for entity in document.get("entities") or []]
    return document


def plugin_meta(plugin: Plugin, **more: str) -> dict[str, str]:
    """Return the ``plugin`` object of a V2 document; what is empty among ``more`` is left out."""
    return {
        "name": plugin.name,
        "version": plugin.version,
        "description": plugin.description,
        **without_empty(**more),
    }


def _from_v1(plugin: Plugin, metadata: PluginMetadata | None) -> dict[str, Any]:
    short: Mapping[str, Any] = plugin.capabilities() if isinstance(plugin, CapabilitiesProvider) else {}
    hints: Mapping[str, Any] = plugin.ui_hints() if isinstance(plugin, UIHintsProvider) else {}
    actions = _actions(plugin)
    document: dict[str, Any] = {
        "schemaVersion": "v1",
        "plugin": plugin_meta(plugin, displayName=metadata.display_name if metadata else label_of(plugin.name)),
        "entities": [_entity(plugin, kind, short, hints, actions) for kind in short.get("entityKinds") or []],
    }
    if isinstance(plugin, SourceManager | RefreshProvider):
        document["sources"] = {
            "manageable": isinstance(plugin, SourceManager),
            "refreshable": isinstance(plugin, RefreshProvider),
        }
    return document | without_empty(actions=actions)


def _entity(
    plugin: Plugin,
    kind: str,
    short: Mapping[str, Any],
    hints: Mapping[str, Any],
    actions: list[Mapping[str, Any]],
) -> dict[str, Any]:
    plural = plural_of(kind)
    path = f"{base_path(plugin)}/{plural}"
    columns = [_column(column) for column in hints.get("listColumns") or [{"field": "name"}]]
    details = [
        {
            "name": field["field"],
            "displayName": field.get("label") or label_of(field["field"]),
            "path": field["field"],
            "type": "string",
        }
        | without_empty(section=field.get("section"))
        for field in hints.get("detailFields") or []
    ]
    return {
        "kind": kind,
        "plural": plural,
        "displayName": label_of(kind),
        "endpoints": {
            "list": path if short.get("listEntities") else "",
            "get": f"{path}/{{name}}" if short.get("getEntity") else "",
        },
        "fields": {"columns": columns} | without_empty(detailFields=details),
    } | without_empty(actions=[action["id"] for action in actions if action.get("scope") == "asset"])


def _column(hint: Mapping[str, Any]) -> dict[str, Any]:
    name = hint["field"]
    column = {"name": name, "displayName": hint.get("label") or label_of(name), "path": name, "type": "string"}
    return column | without_empty(sortable=hint.get("sortable"))


def _actions(plugin: Plugin) -> list[Mapping[str, Any]]:
    if not isinstance(plugin, ActionProvider):
        return []
    return [*plugin.list_actions("asset"), *plugin.list_actions("source")]
