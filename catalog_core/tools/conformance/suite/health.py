"""Categories D, E and F: health, request ids, and the form of errors of the server as a whole."""

import re

from catalog_core.tools.conformance.checks import Category, Findings, check
from catalog_core.tools.conformance.subjects import PLUGINS_PATH, Server
from catalog_core.tools.conformance.suite.errors import refusal_problems
from catalog_core.tools.conformance.wire import as_object, excerpt, shown

COMPONENTS = ("database", "initial_load", "plugins")
GO_DURATION = re.compile(r"(?:\d+h)?(?:\d+m)?\d+s")

_security = check(Category.SECURITY)
_observability = check(Category.OBSERVABILITY)


@_security
def health_is_open(server: Server) -> Findings:
    """Health is told to everybody, without credentials and in every tenancy."""
    for path in ("/healthz", "/livez", "/readyz"):
        answer = server.nobody.get(path)
        if answer.status not in (200, 503):
            yield f"{answer.question}: answered {answer.status}"


@_observability
def liveness(server: Server) -> Findings:
    """/healthz and /livez say that the process is alive, and for how long."""
    for path in ("/healthz", "/livez"):
        document = server.nobody.read(path)
        if document.get("status") != "alive":
            yield f'status of {path} is {shown(document.get("status"))}, not "alive"'
        if not GO_DURATION.fullmatch(str(document.get("uptime"))):
            yield f'uptime of {path} is {shown(document.get("uptime"))}, not a duration such as "2m35s"'


@_observability
def readiness(server: Server) -> Findings:
    """/readyz says ready, and how each part of the server is."""
    answer = server.nobody.get("/readyz").expect(200, 503)
    document = answer.object()
    components = as_object(document.get("components"), "components of /readyz")
    wanted = "ready" if answer.status == 200 else "not_ready"
    if document.get("status") != wanted:
        yield f"status of /readyz is {shown(document.get('status'))}, but it answers {answer.status}"
    if answer.status == 503:
        yield f"the server is not ready: {shown(components)}"
    for name in COMPONENTS:
        if not isinstance(as_object(components.get(name, {}), f"component {name}").get("status"), str):
            yield f"/readyz says nothing about {name}"
    for name, component in components.items():
        values = as_object(component, f"component {name}").values()
        if not all(isinstance(value, str) for value in values):
            yield f"component {name} of /readyz is {shown(component)}, not all texts"


@_observability
def requests_have_ids(server: Server) -> Findings:
    """Every answer carries X-Request-ID: the caller's own where there is one; errors name it in their body too."""
    if not server.reader.get(PLUGINS_PATH).headers.get("x-request-id"):
        yield "answers have no X-Request-ID"
    given = "conformance-4711"
    answer = server.reader.get("/api/there-is-nothing-here", headers={"X-Request-ID": given})
    if answer.headers.get("x-request-id") != given:
        yield f"the request id {given} comes back as {shown(answer.headers.get('x-request-id'))}"
    if answer.object().get("requestId") != given:
        yield f"requestId of an error is {shown(answer.object().get('requestId'))}, not {given}"


@_observability
def request_ids_are_clean(server: Server) -> Findings:
    """A request id that could forge log lines is replaced."""
    for bad in ("a" * 5000, "id with spaces", "<script>"):
        found = server.reader.get(PLUGINS_PATH, headers={"X-Request-ID": bad}).headers.get("x-request-id")
        if found == bad:
            yield f"the request id {excerpt(bad, 20)} is taken over as it is"


@check(Category.OPENAPI)
def errors_are_json(server: Server) -> Findings:
    """An unknown path is 404 and a wrong method 405, in JSON with error and message, not a page for people."""
    for path in ("/api/there-is-nothing-here", "/there-is-nothing-here", f"{PLUGINS_PATH}/"):
        yield from refusal_problems(server.reader.get(path), 404)
    for method in ("POST", "PUT", "DELETE"):
        answer = server.reader.ask(method, PLUGINS_PATH, document={})
        yield from refusal_problems(answer, 405)
        if answer.status == 405 and "GET" not in answer.headers.get("allow", ""):
            yield f"{answer.question}: the 405 does not allow GET (RFC 9110, 15.5.6)"


SERVER_CHECKS = (health_is_open, liveness, readiness, requests_have_ids, request_ids_are_clean, errors_are_json)
