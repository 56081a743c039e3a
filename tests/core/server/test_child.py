"""One process of the server, and what it has started."""

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from catalog_core.tools.server.child import Child

PARENT_OF_ANOTHER = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
with open(sys.argv[1], "w") as note:
    note.write(f"{child.pid}\\n")
time.sleep(600)
"""


@pytest.fixture
def start(tmp_path: Path):
    children = []

    def start_child(program: str, *arguments: str) -> Child:
        (tmp_path / "program.py").write_text(program)
        child = Child("sample", "program", arguments, environment={**os.environ, "PYTHONPATH": str(tmp_path)})
        child.pid = child.start().pid
        children.append(child)
        return child

    yield start_child
    for child in children:
        child.kill()


def wait_for(condition):
    give_up = time.monotonic() + 30
    while not (found := condition()):
        assert time.monotonic() < give_up, "waited in vain"
        time.sleep(0.02)
    return found


def runs(pid: int) -> bool:
    if sys.platform == "linux":
        try:
            return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
        except OSError:
            return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_process_started_by_a_killed_child_is_ended_too(start, tmp_path):
    note = tmp_path / "pid"
    child = start(PARENT_OF_ANOTHER, str(note))
    grandchild = int(wait_for(lambda: note.exists() and note.read_text().endswith("\n") and note.read_text()))
    assert runs(grandchild)
    os.kill(child.pid, signal.SIGKILL)
    message = wait_for(child.keep_running)
    assert message == "sample was killed by SIGKILL; starting it again in 1 s"
    wait_for(lambda: not runs(grandchild))


def test_each_failure_in_a_row_doubles_the_pause_up_to_a_limit(start):
    child = start("raise SystemExit(3)")
    messages = []
    for _ in range(7):
        messages.append(wait_for(child.keep_running))
        child.start()
    assert [message.rsplit("in ", 1)[1] for message in messages] == ["1 s", "2 s", "4 s", "8 s", "16 s", "30 s", "30 s"]
    assert messages[0].startswith("sample ended with status 3")


def test_end_is_told_once_and_the_process_is_started_again_after_the_pause(start, tmp_path):
    child = start("import sys; open(sys.argv[1], 'a').write('x')", str(tmp_path / "starts"))
    wait_for(child.keep_running)
    assert child.keep_running() is None
    wait_for(lambda: child.keep_running() or (tmp_path / "starts").read_text() == "xx")


def test_process_that_does_not_listen_is_ended_by_force(start, tmp_path):
    ready = tmp_path / "ready"
    child = start(
        "import signal, sys, time\n"
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "open(sys.argv[1], 'w').close()\n"
        "time.sleep(600)",
        str(ready),
    )
    wait_for(ready.exists)
    child.ask_to_stop()
    assert child.end() is None
    child.kill()
    assert child.end() == "was killed by SIGKILL"


def test_stopping_what_was_never_started_is_harmless():
    child = Child("sample", "program", environment={})
    child.ask_to_stop()
    child.kill()
