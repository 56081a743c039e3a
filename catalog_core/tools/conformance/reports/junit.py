"""The report as JUnit XML, which continuous integration reads."""

import re
import xml.etree.ElementTree as ET

from catalog_core.tools.conformance.checks import Outcome
from catalog_core.tools.conformance.report import SERVER, CategoryReport, Report

_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_report(report: Report) -> str:
    """Return the report with a suite for each catalog and category."""
    root = ET.Element("testsuites", {"name": "catalog-conformance", **_counts(report)})
    for category in report.categories:
        root.append(_suite(category))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(report: CategoryReport) -> ET.Element:
    name = f"{report.plugin or SERVER}.{report.category.title}"
    suite = ET.Element("testsuite", {"name": _xml(name), **_counts(report)})
    for outcome in report.outcomes:
        suite.append(_case(outcome, name))
    return suite


def _case(outcome: Outcome, suite: str) -> ET.Element:
    case = ET.Element("testcase", classname=_xml(f"catalog-conformance.{suite}"), name=outcome.name)
    message = _xml(outcome.message)
    if outcome.status == "failed":
        failure = ET.SubElement(case, "failure", message=outcome.title)
        failure.text = message
    elif outcome.status == "skipped":
        ET.SubElement(case, "skipped", message=message)
    elif message:
        ET.SubElement(case, "system-out").text = message
    return case


def _counts(report: Report | CategoryReport) -> dict[str, str]:
    failed, skipped = report.count("failed"), report.count("skipped")
    tests = report.count("passed") + failed + skipped
    return {"tests": str(tests), "failures": str(failed), "skipped": str(skipped), "errors": "0"}


def _xml(text: str) -> str:
    """Return a text without the characters that XML 1.0 cannot hold."""
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
