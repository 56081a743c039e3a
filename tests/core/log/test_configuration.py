"""What is logged, where to, and with which request id."""

import contextvars
import json
import subprocess
import sys

import pytest

from catalog_core.log import logging_configuration, request_id
from catalog_core.log.request import RequestIdFilter

PROGRAM = """
import json, logging, logging.config, sys
from pathlib import Path
from catalog_core.log import log_access, logging_configuration, request_id
options = json.loads(sys.argv[1])
if options.get("folder"):
    options["folder"] = Path(options["folder"])
logging.config.dictConfig(logging_configuration(**options))
request_id.set("r-42")
logging.getLogger("catalog_core.test").info("all is well")
logging.getLogger("catalog_core.test").warning("something is odd")
logging.getLogger("httpx").info("GET https://example.org/?q=private")
log_access(method="GET", path="/api/plugins", status=200, seconds=0.00123, size_bytes=17)
"""


@pytest.fixture
def log(tmp_path):
    def run(**options):
        options = {"level": "INFO", "style": "text", "folder": None, **options}
        return subprocess.run(
            [sys.executable, "-c", PROGRAM, json.dumps(options)], capture_output=True, text=True, check=True
        ).stderr

    return run


@pytest.mark.parametrize(("level", "style"), [("LOUD", "text"), ("INFO", "xml"), ("info", "text")])
def test_unknown_level_or_format_is_refused_with_the_known_ones(level, style):
    with pytest.raises(ValueError, match="known are"):
        logging_configuration(level=level, style=style, folder=None)


def test_text_lines_carry_the_request_id_and_leave_libraries_out(log):
    lines = log().splitlines()
    assert len(lines) == 3
    assert all(line.endswith("[r-42]") for line in lines)
    assert "GET /api/plugins 200 1.2 ms 17 B" in lines[2]


def test_json_lines_have_the_parts_of_an_answer_as_members(log):
    last = json.loads(log(style="json").splitlines()[-1])
    assert last["logger"] == "catalog_core.access"
    assert last["request_id"] == "r-42"
    assert (last["method"], last["path"], last["status"], last["bytes"]) == ("GET", "/api/plugins", 200, 17)
    assert last["duration_ms"] == 1.2


def test_with_a_folder_the_console_shows_what_needs_attention_only(log, tmp_path):
    console = log(folder=str(tmp_path))
    assert "something is odd" in console
    assert "all is well" not in console
    assert "all is well" in (tmp_path / "catalog.log").read_text()


def test_access_log_can_be_turned_off_alone(log):
    shown = log(access_log=False)
    assert "all is well" in shown
    assert "/api/plugins" not in shown


def test_record_outside_of_a_request_has_a_dash_and_an_id_given_by_hand_is_kept():
    import logging

    record, with_own = logging.makeLogRecord({}), logging.makeLogRecord({"request_id": "given"})
    contextvars.Context().run(lambda: [RequestIdFilter().filter(each) for each in (record, with_own)])
    assert record.request_id == "-"
    assert with_own.request_id == "given"
    assert request_id.get() == "-"
