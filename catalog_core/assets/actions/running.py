"""Carrying out an action on one entity, or on many of one source."""

import json
import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from catalog_core.assets.actions.builtin import OVERLAY_ACTIONS, OverlayAction
from catalog_core.assets.actions.request import ActionRequest, Target, answer_of, find_action, result_of
from catalog_core.assets.overlays import Overlaid, change_overlays
from catalog_core.assets.relations import impact_of
from catalog_core.entities.actions import ActionCall, ActionResult, declared_actions
from catalog_core.entities.actions.builtin import DEPRECATE
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.envelope import Asset
from catalog_core.exceptions import CatalogError, NotFound
from catalog_core.plugins.contract import ActionProvider, Plugin

logger = logging.getLogger(__name__)

Result = ActionResult | Exception
"""What came of an action on one of many entities: its result, or what its handler raised."""


def act_on_entity(plugin: Plugin, target: Target, request: ActionRequest, *, actor: str) -> dict[str, Any]:
    """Carry out an action on one entity; return what the client is answered.

    A dry-run of ``deprecate`` also tells what depends on the entity.

    Raises:
        InvalidAction: the request is not valid for the plugin, or the handler does not take it.
        ActionRefused: the action cannot take place now.
        NotFound: the entity has gone meanwhile.
        Exception: the handler, which is code of a plugin, fails.
    """
    find_action(plugin, "asset", request)
    result = act_on_entities(plugin, [target], request, actor=actor)[target.uid]
    if isinstance(result, Exception):
        raise result
    if request.dry_run and request.action == DEPRECATE.id:
        result = replace(result, data={**result.data, "impact": impact_of(target.uid).as_dict()})
    return answer_of(request, result)


def act_on_entities(
    plugin: Plugin, targets: Sequence[Target], request: ActionRequest, *, actor: str
) -> dict[uuid.UUID, Result]:
    """Carry out an action, which :func:`find_action` has found good, on entities of one source.

    What it changes of overlays is changed in one transaction.

    Returns:
        What came of it, by the id of the entity.
    """
    built_in = OVERLAY_ACTIONS.get(request.action)
    if built_in and isinstance(plugin, CatalogPlugin):
        return _overlaid(plugin, targets, built_in, request, actor)
    documents = _documents(plugin, targets)
    results = {
        target.uid: _handled(plugin, target, documents[target.uid], request, actor)
        if target.uid in documents
        else _gone(target)
        for target in targets
    }
    if not isinstance(plugin, CatalogPlugin):
        return results
    return results | _overlays_changed(plugin, targets, results, request, actor)


def carry_out(plugin: Plugin, scope: str, call: ActionCall, request: ActionRequest) -> ActionResult:
    """Have a plugin carry out an action of its own.

    Raises:
        TypeError: what its handler gives is no result.
        Exception: whatever the handler raises.
    """
    for action, handler in declared_actions(plugin):
        if (action.id, action.scope) == (request.action, scope):
            result = handler(call)
            if not isinstance(result, ActionResult):
                raise TypeError(f"the action {action.id} gave {type(result).__name__}, not an ActionResult")
            return result
    if not isinstance(plugin, ActionProvider):
        raise TypeError(f"{plugin.name} offers the action {request.action} and has no handler of it")
    asked = {"action": request.action, "dryRun": request.dry_run, "params": dict(request.params)}
    return result_of(plugin.handle_action(scope, call.target, {**asked, "source": call.source, "actor": call.actor}))


def _overlaid(
    plugin: CatalogPlugin, targets: Sequence[Target], action: OverlayAction, request: ActionRequest, actor: str
) -> dict[uuid.UUID, Result]:
    changes = {target.uid: action.change(request.params) for target in targets}
    outcomes = change_overlays(plugin, targets[0].source, changes, actor=actor, dry_run=request.dry_run)
    results: dict[uuid.UUID, Result] = {}
    for target in targets:
        outcome = outcomes.get(target.uid) or _gone(target)
        results[target.uid] = (
            ActionResult(message=action.message(outcome, dry_run=request.dry_run), data=action.data(outcome))
            if isinstance(outcome, Overlaid)
            else outcome
        )
    return results


def _overlays_changed(
    plugin: CatalogPlugin,
    targets: Sequence[Target],
    results: Mapping[uuid.UUID, Result],
    request: ActionRequest,
    actor: str,
) -> dict[uuid.UUID, Result]:
    """Change overlays as handlers wish; return what failed of it."""
    changes = {
        uid: result.overlay for uid, result in results.items() if isinstance(result, ActionResult) and result.overlay
    }
    if not changes:
        return {}
    outcomes = change_overlays(plugin, targets[0].source, changes, actor=actor, dry_run=request.dry_run)
    changed = [target for target in targets if target.uid in changes]
    failed = {target.uid: outcomes.get(target.uid) or _gone(target) for target in changed}
    return {uid: outcome for uid, outcome in failed.items() if not isinstance(outcome, Overlaid)}


def _handled(plugin: Plugin, target: Target, document: Mapping[str, Any], request: ActionRequest, actor: str) -> Result:
    call = ActionCall(
        target=target.name,
        source=target.source.key,
        uid=str(target.uid),
        document=document,
        params=request.params,
        dry_run=request.dry_run,
        actor=actor,
    )
    try:
        return carry_out(plugin, "asset", call, request)
    except CatalogError as error:
        return error
    except Exception as error:  # code of a plugin: what it does with one entity must not keep it from the others
        logger.exception("plugin %s: action %s failed on %s", plugin.name, request.action, target.uid)
        return error


def _documents(plugin: Plugin, targets: Sequence[Target]) -> dict[uuid.UUID, Any]:
    """Return what readers see of entities; of those that a plugin keeps itself, their assets."""
    uids = [target.uid for target in targets]
    found: Any = Asset.objects.filter(uid__in=uids).values_list("uid", "document")
    if isinstance(plugin, CatalogPlugin):
        found = plugin.model._default_manager.filter(id__in=uids).values_list("id", "document")
    return {uid: json.loads(document) for uid, document in found}


def _gone(target: Target) -> NotFound:
    return NotFound(f'"{target.name[:200]}" is not there any more.')
