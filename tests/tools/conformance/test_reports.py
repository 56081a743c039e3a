"""Reports in all formats: complete, well-formed whatever a server says, and in the shape that tools know."""

import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_core.tools.conformance.checks import Category, Outcome
from catalog_core.tools.conformance.report import CategoryReport, Report
from catalog_core.tools.conformance.reports import FORMATS

STARTED = datetime(2024, 5, 1, 12, 30, tzinfo=UTC)


def report(*outcomes, plugin="mcp", category=Category.LIST_GET, server_url="http://127.0.0.1:8080"):
    categories = [CategoryReport(category=category, plugin=plugin, outcomes=outcomes)]
    return Report(server_url=server_url, plugin="", started_at=STARTED, categories=categories)


PASSED = Outcome("paging", "Pages are whole.", "passed")
FAILED = Outcome("filters", "Filters filter.", "failed", "colour = 'red' misses 2\nand more")
SKIPPED = Outcome("sources", "Sources are listed.", "skipped", "not announced")


def test_json_has_the_shape_that_tools_know():
    assert json.loads(FORMATS["json"](report(PASSED, FAILED, SKIPPED))) == {
        "timestamp": "2024-05-01T12:30:00Z",
        "serverURL": "http://127.0.0.1:8080",
        "categories": [
            {
                "name": "list_get",
                "category": "B",
                "plugin": "mcp",
                "passed": 1,
                "failed": 1,
                "skipped": 1,
                "tests": [
                    {"name": "paging", "status": "passed"},
                    {"name": "filters", "status": "failed", "message": "colour = 'red' misses 2\nand more"},
                    {"name": "sources", "status": "skipped", "message": "not announced"},
                ],
            }
        ],
        "totalPassed": 1,
        "totalFailed": 1,
        "totalSkipped": 1,
    }


def test_the_server_itself_has_no_plugin_name_in_json():
    assert "plugin" not in json.loads(FORMATS["json"](report(PASSED, plugin="")))["categories"][0]


def test_text_marks_every_check_and_says_why():
    lines = FORMATS["text"](report(PASSED, FAILED, SKIPPED)).splitlines()
    assert "    [PASS] paging" in lines
    assert "    [FAIL] filters" in lines
    assert "           - colour = 'red' misses 2" in lines
    assert "    [SKIP] sources: not announced" in lines
    assert lines[-1] == "1 passed, 1 failed, 1 skipped"


def test_junit_counts_and_explains():
    root = ET.fromstring(FORMATS["junit"](report(PASSED, FAILED, SKIPPED)))
    suite = root.find("testsuite")
    assert suite.get("name") == "mcp.list_get"
    assert {key: root.get(key) for key in ("tests", "failures", "skipped", "errors")} == {
        "tests": "3",
        "failures": "1",
        "skipped": "1",
        "errors": "0",
    }
    assert "misses 2" in suite.find("testcase/failure").text
    assert suite.find("testcase/skipped").get("message") == "not announced"


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing():
    parser = Tags()
    parser.feed(FORMATS["html"](report(PASSED, FAILED, Outcome("x", "y", "failed", "<script>alert(1)</script>"))))
    assert {tag for tag, _ in parser.found}.isdisjoint({"script", "link", "img", "iframe"})
    assert not any({"src", "href", "onclick"} & set(attributes) for _, attributes in parser.found)
    assert ("details", {"open": None}) in parser.found


ANY_TEXT = st.text(st.characters(codec="utf-8"))


@pytest.mark.parametrize("format_", FORMATS)
@given(message=ANY_TEXT, name=ANY_TEXT)
def test_every_format_takes_any_text(format_, message, name):
    made = FORMATS[format_](report(Outcome("check", "title", "failed", message), plugin=name))
    if format_ == "json":
        assert json.loads(made)["categories"][0]["tests"][0].get("message", "") == message
    if format_ == "junit":
        assert ET.fromstring(made).find("testsuite/testcase/failure") is not None
