"""The report as text for a terminal."""

from collections.abc import Iterator
from itertools import groupby

from catalog_core.tools.conformance.checks import Outcome
from catalog_core.tools.conformance.report import SERVER, CategoryReport, Report

MARKS = {"passed": "[PASS]", "failed": "[FAIL]", "skipped": "[SKIP]"}


def text_report(report: Report) -> str:
    """Return a report with one line for each check, and what is wrong below it."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"Conformance of {report.server_url}"
    for plugin, categories in groupby(report.categories, key=lambda one: one.plugin):
        yield ""
        yield plugin or SERVER
        for category in categories:
            yield from _category(category)
    yield ""
    yield report.summary


def _category(report: CategoryReport) -> Iterator[str]:
    if report.outcomes:
        yield f"  {report.category.value} {report.category.title}"
    for outcome in report.outcomes:
        yield from _outcome(outcome)


def _outcome(outcome: Outcome) -> Iterator[str]:
    line = f"    {MARKS[outcome.status]} {outcome.name}"
    if outcome.status == "skipped":
        yield f"{line}: {outcome.message}"
        return
    yield line
    if outcome.status == "failed":
        yield f"           {outcome.title}"
    for detail in outcome.message.splitlines():
        yield f"           - {detail}"
