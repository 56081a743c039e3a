"""Carrying out actions on entities: those that every catalog has, and those of plugins."""

from catalog_core.assets.actions.bulk import act_on_assets
from catalog_core.assets.actions.parameters import check_parameters
from catalog_core.assets.actions.request import ActionRequest, Target, answer_of, find_action
from catalog_core.assets.actions.running import act_on_entities, act_on_entity, carry_out
from catalog_core.assets.actions.targets import target_by_name

__all__ = [
    "ActionRequest",
    "Target",
    "act_on_assets",
    "act_on_entities",
    "act_on_entity",
    "answer_of",
    "carry_out",
    "check_parameters",
    "find_action",
    "target_by_name",
]
