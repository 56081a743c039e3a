"""Category C: sources are checked, applied, enabled, refreshed and removed, on trial sources of the suite's own."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from catalog_core.tools.conformance.checks import Category, Findings, Note, Skipped, check
from catalog_core.tools.conformance.subjects import Catalog
from catalog_core.tools.conformance.suite.errors import refusal_problems
from catalog_core.tools.conformance.trial import Sources, Trial, info_of, trial_document, trial_source
from catalog_core.tools.conformance.values import source_id
from catalog_core.tools.conformance.wire import Answer, WireError, as_objects, shown

JOBS_PATH = "/api/jobs/v1alpha1/refresh"
POLL_SECONDS = 0.2
SETTLING_SECONDS = 3.0
"""So long after a change, every process of the server has to show it; the API promises a second."""
ENDED = ("succeeded", "failed", "canceled")

_check = check(Category.SOURCES)


@_check
def good_sources_are_valid(catalog: Catalog) -> Findings:
    """A source that may be applied is valid, and no check of it stores anything."""
    sources = Sources(catalog)
    document = trial_document(sources.model())
    result = sources.ask("POST", "/validate-source", document).expect(200).object()
    if result.get("valid") is not True:
        yield f"validate-source objects to a copy of a source that is there: {shown(result.get('errors'))}"
    if any(info.get("id") == document["id"] for info in sources.listed()):
        yield "validate-source stored the source"


@_check
def bad_sources_are_refused(catalog: Catalog) -> Findings:
    """A source without type, with a bad id or of an unknown type is not valid, and applying it is 422."""
    sources = Sources(catalog)
    good = trial_document(sources.model())
    bad: tuple[dict[str, Any], ...] = (
        {key: value for key, value in good.items() if key != "type"},
        {**good, "id": "Not An Id!"},
        {**good, "type": "no-such-type"},
        {**good, "properties": {**good["properties"], "noSuchProperty": 1}},
    )
    for document in bad:
        result = sources.ask("POST", "/validate-source", document).expect(200).object()
        if result.get("valid") is not False or not as_objects(result.get("errors"), "errors"):
            yield f"validate-source finds nothing wrong with {shown(document)}"
        answer = sources.ask("POST", "/apply-source", document)
        yield from refusal_or_report_problems(answer)
        if answer.status == 200:
            sources.ask("DELETE", sources.path_of(str(document["id"])))


@_check
def broken_bodies_are_refused(catalog: Catalog) -> Findings:
    """A body that is no JSON object is 400."""
    sources = Sources(catalog)
    for path in ("/validate-source", "/apply-source"):
        for body in (b"{", b"[]", b"\xff\xfe"):
            yield from refusal_problems(sources.wire.ask("POST", f"{sources.path}{path}", body=body), 400)


@_check
def sources_are_applied_and_removed(catalog: Catalog) -> Findings:
    """An applied source is listed as it was sent, valid layer by layer, has a history, and is gone once deleted."""
    sources = Sources(catalog)
    with trial_source(sources) as trial:
        yield from _applied_problems(sources, trial)
        yield from _own_routes_problems(sources, trial)
        deleted = sources.ask("DELETE", sources.path_of(trial.id)).expect(200).object()
        if deleted.get("status") != "deleted":
            yield f'DELETE says status {shown(deleted.get("status"))}, not "deleted"'
        yield from refusal_problems(sources.ask("GET", sources.path_of(trial.id)), 404)


@_check
def sources_are_enabled_and_disabled(catalog: Catalog) -> Findings:
    """enable switches a source on and off; a body that does not say which is refused and switches nothing."""
    sources = Sources(catalog)
    with trial_source(sources) as trial:
        info_of(trial.answer, trial.id)
        path = f"{sources.path_of(trial.id)}/enable"
        for wanted in (True, False):
            info = info_of(sources.ask("POST", path, {"enabled": wanted}), trial.id)
            if info.get("enabled") is not wanted:
                yield f"after enabled={wanted} the answer says {shown(info.get('enabled'))}"
            if _enabled(sources, trial) is not wanted:
                yield f"after enabled={wanted} the list says something else"
        for body in ({}, {"enabled": "yes"}):
            yield from refusal_problems(sources.ask("POST", path, body), 400, 422)
            if _enabled(sources, trial) is not False:
                yield f"the body {shown(body)} switched the source on"


@_check
def sources_are_refreshed(catalog: Catalog) -> Findings:
    """A refresh is a job that comes to an end; then readers see the entries, and no more once the source is gone."""
    if catalog.source_capabilities.get("refreshable") is not True:
        raise Skipped("the catalog does not announce refreshable sources")
    sources = Sources(catalog)
    with trial_source(sources, enabled=True) as trial:
        info_of(trial.answer, trial.id)
        if trial.model.entries is None:
            raise Skipped("no source of the catalog could be copied, so there is nothing to read")
        yield from _refresh_problems(sources, trial)
        yield from _readers_problems(catalog, trial, trial.model.entries, "after the refresh")
    yield from _readers_problems(catalog, trial, 0, "after it was removed")


def refusal_or_report_problems(answer: Answer) -> Iterator[str]:
    """Yield what is wrong with the answer to a source that may not be applied: 422 with a report, or an error."""
    try:
        document = answer.expect(400, 422).object()
    except WireError as error:
        yield str(error)
        return
    if answer.status == 422 and (document.get("valid") is not False or not document.get("errors")):
        yield f"{answer.question}: the body of the 422 is no validation result: {shown(document)}"
    if answer.status == 400:
        yield from refusal_problems(answer, 400)


def _applied_problems(sources: Sources, trial: Trial) -> Iterator[str]:
    info = info_of(trial.answer, trial.id)
    for key in ("name", "type", "enabled", "labels"):
        if info.get(key) != trial.document[key]:
            yield f"{key} of the applied source is {shown(info.get(key))}, not {shown(trial.document[key])}"
    listed = [one for one in sources.listed() if one.get("id") == trial.id]
    if len(listed) != 1:
        yield f"the applied source is listed {len(listed)} times"


def _own_routes_problems(sources: Sources, trial: Trial) -> Iterator[str]:
    path = sources.path_of(trial.id)
    report = sources.ask("POST", f"{path}:validate", dict(trial.document)).expect(200).object()
    if report.get("valid") is not True:
        yield f":validate objects to the source that was just applied: {shown(report.get('errors'))}"
    for layer in as_objects(report.get("layerResults"), "layerResults"):
        if not layer.get("layer") or not isinstance(layer.get("valid"), bool):
            yield f"a layer of :validate is {shown(layer)}"
    revisions = sources.ask("GET", f"{path}/revisions").expect(200).object()
    found = as_objects(revisions.get("revisions"), "revisions")
    if revisions.get("count") != len(found):
        yield f"count of the revisions is {shown(revisions.get('count'))}, but {len(found)} are listed"
    yield from refusal_problems(sources.ask("POST", f"{path}:no-such-verb", {}), 404)


def _enabled(sources: Sources, trial: Trial) -> Any:
    return sources.ask("GET", sources.path_of(trial.id)).expect(200).object().get("enabled")


def _refresh_problems(sources: Sources, trial: Trial) -> Iterator[str]:
    """Ask for a refresh, and wait for its end; a server without jobs refreshes at once."""
    answer = sources.ask("POST", f"/refresh/{quote(trial.id, safe='')}", {}).expect(200, 202)
    document = answer.object()
    if answer.status == 200:
        if document.get("error"):
            yield f"the refresh failed: {shown(document['error'])}"
        yield Note("refreshes are carried out within the request")
        return
    if document.get("status") != "queued" or not isinstance(document.get("jobId"), str):
        yield f"{answer.question}: the body of the 202 is {shown(document)}, not {{status: queued, jobId}}"
        return
    yield from job_problems(sources, trial, document["jobId"])


def job_problems(sources: Sources, trial: Trial, job_id: str) -> Iterator[str]:
    """Wait for the end of the refresh of a trial source; yield what is wrong with its job."""
    path = f"{JOBS_PATH}/{quote(job_id, safe='')}"
    patience = sources.catalog.server.job_wait_seconds
    give_up = time.monotonic() + patience
    while (job := sources.wire.read(path)).get("state") not in ENDED:
        if time.monotonic() > give_up:
            yield f"the refresh job is still {shown(job.get('state'))} after {patience:g} s; does a worker run?"
            return
        time.sleep(POLL_SECONDS)
    if job.get("state") != "succeeded":
        yield f"the refresh job ended {shown(job.get('state'))}: {shown(job.get('lastError') or job.get('message'))}"
    for key, wanted in (("id", job_id), ("plugin", sources.catalog.name), ("sourceId", trial.id)):
        if job.get(key) != wanted:
            yield f"{key} of the job is {shown(job.get(key))}, not {wanted}"


def _readers_problems(catalog: Catalog, trial: Trial, wanted: int, when: str) -> Iterator[str]:
    """Yield that readers see more or less of a trial source than they should, a moment after it changed."""
    give_up = time.monotonic() + SETTLING_SECONDS
    while (seen := _entries_of(catalog, trial)) != wanted:
        if time.monotonic() > give_up:
            yield f"{when} readers see {seen} entries of the trial source, not {wanted}"
            return
        time.sleep(POLL_SECONDS)


def _entries_of(catalog: Catalog, trial: Trial) -> int:
    found = [item for kind in catalog.kinds for item in kind.found(source=trial.id)]
    return sum(source_id(item) == trial.id for item in found)


CHECKS = (
    good_sources_are_valid,
    bad_sources_are_refused,
    broken_bodies_are_refused,
    sources_are_applied_and_removed,
    sources_are_enabled_and_disabled,
    sources_are_refreshed,
)
