"""Which actions a catalog offers: those that all have, those that methods declare, those that it provides itself."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from catalog_core.entities.actions.declaration import Action, Scope, declared_actions
from catalog_core.plugins.contract import ActionProvider, Plugin, base_path

if TYPE_CHECKING:
    from catalog_core.entities.catalog import CatalogPlugin


def actions_of(plugin: Plugin, scope: Scope) -> dict[str, Action]:
    """Return the actions that a plugin offers for its entities or for its sources, by id.

    An id that occurs twice stands for the first: built in, then declared, then provided.

    Raises:
        Exception: whatever the plugin's code raises.
    """
    # A plugin whose entities the core does not keep has neither; it can only provide them.
    found: list[Action] = [*getattr(plugin, "built_in_actions", ()), *(one for one, _ in declared_actions(plugin))]
    if isinstance(plugin, ActionProvider):
        found += [_provided(definition, scope) for definition in plugin.list_actions(scope)]
    offered: dict[str, Action] = {}
    for one in found:
        if one.scope == scope:
            offered.setdefault(one.id, one)
    return offered


def action_path(plugin: "CatalogPlugin") -> str:
    """Return where actions on one entity are asked for, with a placeholder for its name."""
    return f"{base_path(plugin)}/management/entities/{{name}}:action"


def _provided(definition: Mapping[str, Any], scope: Scope) -> Action:
    """Return an action that a plugin describes itself, in the words of the API.

    Raises:
        KeyError: it has no id.
    """
    id_ = str(definition["id"])
    return Action(
        id=id_,
        display_name=str(definition.get("displayName") or id_),
        description=str(definition.get("description") or ""),
        scope=definition.get("scope") or scope,
        parameters=definition.get("parameters") or {"type": "object"},
        supports_dry_run=bool(definition.get("supportsDryRun")),
        idempotent=bool(definition.get("idempotent")),
        destructive=bool(definition.get("destructive")),
    )
