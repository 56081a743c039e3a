"""The configuration in a ConfigMap: the real client against an API server of the test's own."""

import base64
import re

import pytest

from catalog_core.exceptions import (
    ConfigurationConflict,
    ConfigurationReadOnly,
    ConfigurationUnavailable,
    InvalidDocument,
)
from catalog_core.sources.store import ConfigMapStore, configured_store
from tests.core.sources.kubernetes_api import TOKEN, running_cluster, use_kubeconfig

pytest.importorskip("kubernetes", reason="the optional client for Kubernetes is not installed")
ADDRESS = "/api/v1/namespaces/catalogs/configmaps/catalog-sources"
TEXT = "catalogs: {}  # ünï\r\n"


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    with running_cluster(tmp_path, namespace="catalogs") as cluster:
        cluster.add("ConfigMap", "catalogs", "catalog-sources", data={"sources.yaml": TEXT, "other": "stays"})
        use_kubeconfig(monkeypatch, cluster.kubeconfig)
        yield cluster


@pytest.fixture
def store(tmp_path):
    return ConfigMapStore(
        namespace="catalogs",
        name="catalog-sources",
        key="sources.yaml",
        file=tmp_path / "sources.yaml",
        max_bytes=1024 * 1024,
    )


def save(store, content):
    before = store.load()
    return store.save(((store.file, content),), expected_version=before.version)


def test_the_document_is_exchanged_byte_for_byte_and_nothing_else(cluster, store):
    assert store.load().documents == ((store.file, TEXT.encode()),)
    after = save(store, b"catalogs: {mcp: {}}\r\n")
    assert store.load() == after
    assert cluster.objects[ADDRESS]["data"] == {"sources.yaml": "catalogs: {mcp: {}}\r\n", "other": "stays"}


def test_a_binary_document_stays_binary(cluster, store):
    cluster.objects[ADDRESS]["data"] = None
    cluster.objects[ADDRESS]["binaryData"] = {"sources.yaml": base64.b64encode("a: ü".encode("utf-16")).decode()}
    assert store.load().documents[0][1] == "a: ü".encode("utf-16")
    save(store, b"\xff\xfeb\x00")
    assert base64.b64decode(cluster.objects[ADDRESS]["binaryData"]["sources.yaml"]) == b"\xff\xfeb\x00"


def test_what_was_changed_meanwhile_stays(cluster, store):
    seen = store.load()
    cluster.objects[ADDRESS]["data"]["sources.yaml"] = "other"
    with pytest.raises(ConfigurationConflict, match="was changed meanwhile"):
        store.save(((store.file, b"mine"),), expected_version=seen.version)
    assert cluster.objects[ADDRESS]["data"]["sources.yaml"] == "other"


def test_what_is_changed_between_looking_and_writing_stays(cluster, store):
    cluster.before_put = lambda: cluster.touch(ADDRESS)
    with pytest.raises(ConfigurationConflict, match="was changed meanwhile"):
        save(store, b"mine")
    assert cluster.objects[ADDRESS]["data"]["sources.yaml"] == TEXT


@pytest.mark.parametrize(
    ("method", "status", "error", "words"),
    [
        ("GET", 403, ConfigurationUnavailable, "needs the verbs get"),
        ("GET", 404, ConfigurationUnavailable, "does not exist"),
        ("GET", 500, ConfigurationUnavailable, "answered 500"),
        ("PUT", 403, ConfigurationReadOnly, "get and update"),
        ("PUT", 422, ConfigurationReadOnly, "immutable"),
        ("PUT", 500, ConfigurationUnavailable, "answered 500"),
    ],
)
def test_what_the_cluster_refuses_is_said_in_our_words(cluster, store, method, status, error, words):
    before = store.load()
    cluster.refusals[method] = (status, {"kind": "Status", "code": status, "message": TOKEN})
    with pytest.raises(error, match=words) as refused:
        store.load() if method == "GET" else store.save(before.documents, expected_version=before.version)
    assert TOKEN not in str(refused.value)
    assert cluster.objects[ADDRESS]["data"]["sources.yaml"] == TEXT


def test_a_missing_key_is_named(cluster, store):
    cluster.objects[ADDRESS]["data"] = {"other": "x"}
    with pytest.raises(ConfigurationUnavailable, match=r"catalogs/catalog-sources has no key 'sources\.yaml'"):
        store.load()


def test_more_than_a_config_map_holds_is_refused(cluster, store):
    with pytest.raises(InvalidDocument, match="larger than 921600 bytes"):
        save(store, b"#" * 1_000_000)


def test_a_cluster_that_does_not_answer_is_said_not_to_answer(store, cluster):
    config = cluster.kubeconfig
    config.write_text(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:1", config.read_text()))
    with pytest.raises(ConfigurationUnavailable, match="cannot be reached"):
        store.load()


def test_a_server_outside_of_any_cluster_says_so(store, monkeypatch, tmp_path):
    use_kubeconfig(monkeypatch, tmp_path / "nothing")
    with pytest.raises(ConfigurationUnavailable, match="knows no cluster"):
        store.load()


def test_without_a_namespace_the_one_of_this_server_counts(cluster, settings):
    settings.CATALOG = {**settings.CATALOG, "config_store_mode": "k8s"}
    assert configured_store().load().documents[0][1] == TEXT.encode()
