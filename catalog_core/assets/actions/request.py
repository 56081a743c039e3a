"""What clients ask for, and what they are answered."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog_core.assets.actions.parameters import check_parameters
from catalog_core.entities.actions import Action, ActionResult, Scope, actions_of
from catalog_core.exceptions import InvalidAction
from catalog_core.plugins.contract import Plugin
from catalog_core.problems import did_you_mean
from catalog_core.sources.models import Source

_KEYS = ("action", "dryRun", "params")


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRequest:
    """A request for an action, before anybody has looked at what it is about.

    Attributes:
        action: the id of the action.
        params: its parameters, not yet checked.
        dry_run: whether to tell only what would happen.
    """

    action: str
    params: Mapping[str, Any] = field(default_factory=dict)
    dry_run: bool = False

    @classmethod
    def from_body(cls, body: Mapping[str, Any], *further_keys: str) -> "ActionRequest":
        """Return the request that a JSON object is.

        Args:
            body: the object.
            further_keys: keys that it may have besides.

        Raises:
            InvalidAction: it is none, or has a key that would be ignored.
        """
        known = (*_KEYS, *further_keys)
        problems = [
            (key[:100], f"there is no such key. {did_you_mean(key, known)}") for key in body if key not in known
        ]
        action, params, dry_run = body.get("action"), body.get("params"), body.get("dryRun")
        if not isinstance(action, str) or not action:
            problems.append(("action", "it is required: the id of an action."))
        if not isinstance(params, dict | None):
            problems.append(("params", "it has to be an object."))
        if not isinstance(dry_run, bool | None):
            problems.append(("dryRun", "it has to be true or false."))
        if problems:
            raise InvalidAction(problems)
        return cls(action=str(action), params=params or {}, dry_run=bool(dry_run))


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An entity that an action is for.

    Attributes:
        uid: its id.
        name: its name.
        source: its source.
    """

    uid: uuid.UUID
    name: str
    source: Source


def find_action(plugin: Plugin, scope: Scope, request: ActionRequest) -> Action:
    """Return the action that a request asks for, after its parameters were checked.

    Raises:
        InvalidAction: the plugin offers no such action in that scope, the action has no dry-run, or the parameters
            break its schema.
    """
    offered = actions_of(plugin, scope)
    action = offered.get(request.action)
    if action is None:
        elsewhere: Scope = "source" if scope == "asset" else "asset"
        if request.action in actions_of(plugin, elsewhere):
            what = {"source": "sources", "asset": "entities"}
            hint = f"It is an action on {what[elsewhere]}, not on {what[scope]}."
        else:
            hint = did_you_mean(request.action, offered) or "The catalog offers none."
        raise InvalidAction([("action", f"{plugin.name} has no action {request.action[:100]!r} here. {hint}")])
    if request.dry_run and not action.supports_dry_run:
        raise InvalidAction([("dryRun", f"the action {action.id} cannot be tried without an effect.")])
    check_parameters(action, request.params)
    return action


def answer_of(request: ActionRequest, result: ActionResult) -> dict[str, Any]:
    """Return what a client is answered."""
    status = "error" if result.failed else "dry-run" if request.dry_run else "completed"
    answer: dict[str, Any] = {"action": request.action, "status": status}
    if result.message:
        answer["message"] = result.message
    if result.data:
        answer["data"] = dict(result.data)
    return answer


def result_of(provided: Mapping[str, Any]) -> ActionResult:
    """Return the result that a plugin gives in the words of the API.

    Raises:
        TypeError: it is no result.
    """
    if not isinstance(provided, Mapping) or not isinstance(provided.get("data") or {}, Mapping):
        raise TypeError(f"handle_action() gave {type(provided).__name__}, not a mapping with status, message and data")
    return ActionResult(
        message=str(provided.get("message") or ""),
        data=provided.get("data") or {},
        failed=provided.get("status") == "error",
    )
