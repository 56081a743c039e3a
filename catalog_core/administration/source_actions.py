"""Carrying out actions on sources."""

from typing import Any

from catalog_core.administration.redaction import without_secrets
from catalog_core.administration.refreshing import ask_for_refresh, await_attempt, refresh_result
from catalog_core.administration.source_info import find_source
from catalog_core.assets.actions import ActionRequest, answer_of, carry_out, find_action
from catalog_core.conf import catalog_settings
from catalog_core.entities.actions import ActionCall, ActionResult
from catalog_core.entities.actions.builtin import REFRESH
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.jobs.models import RefreshJob
from catalog_core.plugins.contract import Plugin
from catalog_core.sources.models import Source
from catalog_core.sources.secret_values import secret_values

QUEUED = "queued"
"""The status of an action that goes on after the answer."""


def act_on_source(plugin: Plugin, source_id: str, request: ActionRequest, *, actor: str) -> dict[str, Any]:
    """Carry out an action on a source; return what the client is answered.

    Raises:
        NotFound: the core keeps the sources of the plugin, and has none of that id.
        InvalidAction: the request is not valid for the plugin, or the handler does not take it.
        ActionRefused: the action cannot take place now.
        RefreshRefused: the source is disabled.
        RefreshLimited: a refresh was asked for too short a time ago.
        Exception: the handler, which is code of a plugin, fails.
    """
    source = find_source(plugin, source_id) if isinstance(plugin, CatalogPlugin) else None
    find_action(plugin, "source", request)
    if source and request.action == REFRESH.id:
        return _refresh(source, request, actor)
    call = ActionCall(target=source_id, source=source_id, params=request.params, dry_run=request.dry_run, actor=actor)
    return answer_of(request, carry_out(plugin, "source", call, request))


def _refresh(source: Source, request: ActionRequest, actor: str) -> dict[str, Any]:
    job = ask_for_refresh(source, requested_by=actor, forced=request.params.get("force", False))
    was_tried = await_attempt(job, catalog_settings().refresh_wait_seconds)
    if was_tried:
        return answer_of(request, _outcome(job))
    queued = ActionResult(message="The refresh waits for a worker or still runs.", data={"jobId": str(job.pk)})
    return {**answer_of(request, queued), "status": QUEUED}


def _outcome(job: RefreshJob) -> ActionResult:
    told = refresh_result(job)
    error = without_secrets(told.get("error", ""), secret_values(job.source.type, job.source.properties))
    return ActionResult(
        message=error or job.message or "Refreshed.",
        data={
            "entitiesLoaded": told["entitiesLoaded"],
            "entitiesRemoved": told["entitiesRemoved"],
            "duration": f"{job.duration_ms}ms",
            "jobId": told["jobId"],
        },
        failed=bool(error),
    )
