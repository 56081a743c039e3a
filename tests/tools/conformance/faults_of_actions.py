"""Faults of actions."""

import json

from tests.tools.conformance import fake_documents as documents
from tests.tools.conformance.fake_http import Reply
from tests.tools.conformance.faults import at, fault

# --- G: actions


def is_action(request):
    return request.path.endswith(":action") and "/entities/" in request.path


@fault("G", "actions_are_listed")
def the_list_of_actions_lacks_one(server, request, handle):
    return at(f"{documents.MANAGEMENT}/actions/asset", lambda document: document.update(actions=[]))(
        server, request, handle
    )


@fault("G", "bad_actions_are_refused")
def an_unknown_action_is_taken(server, request, handle):
    reply = handle(request)
    return Reply(200, {"action": "x", "status": "completed"}) if is_action(request) and reply.status == 400 else reply


@fault("G", "bad_actions_are_refused")
def an_entity_that_is_not_there_is_acted_upon(server, request, handle):
    reply = handle(request)
    return Reply(200, {"action": "tag", "status": "completed"}) if is_action(request) and reply.status == 404 else reply


@fault("G", "dry_runs_change_nothing")
def a_dry_run_changes_the_entity(server, request, handle):
    if is_action(request) and b'"dryRun": true' in request.body:
        another = {"tags": [f"tag-{server.calls}"]}
        request.body = json.dumps({**json.loads(request.body), "dryRun": False, "params": another}).encode()
        reply = handle(request)
        return Reply(reply.status, {**reply.document, "status": "dry-run"})
    return handle(request)


@fault("G", "actions_are_seen_and_undone")
def tags_are_stored_and_never_shown(server, request, handle):
    server.management.tagged = lambda item: item
    return handle(request)


@fault("G", "actions_are_seen_and_undone")
def what_was_added_cannot_be_taken_away(server, request, handle):
    if is_action(request) and b"remove" in request.body:
        return Reply(200, {"action": "tag", "status": "completed"})
    return handle(request)


@fault("G", "sources_are_acted_upon")
def a_refresh_is_queued_as_no_job(server, request, handle):
    reply = handle(request)
    return (
        Reply(202, {**reply.document, "data": {"jobId": "none"}})
        if reply.status == 202 and ":action" in request.path
        else reply
    )
