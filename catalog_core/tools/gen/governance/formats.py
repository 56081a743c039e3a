"""Reports for people and for programs. The same reports give the same text on every machine."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree

from catalog_core import server_version
from catalog_core.problems import Problem
from catalog_core.tools.gen.governance.report import CheckResult, Report

_TOOL = "catalog-gen"


def rendered(reports: Sequence[Report], format_name: str) -> str:
    """Return reports in a format of :data:`FORMATS`, with a line end after the last line."""
    return FORMATS[format_name](reports)


def _text(reports: Sequence[Report]) -> str:
    lines = []
    for report in reports:
        lines.append(report.plugin_dir)
        for result in report.results:
            lines.append(f"  {'PASS' if result.passed else 'FAIL'}  {result.check.name}")
            lines += [f"        {_told(problem)}" for problem in result.problems]
            lines += (
                [] if result.passed else [f"        Why: {result.check.reason}", f"        Fix: {result.check.fix}"]
            )
        lines.append("")
    results = [result for report in reports for result in report.results]
    passed = sum(result.passed for result in results)
    plugins = "1 plugin" if len(reports) == 1 else f"{len(reports)} plugins"
    lines.append(f"{plugins}: {passed} checks passed, {len(results) - passed} failed")
    return "\n".join(lines) + "\n"


def _told(problem: Problem) -> str:
    return f"{'warning: ' if problem.severity == 'warning' else ''}{problem}"


def _json(reports: Sequence[Report]) -> str:
    """Return the report of one plugin, or the list of those of several."""
    told = [report.as_dict() for report in reports]
    return json.dumps(told[0] if len(told) == 1 else told, indent=2, ensure_ascii=False) + "\n"


def _sarif(reports: Sequence[Report]) -> str:
    """Return SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0), with what was found only."""
    checks = {result.check.name: result.check for report in reports for result in report.results}
    rules = [
        {
            "id": _rule_id(check.name),
            "shortDescription": {"text": check.name},
            "fullDescription": {"text": check.reason},
            "help": {"text": check.fix},
            "defaultConfiguration": {"level": check.severity},
        }
        for check in checks.values()
    ]
    found = [
        _sarif_result(report, result, problem)
        for report in reports
        for result in report.results
        for problem in result.problems
    ]
    driver = {"name": _TOOL, "version": server_version(), "rules": rules}
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": found}],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _sarif_result(report: Report, result: CheckResult, problem: Problem) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": f"{report.plugin_dir}/{problem.file}".removeprefix("./")}}
    if problem.line:
        place["region"] = {"startLine": problem.line, "startColumn": problem.column or 1}
    return {
        "ruleId": _rule_id(result.check.name),
        "level": problem.severity,
        "message": {"text": f"{problem.message} {problem.hint}".strip()},
        "locations": [{"physicalLocation": place}],
    }


def _rule_id(name: str) -> str:
    return name.replace(" ", "-")


def _junit(reports: Sequence[Report]) -> str:
    """Return the XML of JUnit as most servers of continuous integration read it: a suite for each plugin."""
    root = ElementTree.Element("testsuites", name=_TOOL)
    for report in reports:
        failures = sum(not result.passed for result in report.results)
        counts = {"tests": str(len(report.results)), "failures": str(failures), "errors": "0", "skipped": "0"}
        suite = ElementTree.SubElement(root, "testsuite", {"name": report.plugin_dir, **counts})
        for result in report.results:
            case = ElementTree.SubElement(suite, "testcase", classname=report.plugin_dir, name=result.check.name)
            said = "\n".join(_told(problem) for problem in result.problems)
            if not result.passed:
                ElementTree.SubElement(case, "failure", message=result.message, type="check").text = said
            elif said:
                ElementTree.SubElement(case, "system-out").text = said
    ElementTree.indent(root)
    text: str = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


FORMATS: Mapping[str, Callable[[Sequence[Report]], str]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "junit": _junit,
}
"""What makes a text of reports, by the name of the format."""
