"""One server to a data folder, and no lock that outlives its holder."""

import os
import subprocess
import sys

import click
import pytest

from catalog_core.tools.server import data_folder
from catalog_core.tools.server.data_folder import FolderLock

HOLDER = """
import subprocess, sys
from pathlib import Path
from catalog_core.tools.server.data_folder import FolderLock
lock = FolderLock(Path(sys.argv[1]))
if sys.argv[2:]:  # pass the lock on, tell the pid of who has it now, and end
    child = subprocess.Popen(["sleep", "600"], pass_fds=[lock.descriptor], stdout=subprocess.DEVNULL)
    print(child.pid, flush=True)
else:
    print("locked", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def hold(tmp_path):
    started = []

    def start(*arguments):
        process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, str(tmp_path), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process, process.stdout.readline().strip()

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_folder_in_use_is_refused_with_the_process_that_uses_it(hold, tmp_path):
    holder, _ = hold()
    with pytest.raises(click.ClickException, match=f"process id {holder.pid}.*--data-dir"):
        FolderLock(tmp_path)


def test_lock_of_a_killed_process_is_free(hold, tmp_path):
    holder, _ = hold()
    holder.kill()
    holder.wait()
    lock = FolderLock(tmp_path)
    assert (tmp_path / data_folder.LOCK_FILE).read_text() == str(os.getpid())
    os.close(lock.descriptor)


def test_lock_is_held_as_long_as_a_process_that_inherited_it_runs(hold, tmp_path, monkeypatch):
    monkeypatch.setattr(data_folder, "PATIENCE_SECONDS", 0.3)
    holder, heir = hold("pass it on")
    holder.wait()
    with pytest.raises(click.ClickException, match="in use"):
        FolderLock(tmp_path)
    monkeypatch.setattr(data_folder, "PATIENCE_SECONDS", 30)
    os.kill(int(heir), 9)
    os.close(FolderLock(tmp_path).descriptor)


def test_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(click.ClickException, match="file/data cannot be used: Not a directory"):
        FolderLock(tmp_path / "file" / "data")
