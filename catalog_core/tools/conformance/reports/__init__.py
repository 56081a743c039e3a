"""Reports for people and for programs."""

import json
from collections.abc import Callable, Mapping

from catalog_core.tools.conformance.report import Report
from catalog_core.tools.conformance.reports.junit import junit_report
from catalog_core.tools.conformance.reports.page import html_report
from catalog_core.tools.conformance.reports.text import text_report


def json_report(report: Report) -> str:
    """Return the report as JSON."""
    return f"{json.dumps(report.as_dict(), indent=2, ensure_ascii=False)}\n"


FORMATS: Mapping[str, Callable[[Report], str]] = {
    "text": text_report,
    "json": json_report,
    "junit": junit_report,
    "html": html_report,
}
"""What ``--format`` takes."""
