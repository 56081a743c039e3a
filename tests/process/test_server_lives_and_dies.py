"""A whole server: what it says, how it stops, and what is left when one of its processes is killed."""

import os
import re
import signal
import sys

import pytest

from tests.process.servers import COMMAND, StartServer, wait_until


def test_first_start_says_where_things_are_and_tells_the_password_once(server: StartServer, tmp_path):
    first = server(tmp_path / "odd folder #1, 50% é?")
    for part in ("/api/plugins", "/api/docs", "/admin/"):
        assert first.base_url + part in first.output
    (password,) = re.findall(r"'admin' with the password '([^']{12,})'", first.output)
    assert first.stop() == 0
    assert password not in first.log
    second = server(first.data_dir)
    assert "password" not in second.output


def test_password_from_the_environment_is_not_shown(server: StartServer):
    running = server(CATALOG_ADMIN_PASSWORD="correct horse battery")
    assert "password" not in running.output
    assert "correct horse" not in running.output


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_signal_stops_everything(server: StartServer, number):
    running = server()
    assert len(running.tree()) == 5
    assert running.stop(number) == 0
    assert running.survivors() == []
    assert "Traceback" not in running.output


def test_signal_while_starting_leaves_nothing_behind(server: StartServer):
    running = server(wait=False)
    wait_until(lambda: len(running.tree()) > 1, "a child has started")
    running.stop(signal.SIGINT)
    assert running.survivors() == []


def test_no_process_outlives_a_killed_supervisor_and_the_next_start_works(server: StartServer):
    first = server()
    first.process.kill()
    first.process.wait()
    second = server(first.data_dir)
    assert first.survivors() == []
    assert second.answers()


def test_no_process_outlives_a_supervisor_killed_together_with_the_web_process(server: StartServer):
    running = server()
    (web,) = running.pids("web")
    running.process.kill()
    os.kill(web, signal.SIGKILL)
    running.process.wait()
    wait_until(lambda: not running.survivors(), "all processes are gone")


@pytest.mark.parametrize("part", ["web", "web worker", "worker"])
def test_killed_process_is_started_again_without_leftovers(server: StartServer, part):
    running = server()
    before = running.pids(part)
    lost = {before[0], *(running.pids("web worker") if part == "web" else [])}
    os.kill(before[0], signal.SIGKILL)
    wait_until(lambda: len(set(running.pids(part)) - lost) == len(before), f"another {part} process runs")
    wait_until(running.answers, "the server answers again")
    assert lost.isdisjoint(process.pid for process in running.survivors())
    assert running.stop() == 0
    assert running.survivors() == []
    assert server(running.data_dir).answers()


def test_death_of_a_process_is_told(server: StartServer):
    running = server()
    os.kill(running.pids("worker")[0], signal.SIGKILL)
    wait_until(lambda: "worker was killed by SIGKILL; starting it again in 1 s" in running.output, "the death is told")


def test_server_that_is_to_end_with_its_parent_does(server: StartServer):
    wrapper = [
        sys.executable,
        "-c",
        "import subprocess, sys; subprocess.run(sys.argv[1:])",
        *COMMAND,
        "--end-with-parent",
    ]
    running = server(command=wrapper)
    assert len(running.tree()) == 6
    running.process.kill()
    running.process.wait()
    wait_until(lambda: not running.survivors(), "all processes are gone")
    assert "stopping" in running.output


def test_broken_messages_do_not_end_the_worker(server: StartServer):
    running = server()
    (worker,) = running.pids("worker")
    messages = running.data_dir / "broker" / "celery"
    wait_until(messages.is_dir, "the worker looks for messages")
    for number, content in enumerate([b"", b"{}", b"\xff", b'{"properties": []}']):
        (messages / f"0{number}.json").write_bytes(content)
    wait_until(lambda: running.log.count("dropped a message that cannot be read") == 4, "the messages are dropped")
    assert running.pids("worker") == [worker]
