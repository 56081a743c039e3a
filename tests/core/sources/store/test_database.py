"""The configuration in the database, and the choice of the store."""

import pytest

from catalog_core.exceptions import ConfigurationConflict, ConfigurationUnavailable, InvalidDocument
from catalog_core.sources.models import StoredDocument
from catalog_core.sources.store import ConfigMapStore, DatabaseStore, FileStore, FixedStore, configured_store

pytestmark = pytest.mark.django_db
FIRST = b"catalogs: {mcp: {}}  # \xc3\xbc\r\n"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sources.yaml"
    path.write_bytes(FIRST)
    return path


def store_of(file, max_bytes=1000):
    return DatabaseStore(file=file, max_bytes=max_bytes)


def test_the_first_look_takes_the_file_and_later_ones_the_database(file):
    assert store_of(file).load().documents == ((file, FIRST),)
    file.write_bytes(b"other")
    assert store_of(file).load().documents == ((file, FIRST),)


def test_without_a_file_it_begins_empty(tmp_path):
    ((_, content),) = store_of(tmp_path / "sources.yaml").load().documents
    assert b"catalogs: {}" in content


def test_a_file_that_cannot_be_understood_is_not_made_the_beginning(file):
    file.write_bytes(b"catalogs: [\n")
    with pytest.raises(InvalidDocument):
        store_of(file).load()
    assert not StoredDocument.objects.exists()


@pytest.mark.parametrize("mode", ["database", "k8s"])
def test_where_one_file_is_kept_a_second_one_is_refused(settings, file, mode):
    settings.CATALOG = {**settings.CATALOG, "config_store_mode": mode, "sources_files": (file, file)}
    with pytest.raises(ConfigurationUnavailable, match="keeps one configuration file, and CATALOG_SOURCES names 2"):
        configured_store()


def test_bytes_are_kept_as_they_are(file):
    store = store_of(file)
    saved = store.save(((file, b"\xef\xbb\xbfa: \x00\r"),), expected_version=store.load().version)
    assert store.load() == saved
    assert file.read_bytes() == FIRST


def test_what_was_changed_meanwhile_stays(file):
    store = store_of(file)
    seen = store.load()
    store.save(((file, b"theirs"),), expected_version=seen.version)
    with pytest.raises(ConfigurationConflict):
        store.save(((file, b"mine"),), expected_version=seen.version)
    assert store.load().documents == ((file, b"theirs"),)


def test_a_document_that_is_too_large_is_refused(file):
    store = store_of(file, max_bytes=100)
    with pytest.raises(InvalidDocument, match="larger than 100 bytes"):
        store.save(((file, b"x" * 101),), expected_version=store.load().version)


@pytest.mark.parametrize(
    ("mode", "kind"), [("file", FileStore), ("database", DatabaseStore), ("k8s", ConfigMapStore), ("none", FixedStore)]
)
def test_the_setting_chooses_the_store(settings, file, mode, kind):
    settings.CATALOG = {**settings.CATALOG, "config_store_mode": mode, "sources_files": (file,)}
    store = configured_store()
    assert type(store) is kind
    assert store.kind == mode
