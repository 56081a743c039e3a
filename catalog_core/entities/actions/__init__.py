"""Actions: what can be done with the entities and the sources of a catalog, as clients read it."""

from catalog_core.entities.actions.builtin import BUILT_IN
from catalog_core.entities.actions.declaration import (
    Action,
    ActionCall,
    ActionResult,
    Scope,
    action,
    action_problems,
    declared_actions,
)
from catalog_core.entities.actions.offered import action_path, actions_of

__all__ = [
    "BUILT_IN",
    "Action",
    "ActionCall",
    "ActionResult",
    "Scope",
    "action",
    "action_path",
    "action_problems",
    "actions_of",
    "declared_actions",
]
