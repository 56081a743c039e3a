"""The part of the Kubernetes API that the server uses, on a port of this machine, for the real client."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

TOKEN = "kubernetes-secret"


def _nothing() -> None:
    pass


@dataclass
class Cluster:
    """Objects by their path, with optimistic concurrency as Kubernetes has it.

    Attributes:
        kubeconfig: the file that leads a client here.
        objects: what there is.
        refusals: status and body for each method that is to fail.
        asked: method and path of every request.
        before_put: called when something is about to be written.
    """

    kubeconfig: Path
    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    refusals: dict[str, tuple[int, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    before_put: Callable[[], None] = _nothing

    def add(self, kind: str, namespace: str, name: str, **content: Any) -> str:
        """Add an object and return its path."""
        path = f"/api/v1/namespaces/{namespace}/{kind.lower()}s/{name}"
        metadata = {"name": name, "namespace": namespace, "resourceVersion": "1"}
        self.objects[path] = {"apiVersion": "v1", "kind": kind, "metadata": metadata, **content}
        return path

    def touch(self, path: str) -> None:
        """Change an object so that its version is another."""
        metadata = self.objects[path]["metadata"]
        self.objects[path]["metadata"] = {**metadata, "resourceVersion": str(int(metadata["resourceVersion"]) + 1)}

    def answer(self, method: str, path: str, body: Any) -> tuple[int, Any]:
        """Return status and body of an answer."""
        self.asked.append((method, path))
        if method in self.refusals:
            return self.refusals[method]
        if path not in self.objects:
            return 404, {"kind": "Status", "code": 404}
        return self._put(path, body) if method == "PUT" else (200, self.objects[path])

    def _put(self, path: str, body: Any) -> tuple[int, Any]:
        self.before_put()
        if body["metadata"]["resourceVersion"] != self.objects[path]["metadata"]["resourceVersion"]:
            return 409, {"kind": "Status", "code": 409}
        self.objects[path] = body
        self.touch(path)
        return 200, self.objects[path]


@contextmanager
def running_cluster(folder: Path, namespace: str = "") -> Iterator[Cluster]:
    """Run such an API until the end of the block.

    Args:
        folder: where the file for clients is put.
        namespace: the namespace that this file names.
    """
    cluster = Cluster(folder / "kubeconfig")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send(*cluster.answer("GET", self.path, None))

        def do_PUT(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send(*cluster.answer("PUT", self.path, body))

        def send(self, status: int, body: Any) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    context = {"cluster": "test", "user": "test"} | ({"namespace": namespace} if namespace else {})
    cluster.kubeconfig.write_text(
        json.dumps(
            {
                "current-context": "test",
                "contexts": [{"name": "test", "context": context}],
                "clusters": [{"name": "test", "cluster": {"server": f"http://127.0.0.1:{server.server_port}"}}],
                "users": [{"name": "test", "user": {"token": TOKEN}}],
            }
        )
    )
    try:
        yield cluster
    finally:
        server.shutdown()
        server.server_close()


def use_kubeconfig(monkeypatch: Any, file: Path) -> None:
    """Have the client read this file, which need not exist, and believe that it runs outside of any cluster."""
    from kubernetes.config import kube_config

    monkeypatch.setattr(kube_config, "KUBE_CONFIG_DEFAULT_LOCATION", str(file))
    monkeypatch.setattr("kubernetes.config.KUBE_CONFIG_DEFAULT_LOCATION", str(file))
    monkeypatch.delenv("KUBERNETES_SERVICE_HOST", raising=False)
