"""The configuration in files: whole at every moment, and never written over what somebody else has written."""

import multiprocessing
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from catalog_core.exceptions import (
    ConfigurationConflict,
    ConfigurationReadOnly,
    ConfigurationUnavailable,
    InvalidDocument,
)
from catalog_core.sources.store import FileStore, FixedStore

FORK = multiprocessing.get_context("fork")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_bytes(b"catalogs: {}\n")
    return path


def store_of(*files, max_bytes=1024 * 1024):
    return FileStore(files=files, max_bytes=max_bytes)


def save(store, content, expected_version=None):
    loaded = store.load()
    documents = ((loaded.documents[0][0], content), *loaded.documents[1:])
    return store.save(documents, expected_version=expected_version or loaded.version)


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    with pytest.raises(ConfigurationUnavailable, match=r"sources\.yaml cannot be read: No such file") as missing:
        store_of(tmp_path / "sources.yaml").load()
    assert str(tmp_path) not in str(missing.value)


def test_a_file_that_is_too_large_is_neither_read_nor_written(file):
    with pytest.raises(InvalidDocument, match="larger than 20 bytes"):
        save(store_of(file, max_bytes=20), b"x" * 21)
    assert file.read_bytes() == b"catalogs: {}\n"
    with pytest.raises(InvalidDocument, match="larger than 5 bytes"):
        store_of(file, max_bytes=5).load()


def test_the_version_of_one_file_is_the_digest_that_anybody_can_compute(file):
    digest = subprocess.run(["sha256sum", str(file)], capture_output=True, check=True).stdout.decode().split()[0]
    assert store_of(file).load().version == digest


def test_what_was_changed_meanwhile_stays_and_the_change_is_refused(file):
    store = store_of(file)
    seen = store.load()
    file.write_bytes(b"catalogs: {mcp: {}}\n")
    with pytest.raises(ConfigurationConflict, match="was changed meanwhile") as conflict:
        store.save(((file, b"mine"),), expected_version=seen.version)
    assert seen.version[:8] in str(conflict.value)
    assert file.read_bytes() == b"catalogs: {mcp: {}}\n"
    assert os.listdir(file.parent) == ["sources.yaml"]


def test_mode_owner_and_neighbours_stay(file):
    file.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(file, 12345, 23456)
    before = file.stat()
    assert save(store_of(file), b"new").documents == ((file, b"new"),)
    after = file.stat()
    assert (stat.S_IMODE(after.st_mode), after.st_uid, after.st_gid) == (0o640, before.st_uid, before.st_gid)
    assert os.listdir(file.parent) == ["sources.yaml"]


def test_a_symbolic_link_is_followed_and_stays_one(tmp_path, file):
    (tmp_path / "folder").mkdir()
    link = tmp_path / "folder" / "link.yaml"
    link.symlink_to("../sources.yaml")
    save(store_of(link), b"new")
    assert link.is_symlink()
    assert file.read_bytes() == b"new"


def test_of_several_files_only_those_that_differ_are_written(tmp_path, file):
    other = tmp_path / "override.yaml"
    other.write_bytes(b"catalogs: {}\n")
    inodes = file.stat().st_ino, other.stat().st_ino
    store = store_of(file, other)
    before = store.load()
    after = store.save(((file, b"catalogs: {}\n"), (other, b"changed")), expected_version=before.version)
    assert store.load() == after != before
    assert file.stat().st_ino == inodes[0]
    assert other.stat().st_ino != inodes[1]


def test_what_an_accident_left_behind_is_cleared_away(file):
    (file.parent / ".sources.yaml.abc.catalog-new").write_bytes(b"half")
    (file.parent / ".other.yaml.abc.catalog-new").write_bytes(b"of somebody else")
    save(store_of(file), b"new")
    assert sorted(os.listdir(file.parent)) == [".other.yaml.abc.catalog-new", "sources.yaml"]


def test_a_store_that_is_fixed_reads_and_never_writes(file):
    store = FixedStore(files=[file], max_bytes=1000)
    assert store.load() == store_of(file).load()
    assert "CATALOG_CONFIG_STORE_MODE is none" in store.read_only_reason()
    with pytest.raises(ConfigurationReadOnly, match="Nothing was changed"):
        save(store, b"new")
    assert file.read_bytes() == b"catalogs: {}\n"


def test_a_folder_that_nobody_may_write_in_is_named_as_the_reason():
    hostname = Path("/proc/sys/kernel/hostname")  # its folder takes no files, not even from root
    if not hostname.exists():
        pytest.skip("this system has no /proc")
    store = store_of(hostname)
    before = store.load()
    with pytest.raises(ConfigurationReadOnly, match="hostname cannot be written") as refused:
        store.save(((hostname, b"other"),), expected_version=before.version)
    assert "Nothing was changed" in str(refused.value)
    assert "/proc" not in str(refused.value)
    assert store.load() == before


def test_a_file_that_is_protected_is_named_as_the_reason_and_stays(file):
    if subprocess.run(["chattr", "+i", str(file)], capture_output=True, check=False).returncode:
        pytest.skip("this user or file system knows no protection of files")
    try:
        assert "protected against changes" in store_of(file).read_only_reason()
        with pytest.raises(ConfigurationReadOnly, match=r"protected against changes.*Nothing was changed"):
            save(store_of(file), b"new")
    finally:
        subprocess.run(["chattr", "-i", str(file)], check=True)
    assert file.read_bytes() == b"catalogs: {}\n"
    assert os.listdir(file.parent) == ["sources.yaml"]


def _save_as_somebody_else(file, user, said):
    os.setgid(user)
    os.setuid(user)
    try:
        save(store_of(file), b"new")
    except ConfigurationReadOnly as error:
        said.put(str(error))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_a_file_of_somebody_else_is_not_made_ones_own():
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o777)
        file = Path(folder, "sources.yaml")
        file.write_bytes(b"catalogs: {}\n")
        said = FORK.Queue()
        writer = FORK.Process(target=_save_as_somebody_else, args=(file, 65534, said))
        writer.start()
        assert "owner and mode could not be kept" in said.get(timeout=60)
        writer.join()
        assert file.read_bytes() == b"catalogs: {}\n"
        assert os.listdir(folder) == ["sources.yaml"]


MOUNTED = """
import os, subprocess, sys
from pathlib import Path
import django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "catalog_project.settings")
django.setup()
from catalog_core.exceptions import ConfigurationReadOnly
from catalog_core.sources.store import FileStore

def attempt(*files):
    store = FileStore(files=files, max_bytes=1000)
    before = store.load()
    print(store.read_only_reason())
    try:
        store.save(tuple((file, b"other") for file in files), expected_version=before.version)
    except ConfigurationReadOnly as error:
        print(error)
    print(store.load() == before)

folder = Path(sys.argv[1])
subprocess.run(["mount", "--bind", folder / "one", folder / "two"], check=True)
subprocess.run(["mount", "-o", "remount,ro,bind", folder / "two"], check=True)
attempt(folder / "two" / "sources.yaml")
subprocess.run(["mount", "--bind", folder / "one" / "sources.yaml", folder / "z.yaml"], check=True)
attempt(folder / "a.yaml", folder / "z.yaml")
"""


def test_a_mount_that_is_in_the_way_is_named_as_the_reason_and_no_file_is_changed(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    for name in ("one/sources.yaml", "a.yaml", "z.yaml"):
        (tmp_path / name).write_bytes(b"catalogs: {}\n")
    command = ["unshare", "--mount", sys.executable, "-c", MOUNTED, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unshare:" in done.stderr or "mount:" in done.stderr:
        pytest.skip("this machine does not let the test mount anything")
    reason, error, is_unchanged, _, mounted_error, are_unchanged = done.stdout.splitlines()
    assert "mounted read-only" in reason
    assert "mounted read-only" in error
    assert "Mount its folder instead" in mounted_error
    assert (is_unchanged, are_unchanged) == ("True", "True")


def _count_up(file, name, edits, outcomes):
    """Add ``edits`` lines to the file, repeating each after a conflict; tell how many conflicts there were."""
    store, conflicts = store_of(file), 0
    for number in range(edits):
        while True:
            seen = store.load()
            content = seen.documents[0][1] + f"# {name} {number}\n".encode()
            try:
                store.save(((file, content),), expected_version=seen.version)
            except ConfigurationConflict:
                conflicts += 1
            else:
                break
    outcomes.put(conflicts)


def test_of_two_processes_that_write_at_once_none_loses_an_edit(file):
    outcomes = FORK.Queue()
    writers = [FORK.Process(target=_count_up, args=(file, name, 60, outcomes)) for name in ("one", "two")]
    for writer in writers:
        writer.start()
    conflicts = [outcomes.get(timeout=120) for _ in writers]
    for writer in writers:
        writer.join()
    lines = file.read_text().splitlines()[1:]
    assert sorted(lines) == sorted(f"# {name} {number}" for name in ("one", "two") for number in range(60))
    for name in ("one", "two"):
        assert [line for line in lines if name in line] == [f"# {name} {number}" for number in range(60)]
    assert sum(conflicts) > 0, "the two never met, so this shows nothing"


def _write_for_ever(file, started):
    store = store_of(file)
    number = 0
    while True:
        number += 1
        save(store, f"{number}\n".encode() * 20_000)
        started.set()


def test_a_writer_that_is_killed_at_any_moment_leaves_the_old_or_the_new_file(file):
    for round_ in range(25):
        started = FORK.Event()
        writer = FORK.Process(target=_write_for_ever, args=(file, started))
        writer.start()
        assert started.wait(60)
        time.sleep(round_ * 0.0007)
        os.kill(writer.pid, signal.SIGKILL)
        writer.join()
        lines = file.read_bytes().splitlines()
        assert len(lines) == 20_000
        assert len(set(lines)) == 1
    save(store_of(file), b"catalogs: {}\n")  # no lock outlives its holder
    assert os.listdir(file.parent) == ["sources.yaml"]
