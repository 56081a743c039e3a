"""The configuration in a ConfigMap: the real client against an API server of the test's own."""

import base64
import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from catalog_core.exceptions import (
    ConfigurationConflict,
    ConfigurationReadOnly,
    ConfigurationUnavailable,
    InvalidDocument,
)
from catalog_core.sources.store import ConfigMapStore

pytest.importorskip("kubernetes", reason="the optional client for Kubernetes is not installed")
ADDRESS = "/api/v1/namespaces/catalogs/configmaps/catalog-sources"
TEXT = "catalogs: {}  # ünï\r\n"


class Cluster:
    """One ConfigMap behind HTTP, with optimistic concurrency as Kubernetes has it."""

    def __init__(self):
        self.found = {
            "apiVersion": "v1",
            "kind": "ConfigMap",
            "metadata": {"name": "catalog-sources", "namespace": "catalogs", "resourceVersion": "1"},
            "data": {"sources.yaml": TEXT, "other": "stays"},
        }
        self.refusals = {}
        self.before_put = lambda: None

    def get(self, path):
        return (200, self.found) if path == ADDRESS else (404, {"kind": "Status", "code": 404})

    def put(self, path, body):
        self.before_put()
        if body["metadata"]["resourceVersion"] != self.found["metadata"]["resourceVersion"]:
            return 409, {"kind": "Status", "code": 409}
        self.found = body
        self.touch()
        return 200, self.found

    def touch(self):
        metadata = self.found["metadata"]
        self.found["metadata"] = {**metadata, "resourceVersion": str(int(metadata["resourceVersion"]) + 1)}


@pytest.fixture
def cluster(tmp_path, monkeypatch):
    cluster = Cluster()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            self.answer(*cluster.refusals.get("GET", cluster.get(self.path)))

        def do_PUT(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.answer(*(cluster.refusals.get("PUT") or cluster.put(self.path, body)))

        def answer(self, status, body):
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    config = tmp_path / "kubeconfig"
    config.write_text(
        json.dumps(
            {
                "current-context": "test",
                "contexts": [{"name": "test", "context": {"cluster": "test", "user": "test"}}],
                "clusters": [{"name": "test", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
                "users": [{"name": "test", "user": {"token": "kubernetes-secret"}}],
            }
        )
    )
    from kubernetes.config import kube_config

    monkeypatch.setattr(kube_config, "KUBE_CONFIG_DEFAULT_LOCATION", str(config))
    monkeypatch.setattr("kubernetes.config.KUBE_CONFIG_DEFAULT_LOCATION", str(config))
    yield cluster
    server.shutdown()
    server.server_close()


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
    assert cluster.found["data"] == {"sources.yaml": "catalogs: {mcp: {}}\r\n", "other": "stays"}


def test_a_binary_document_stays_binary(cluster, store):
    cluster.found["data"] = None
    cluster.found["binaryData"] = {"sources.yaml": base64.b64encode("a: ü".encode("utf-16")).decode()}
    assert store.load().documents[0][1] == "a: ü".encode("utf-16")
    save(store, b"\xff\xfeb\x00")
    assert base64.b64decode(cluster.found["binaryData"]["sources.yaml"]) == b"\xff\xfeb\x00"


def test_what_was_changed_meanwhile_stays(cluster, store):
    seen = store.load()
    cluster.found["data"]["sources.yaml"] = "other"
    with pytest.raises(ConfigurationConflict, match="was changed meanwhile"):
        store.save(((store.file, b"mine"),), expected_version=seen.version)
    assert cluster.found["data"]["sources.yaml"] == "other"


def test_what_is_changed_between_looking_and_writing_stays(cluster, store):
    cluster.before_put = cluster.touch
    with pytest.raises(ConfigurationConflict, match="was changed meanwhile"):
        save(store, b"mine")
    assert cluster.found["data"]["sources.yaml"] == TEXT


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
    cluster.refusals[method] = (status, {"kind": "Status", "code": status, "message": "kubernetes-secret"})
    with pytest.raises(error, match=words) as refused:
        store.load() if method == "GET" else store.save(before.documents, expected_version=before.version)
    assert "kubernetes-secret" not in str(refused.value)
    assert cluster.found["data"]["sources.yaml"] == TEXT


def test_a_missing_key_is_named(cluster, store):
    cluster.found["data"] = {"other": "x"}
    with pytest.raises(ConfigurationUnavailable, match=r"catalogs/catalog-sources has no key 'sources\.yaml'"):
        store.load()


def test_more_than_a_config_map_holds_is_refused(cluster, store):
    with pytest.raises(InvalidDocument, match="larger than 921600 bytes"):
        save(store, b"#" * 1_000_000)


def test_a_cluster_that_does_not_answer_is_said_not_to_answer(store, cluster, tmp_path):
    config = tmp_path / "kubeconfig"
    config.write_text(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:1", config.read_text()))
    with pytest.raises(ConfigurationUnavailable, match="cannot be reached"):
        store.load()


def test_a_server_outside_of_any_cluster_says_so(store, monkeypatch, tmp_path):
    from kubernetes.config import kube_config

    for place in (
        f"{kube_config.__name__}.KUBE_CONFIG_DEFAULT_LOCATION",
        "kubernetes.config.KUBE_CONFIG_DEFAULT_LOCATION",
    ):
        monkeypatch.setattr(place, str(tmp_path / "nothing"))
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
    with pytest.raises(ConfigurationUnavailable, match="knows no cluster"):
        store.load()
