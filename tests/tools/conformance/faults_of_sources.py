"""Faults of managing sources, and of who may do it."""

import json

from tests.tools.conformance import fake_documents as documents
from tests.tools.conformance.fake_http import Reply
from tests.tools.conformance.fake_management import OPERATOR, VIEWER
from tests.tools.conformance.faults import at, fault

# --- C: sources

SOURCES = f"{documents.MANAGEMENT}/sources"


@fault("C", "sources_are_listed")
def sources_are_null(server, request, handle):
    return at(SOURCES, lambda document: document.update(sources=None))(server, request, handle)


@fault("C", "counts_are_true")
def a_source_counts_too_few(server, request, handle):
    return at(SOURCES, lambda document: document["sources"][0]["status"].update(entityCount=1))(server, request, handle)


@fault("C", "unknown_sources_are_not_found")
def an_unknown_source_can_be_deleted(server, request, handle):
    reply = handle(request)
    return Reply(200, {"status": "deleted"}) if request.method == "DELETE" and reply.status == 404 else reply


@fault("C", "bad_sources_are_refused")
def a_bad_source_is_taken(server, request, handle):
    reply = handle(request)
    if request.path.endswith("/apply-source") and reply.status == 422:
        body = {"name": "x", "type": "yaml", "properties": {}, **json.loads(request.body)}
        server.management.store({**body, "type": "yaml"})
        return Reply(200, server.management.info(body["id"]))
    return reply


@fault("C", "good_sources_are_valid")
def a_check_stores_the_source(server, request, handle):
    reply = handle(request)
    if request.path.endswith("/validate-source") and reply.document == {"valid": True}:
        server.management.store(json.loads(request.body))
    return reply


@fault("C", "sources_are_enabled_and_disabled")
def a_body_that_says_nothing_switches_on(server, request, handle):
    if request.path.endswith("/enable") and request.body == b"{}":
        request.body = b'{"enabled": true}'
    return handle(request)


@fault("C", "sources_are_applied_and_removed")
def deleting_removes_nothing(server, request, handle):
    if request.method == "DELETE" and request.path.startswith(f"{SOURCES}/conformance"):
        return Reply(200, {"status": "deleted"})
    return handle(request)


@fault("C", "sources_are_refreshed")
def a_refresh_fails(server, request, handle):
    return at("/api/jobs/.*/.+", lambda job: job.update(state="failed", lastError="no file"))(server, request, handle)


@fault("C", "sources_are_refreshed")
def a_refresh_never_ends(server, request, handle):
    return at("/api/jobs/.*/.+", lambda job: job.update(state="queued"))(server, request, handle)


@fault("C", "sources_are_refreshed")
def a_refresh_shows_nothing(server, request, handle):
    reply = handle(request)
    server.management.refreshed.clear()
    return reply


@fault("C", "broken_bodies_are_refused")
def a_broken_body_breaks_the_server(server, request, handle):
    reply = handle(request)
    return Reply(500, {"error": "x", "message": "y"}) if reply.status == 400 and request.method == "POST" else reply


@fault("C", "jobs_are_listed")
def the_list_of_jobs_is_null(server, request, handle):
    return at("/api/jobs/v1alpha1/refresh", lambda document: document.update(jobs=None))(server, request, handle)


# --- D: security


@fault("D", "strangers_change_nothing", "unknown_tokens_change_nothing", "role_headers_mean_nothing")
def everybody_is_an_operator(server, request, handle):
    server.management.refused = lambda role: None
    return handle(request)


@fault("D", "role_headers_mean_nothing")
def a_header_makes_an_operator(server, request, handle):
    if request.headers.get("x-user-role") == "operator":
        request.headers["authorization"] = f"Bearer {OPERATOR}"
    return handle(request)


@fault("D", "viewers_change_nothing")
def viewers_are_operators(server, request, handle):
    if request.headers.get("authorization") == f"Bearer {VIEWER}":
        request.headers["authorization"] = f"Bearer {OPERATOR}"
    return handle(request)


@fault("D", "operators_are_known")
def the_operator_is_not_known(server, request, handle):
    request.headers.pop("authorization", None)
    return handle(request)


@fault("D", "readers_see_no_configuration")
def readers_see_properties(server, request, handle):
    if request.method == "GET":
        request.headers["authorization"] = f"Bearer {OPERATOR}"
    return handle(request)


@fault("D", "secrets_never_come_back")
def secrets_are_shown(server, request, handle):
    server.management.redacted = lambda known: known["properties"]
    return handle(request)


@fault("D", "secrets_never_come_back")
def a_refusal_quotes_the_secret(server, request, handle):
    reply = handle(request)
    if reply.status == 422:
        reply.document["errors"][0]["message"] = f"not good: {request.body.decode()}"
    return reply


@fault("D", "refreshes_are_limited")
def refreshes_are_not_limited(server, request, handle):
    server.management.jobs.clear()
    return handle(request)


@fault("D", "refreshes_are_limited")
def the_limit_does_not_say_when_to_come_back(server, request, handle):
    reply = handle(request)
    reply.headers.pop("Retry-After", None)
    return reply
