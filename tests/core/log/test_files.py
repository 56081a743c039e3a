"""Log files that several processes share."""

import logging
import subprocess
import sys

import pytest

from catalog_core.log.files import SharedRotatingFileHandler

WRITER = """
import logging, sys
from catalog_core.log.files import SharedRotatingFileHandler
handler = SharedRotatingFileHandler(sys.argv[1], max_bytes=2000, backups=50)
for number in range(200):
    handler.emit(logging.makeLogRecord({"msg": f"{sys.argv[2]}-{number:03}-" + 20 * "x"}))
"""


@pytest.fixture
def write(tmp_path):
    def write_lines(count, **options):
        handler = SharedRotatingFileHandler(tmp_path / "logs" / "a.log", **options)
        for number in range(count):
            handler.emit(logging.makeLogRecord({"msg": f"line {number}"}))
        handler.close()

    return write_lines


def test_folder_is_made_and_lines_are_appended(write, tmp_path):
    write(2)
    write(1)
    assert (tmp_path / "logs" / "a.log").read_text() == "line 0\nline 1\nline 0\n"


def test_no_more_than_the_asked_number_of_old_files_is_kept(write, tmp_path):
    write(100, max_bytes=50, backups=2)
    assert sorted(file.name for file in (tmp_path / "logs").iterdir()) == ["a.log", "a.log.1", "a.log.2", "a.log.lock"]


def test_file_that_was_removed_is_made_again(write, tmp_path):
    handler = SharedRotatingFileHandler(tmp_path / "a.log")
    handler.emit(logging.makeLogRecord({"msg": "first"}))
    (tmp_path / "a.log").unlink()
    handler.emit(logging.makeLogRecord({"msg": "second"}))
    handler.close()
    assert (tmp_path / "a.log").read_text() == "second\n"


def test_processes_that_rotate_the_same_file_lose_and_tear_no_line(tmp_path):
    log = tmp_path / "a.log"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(log), name]) for name in "ab"]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    lines = [line for file in tmp_path.glob("a.log*") for line in file.read_text().splitlines()]
    assert sorted(lines) == sorted(f"{name}-{number:03}-" + 20 * "x" for name in "ab" for number in range(200))
    assert (tmp_path / "a.log.1").exists()
