"""The command: exit status, formats, files, and messages for people."""

import json
import os
import signal
import socket
import subprocess
import sys

import pytest
from click.testing import CliRunner

from catalog_core.tools.conformance import main
from tests.process.servers import clean_environment, free_port, wait_until
from tests.tools.conformance.fake_http import Reply
from tests.tools.conformance.fake_management import OPERATOR, VIEWER
from tests.tools.conformance.fake_server import FakeServer


@pytest.fixture
def command(monkeypatch):
    """Run the command within the test."""
    for name in ("CATALOG_TOKEN", "CATALOG_VIEWER_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return lambda *arguments: CliRunner().invoke(main, arguments)


def test_every_check_passed_is_0(command):
    with FakeServer() as server:
        result = command("--server", server.url, "--token", OPERATOR, "--viewer-token", VIEWER)
    assert result.exit_code == 0, result.output
    assert "0 failed" in result.output


def test_one_failure_is_1(command):
    with FakeServer(lambda server, request, handle: Reply(404, raw=b"no")) as server:
        result = command("--server", server.url)
    assert result.exit_code == 1
    assert "[FAIL] plugins_document" in result.output


def test_a_server_that_is_not_there_is_2(command):
    result = command("--server", f"http://127.0.0.1:{free_port()}")
    assert result.exit_code == 2
    assert "cannot be reached" in result.output


def test_a_server_that_says_nothing_is_2(command):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        result = command("--server", f"http://127.0.0.1:{mute.getsockname()[1]}", "--timeout", "0.2")
    assert result.exit_code == 2
    assert "no whole answer within 0.2 s" in result.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "--server"),
        (("--server", "catalogs.example.org"), "http://"),
        (("--server", "ftp://example.org"), "http://"),
        (("--server", "http://user:hunter2@example.org"), "--token"),
        (("--server", "http://[::1"), "address"),
        (("--server", "http://example.org:99999"), "address"),
        (("--server", "http://example.org?x=1"), "query"),
        (("--server", "http://127.0.0.1:1", "--category", "Z"), "Z"),
        (("--server", "http://127.0.0.1:1", "--format", "pdf"), "pdf"),
        (("--server", "http://127.0.0.1:1", "--timeout", "0"), "timeout"),
        (("--server", "http://127.0.0.1:1", "--token", "two words"), "token"),
        (("--server", "http://127.0.0.1:1", "--expect-capability", "flying"), "flying"),
    ],
)
def test_wrong_usage_is_2_and_says_what_is_right(command, arguments, says):
    result = command(*arguments)
    assert result.exit_code == 2
    assert says in result.output
    assert "Traceback" not in result.output
    assert "hunter2" not in result.output


def test_help_shows_examples_and_exit_status(command):
    text = command("--help").output
    assert "Examples:" in text
    assert "Exit status" in text


@pytest.mark.parametrize(
    ("format_", "begins"), [("json", "{"), ("junit", "<?xml"), ("html", "<!doctype"), ("text", "Conf")]
)
def test_a_report_is_written_into_a_file_as_a_whole(command, tmp_path, format_, begins):
    file = tmp_path / "report"
    file.write_text("older and much longer " * 100_000)
    with FakeServer() as server:
        result = command("--server", server.url, "--category", "E", "--format", format_, "--output", str(file))
    assert result.exit_code == 0
    assert file.read_text().startswith(begins)
    assert "older" not in file.read_text()
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_cannot_be_written_is_2(command, tmp_path):
    with FakeServer() as server:
        result = command("--server", server.url, "--category", "E", "--output", str(tmp_path / "no" / "report"))
    assert result.exit_code == 2
    assert "cannot be written" in result.output


def test_only_what_was_asked_for_is_looked_at(command):
    with FakeServer() as server:
        result = command("--server", server.url, "--category", "b", "--category", "E", "--format", "json")
    names = {category["name"] for category in json.loads(result.output)["categories"]}
    assert names == {"list_get", "observability"}


def test_waiting_for_a_server_that_is_not_ready_yet(command):
    def starting(server, request, handle):
        return Reply(503, {"status": "not_ready", "components": {}}) if server.calls < 3 else handle(request)

    with FakeServer(starting) as server:
        result = command("--server", server.url, "--category", "E", "--wait", "30")
    assert result.exit_code == 0, result.output


def test_the_command_needs_no_configured_django():
    environment = clean_environment()
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    with FakeServer() as server:
        command = [sys.executable, "-m", "catalog_core.tools.conformance", "--server", server.url]
        result = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    code = "import sys, catalog_core.tools.conformance; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env=environment).returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_removes_its_source(number):
    with FakeServer(endless_job) as server:
        command = [sys.executable, "-m", "catalog_core.tools.conformance", "--server", server.url, "--category", "C"]
        run = subprocess.Popen(
            command,
            env=clean_environment(CATALOG_TOKEN=OPERATOR),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # whoever started the tests may ignore it
        )
        wait_until(lambda: server.management.jobs, "the suite waits for a refresh")
        os.kill(run.pid, number)
        _, told = run.communicate(timeout=60)
        assert sorted(server.management.sources) == ["main", "side"]
    assert run.returncode == 1
    assert "was removed" in told
    assert "Traceback" not in told


def endless_job(server, request, handle):
    reply = handle(request)
    for job in server.management.jobs.values():
        job["state"] = "running"
    return reply
