"""Category C: the refresh jobs of the server."""

from catalog_core.tools.conformance.checks import Category, Findings, Skipped, check
from catalog_core.tools.conformance.subjects import Server
from catalog_core.tools.conformance.suite.capabilities import absent, outside
from catalog_core.tools.conformance.suite.changes import JOBS_PATH
from catalog_core.tools.conformance.suite.errors import refusal_problems
from catalog_core.tools.conformance.wire import Wire, as_objects, shown

JOB_STATES = ("queued", "running", "succeeded", "failed", "canceled")
UNKNOWN_JOB = "00000000-0000-4000-8000-000000000000"

_check = check(Category.SOURCES)


@_check
def jobs_are_listed(server: Server) -> Findings:
    """The list of jobs counts them, has a token, and says of each what it is about and how it goes."""
    wire = _operator(server)
    document = wire.read(JOBS_PATH, {"pageSize": "5"})
    if not isinstance(document.get("nextPageToken"), str) or type(document.get("totalSize")) is not int:
        yield f"nextPageToken and totalSize are {shown([document.get('nextPageToken'), document.get('totalSize')])}"
    for job in as_objects(document.get("jobs"), "jobs"):
        what = f"job {shown(job.get('id'))}"
        yield from absent(job, ("id", "namespace", "plugin", "requestedBy", "requestedAt"), what)
        yield from outside(job.get("state"), JOB_STATES, f"state of {what}")
        if type(job.get("attemptCount")) is not int:
            yield f"attemptCount of {what} is {shown(job.get('attemptCount'))}, not a number"


@_check
def unknown_jobs_are_not_found(server: Server) -> Findings:
    """A job that does not exist can be neither read nor cancelled."""
    wire = _operator(server)
    for job_id in (UNKNOWN_JOB, "no-such-job"):
        yield from refusal_problems(wire.get(f"{JOBS_PATH}/{job_id}"), 404)
        yield from refusal_problems(wire.ask("POST", f"{JOBS_PATH}/{job_id}:cancel", document={}), 404)


def _operator(server: Server) -> Wire:
    if not any(
        catalog.source_capabilities.get("refreshable") for catalog in server.catalogs() if _serves(catalog.entry)
    ):
        raise Skipped("no catalog announces refreshable sources")
    if server.operator is None:
        raise Skipped("no operator's token was given; give --token")
    return server.operator


def _serves(entry: dict[str, object]) -> bool:
    return "capabilitiesV2" in entry


SERVER_CHECKS = (jobs_are_listed, unknown_jobs_are_not_found)
