"""Contents that are many are read from a file that nobody else sees."""

import hashlib

import pytest

from catalog_core.sources.spool import Spool


@pytest.mark.parametrize("pieces", [[], [b"a"], [b"one\n", b"", b"two\n"], [b"0123456789" * 10] * 30])
def test_what_was_written_is_read_again_as_often_as_anybody_likes(tmp_path, pieces):
    spool = Spool(tmp_path / "missing" / "folder", held_bytes=100)
    for piece in pieces:
        spool.write(piece)
    whole = b"".join(pieces)
    assert (spool.size, spool.sha256) == (len(whole), hashlib.sha256(whole).hexdigest())
    for _ in range(2):
        assert spool.open().read() == whole
    assert [*spool.open()] == [*whole.splitlines(keepends=True)]


def test_few_bytes_stay_in_memory_and_make_no_folder(tmp_path):
    spool = Spool(tmp_path / "folder", held_bytes=100)
    spool.write(b"x" * 100)
    assert spool.content() == b"x" * 100
    assert not (tmp_path / "folder").exists()


def test_many_bytes_are_in_no_file_that_others_could_open(tmp_path):
    spool = Spool(tmp_path / "folder", held_bytes=100)
    spool.write(b"x" * 101)
    assert spool.content() is spool
    assert [*(tmp_path / "folder").iterdir()] == []
