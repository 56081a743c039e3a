"""The provider ``yaml`` with real files."""

import json
import os
import shutil
import time
from pathlib import Path

import pytest

from catalog_core.exceptions import RefreshSuperseded, SourceInvalid, SourceUnavailable
from catalog_core.sources.providers.base import Snapshot, Unchanged
from catalog_core.sources.providers.local import FileProvider

PROVIDER = FileProvider()
LONG_AGO_NS = time.time_ns() - 3_600_000_000_000


@pytest.fixture
def write(request_for):
    """Write a file below the folder of the sources file, dated an hour back unless told otherwise."""
    base_dir = request_for({}).base_dir

    def write_file(name, content, modified_ns=LONG_AGO_NS):
        path = base_dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        os.utime(path, ns=(modified_ns, modified_ns))
        return path

    return write_file


def settled(cursor):
    """Return a cursor as if the reading had happened some minutes after the file was last touched."""
    return {**cursor, "readNs": cursor["readNs"] + 600_000_000_000}


def read(request_for, path, **options):
    return PROVIDER.read(request_for({"yamlCatalogPath": str(path)}, **options))


def refused(error, request_for, path, **options):
    with pytest.raises(error) as caught:
        read(request_for, path, **options)
    return str(caught.value)


# --- where a file may be ---------------------------------------------------------------------------------------------


def test_a_missing_file_is_named_as_it_was_written(request_for, tmp_path):
    text = refused(SourceUnavailable, request_for, "data/agents.yaml")
    assert '"data/agents.yaml" does not exist' in text
    assert str(tmp_path) not in text


def test_an_absolute_path_is_not_repeated(request_for, tmp_path):
    text = refused(SourceUnavailable, request_for, tmp_path / "config" / "agents.yaml")
    assert '"agents.yaml" does not exist' in text
    assert str(tmp_path) not in text


@pytest.mark.parametrize("there", [True, False], ids=["existing", "missing"])
@pytest.mark.parametrize("way", ["../secret.yaml", "absolute", "link", "link-to-folder"])
def test_nothing_outside_is_read_or_told_apart(request_for, tmp_path, write, way, there):
    secret = tmp_path / "secret.yaml"
    if there:
        secret.write_text("agents: []")
    (tmp_path / "config" / "link").symlink_to(secret)
    (tmp_path / "config" / "link-to-folder").symlink_to(tmp_path)
    path = {"absolute": str(secret), "link-to-folder": "link-to-folder/secret.yaml"}.get(way, way)
    text = refused(SourceInvalid, request_for, path)
    assert "outside the folders that sources may read" in text
    assert "CATALOG_ALLOWED_DIRS" in text
    assert str(tmp_path) not in text


def test_a_folder_whose_name_only_begins_alike_is_outside(request_for, tmp_path):
    (tmp_path / "config-private").mkdir()
    (tmp_path / "config-private" / "a.yaml").write_text("a: 1")
    refused(SourceInvalid, request_for, "../config-private/a.yaml")


def test_an_allowed_folder_may_be_read_also_through_links(request_for, tmp_path, write):
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "a.yaml").write_text("a: 1")
    (tmp_path / "alias").symlink_to(shared)
    (tmp_path / "config" / "here.yaml").symlink_to(tmp_path / "alias" / "a.yaml")
    assert read(request_for, "here.yaml", allowed_dirs=(tmp_path / "alias",)).files[0].content == b"a: 1"


@pytest.mark.parametrize("path", [".", "folder", "folder/"])
def test_a_folder_is_not_a_file(request_for, tmp_path, path):
    (tmp_path / "config" / "folder").mkdir()
    assert "is a folder; name a file in it" in refused(SourceInvalid, request_for, path)


def test_a_pipe_is_refused_without_waiting(request_for, tmp_path):
    os.mkfifo(tmp_path / "config" / "pipe.yaml")
    assert "pipes and devices are not read" in refused(SourceInvalid, request_for, "pipe.yaml")


def test_a_device_is_refused(request_for, tmp_path):
    text = refused(SourceInvalid, request_for, "/dev/zero", allowed_dirs=(Path("/dev"),))
    assert "pipes and devices are not read" in text


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000])
def test_an_impossible_path_is_refused(request_for, path):
    refused(SourceInvalid, request_for, path)


def test_links_in_a_circle_are_refused(request_for, tmp_path):
    (tmp_path / "config" / "a").symlink_to("b")
    (tmp_path / "config" / "b").symlink_to("a")
    assert "cannot be followed" in refused(SourceInvalid, request_for, "a")


def test_a_file_in_a_file_does_not_exist(request_for, write):
    write("a.yaml", b"")
    assert "does not exist" in refused(SourceUnavailable, request_for, "a.yaml/b.yaml")


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_file_that_may_not_be_read_is_worth_another_try(request_for, write):
    write("a.yaml", b"").chmod(0)
    assert "change its permissions" in refused(SourceUnavailable, request_for, "a.yaml")


# --- what is read ----------------------------------------------------------------------------------------------------


def test_a_file_that_is_too_large_is_refused(request_for, write):
    write("a.yaml", b"x" * 101)
    assert "larger than the 100 bytes" in refused(SourceInvalid, request_for, "a.yaml", max_bytes=100)


def test_a_file_of_just_the_allowed_size_is_read(request_for, write):
    write("a.yaml", b"x" * 100)
    assert read(request_for, "a.yaml", max_bytes=100).files[0].content == b"x" * 100


def test_a_cancelled_reading_stops(request_for, write):
    write("a.yaml", b"x")
    refused(RefreshSuperseded, request_for, "a.yaml", cancelled=lambda: True)


@pytest.mark.parametrize(
    ("name", "file_format"),
    [
        ("a.yaml", "yaml"),
        ("a.yml", "yaml"),
        ("a.JSON", "json"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson", "jsonl"),
        ("a.txt", "yaml"),
        ("a", "yaml"),
    ],
)
def test_the_ending_decides_the_format(request_for, write, name, file_format):
    write(name, b"content")
    [file] = read(request_for, name).files
    assert (file.name, file.format, file.content) == (name, file_format, b"content")


def test_bytes_that_are_no_text_are_passed_on(request_for, write):
    write("a.yaml", b"\xff\xfe\0")
    assert read(request_for, "a.yaml").files[0].content == b"\xff\xfe\0"


def test_the_revision_is_the_digest_and_the_cursor_is_json(request_for, write, tmp_path):
    write("a.yaml", b"a: 1")
    snapshot = read(request_for, "a.yaml")
    assert snapshot.revision == f"sha256:{snapshot.cursor['sha256'][:12]}"
    assert json.loads(json.dumps(snapshot.cursor)) == snapshot.cursor
    assert str(tmp_path) not in json.dumps(snapshot.cursor)


# --- what is noticed -------------------------------------------------------------------------------------------------


def both_ways(request_for, cursor, path="a.yaml"):
    """Return what ``moved`` says and what ``read`` gives."""
    request = request_for({"yamlCatalogPath": path}, cursor=cursor)
    return PROVIDER.moved(request), PROVIDER.read(request)


def test_an_untouched_file_is_unchanged_and_not_even_opened(request_for, write):
    path = write("a.yaml", b"a: 1")
    cursor = settled(read(request_for, "a.yaml").cursor)
    accessed = path.stat().st_atime_ns
    moved, outcome = both_ways(request_for, cursor)
    assert not moved
    assert outcome == Unchanged(cursor=cursor)
    assert path.stat().st_atime_ns == accessed


def test_changed_content_is_read(request_for, write):
    write("a.yaml", b"a: 1")
    cursor = settled(read(request_for, "a.yaml").cursor)
    write("a.yaml", b"a: 2", LONG_AGO_NS + 1)
    moved, outcome = both_ways(request_for, cursor)
    assert moved
    assert outcome.files[0].content == b"a: 2"


def test_a_file_put_back_under_its_old_date_is_read(request_for, write):
    write("a.yaml", b"a: 1")
    cursor = settled(read(request_for, "a.yaml").cursor)
    write("a.yaml", b"a: 2")
    moved, outcome = both_ways(request_for, cursor)
    assert moved
    assert outcome.files[0].content == b"a: 2"


def test_a_file_with_an_older_date_is_read(request_for, write):
    write("a.yaml", b"a: 1")
    cursor = settled(read(request_for, "a.yaml").cursor)
    write("a.yaml", b"a: 2", LONG_AGO_NS - 3_600_000_000_000)
    assert isinstance(both_ways(request_for, cursor)[1], Snapshot)


def test_a_touched_file_is_unchanged_under_a_new_cursor(request_for, write):
    write("a.yaml", b"a: 1")
    cursor = settled(read(request_for, "a.yaml").cursor)
    write("a.yaml", b"a: 1", LONG_AGO_NS + 1)
    moved, outcome = both_ways(request_for, cursor)
    assert moved
    assert isinstance(outcome, Unchanged)
    assert outcome.cursor["mtimeNs"] == LONG_AGO_NS + 1
    assert both_ways(request_for, settled(outcome.cursor)) == (False, Unchanged(cursor=settled(outcome.cursor)))


def test_a_file_replaced_by_an_equal_one_is_unchanged(request_for, write, tmp_path):
    path = write("a.yaml", b"a: 1")
    cursor = settled(read(request_for, "a.yaml").cursor)
    shutil.copy2(path, tmp_path / "copy")
    os.replace(tmp_path / "copy", path)
    moved, outcome = both_ways(request_for, cursor)
    assert moved
    assert isinstance(outcome, Unchanged)


def test_times_from_just_before_the_reading_are_not_trusted(request_for, write):
    path = write("a.yaml", b"a: 1", modified_ns=time.time_ns())
    cursor = read(request_for, "a.yaml").cursor
    path.write_bytes(b"a: 2")
    status = path.stat()
    within_one_step = {**cursor, "mtimeNs": status.st_mtime_ns, "ctimeNs": status.st_ctime_ns}
    moved, outcome = both_ways(request_for, within_one_step)
    assert moved
    assert outcome.files[0].content == b"a: 2"


def test_a_date_in_the_future_is_never_trusted(request_for, write):
    write("a.yaml", b"a: 1", modified_ns=time.time_ns() + 10**15)
    moved, outcome = both_ways(request_for, settled(read(request_for, "a.yaml").cursor))
    assert moved
    assert isinstance(outcome, Unchanged)


def test_another_path_is_read_though_the_content_is_equal(request_for, write):
    write("a.yaml", b"a: 1")
    write("b.yaml", b"a: 1")
    cursor = settled(read(request_for, "a.yaml").cursor)
    moved, outcome = both_ways(request_for, cursor, "b.yaml")
    assert moved
    assert isinstance(outcome, Snapshot)


@pytest.mark.parametrize("path", ["gone.yaml", "../../etc/hosts", "a\0b"])
def test_what_cannot_be_read_counts_as_moved(request_for, write, path):
    write("gone.yaml", b"a: 1").unlink()
    assert PROVIDER.moved(request_for({"yamlCatalogPath": path}))
    cursor = {"fingerprint": "of something else"}
    assert PROVIDER.moved(request_for({"yamlCatalogPath": path}, cursor=cursor))


def test_a_deleted_file_counts_as_moved(request_for, write):
    path = write("a.yaml", b"a: 1")
    cursor = settled(read(request_for, "a.yaml").cursor)
    path.unlink()
    assert PROVIDER.moved(request_for({"yamlCatalogPath": "a.yaml"}, cursor=cursor))


@pytest.mark.parametrize("cursor", [{"fingerprint": 5}, {"readNs": "x"}, {"mtimeNs": None}])
def test_a_strange_cursor_only_costs_a_reading(request_for, write, cursor):
    write("a.yaml", b"a: 1")
    assert isinstance(both_ways(request_for, cursor)[1], Snapshot)


def test_a_file_that_never_stands_still_is_read_later(request_for, write):
    path = write("a.yaml", b"a: 1")

    def write_on():
        """Write between the look at the file and its reading; never cancel."""
        with path.open("ab") as stream:
            stream.write(b"x")

    text = refused(SourceUnavailable, request_for, "a.yaml", cancelled=write_on)
    assert "kept changing while it was read" in text


def test_a_file_caught_in_the_middle_of_being_written_is_read_again(request_for, write):
    path = write("a.yaml", b"a: [1, 2")
    rest = iter([b", 3]"])

    def finish():
        if (missing := next(rest, None)) is not None:
            path.write_bytes(b"a: [1, 2" + missing)

    assert read(request_for, "a.yaml", cancelled=finish).files[0].content == b"a: [1, 2, 3]"
