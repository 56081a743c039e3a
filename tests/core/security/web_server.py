"""A real HTTP server on 127.0.0.1 whose answers a test scripts, down to single bytes."""

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

Route = Callable[["Exchange"], None]


class Exchange(BaseHTTPRequestHandler):
    """One request, with what a route needs to answer it well or badly."""

    protocol_version = "HTTP/1.1"
    server: "_Server"

    def do_GET(self):
        self.server.web.requests.append((self.path, dict(self.headers.items())))
        route = self.server.web.routes.get(self.path.partition("?")[0])
        if route is None:
            self.answer(404, b"there is no such thing")
        else:
            route(self)

    do_POST = do_GET

    def answer(self, status=200, body=b"", **headers):
        """Send a proper answer; underscores in the names of headers stand for hyphens."""
        self.send_response(status)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def raw(self, content: bytes):
        """Send bytes as they are."""
        self.wfile.write(content)
        self.wfile.flush()

    def drip(self, piece: bytes, pause_seconds=0.02):
        """Send the same piece again and again until the client goes away or the test ends."""
        while not self.server.web.closing.wait(pause_seconds):
            self.raw(piece)

    def stall(self):
        """Say nothing until the test ends."""
        self.server.web.closing.wait()
        self.close_connection = True

    def reset(self):
        """Break the connection off as a crashing server does."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        self.wfile.close()
        self.connection.close()
        self.close_connection = True

    def log_message(self, *arguments):
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    web: "WebServer"

    def handle_error(self, request, client_address):
        """A client that goes away in the middle is what many of these tests are about."""


@dataclass
class WebServer:
    """What a test scripts and looks at: ``routes`` by path, and the ``requests`` that came, as (path, headers)."""

    port: int
    scheme: str = "http"
    routes: dict[str, Route] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    def serve(self, path: str, status: int = 200, body: bytes = b"", **headers: str) -> str:
        """Let ``path`` give a proper answer, and return its address."""
        self.routes[path] = lambda exchange: exchange.answer(status, body, **headers)
        return self.url(path)

    def route(self, path: str, route: Route) -> str:
        """Let ``path`` do whatever ``route`` does, and return its address."""
        self.routes[path] = route
        return self.url(path)


@contextmanager
def running_web_server(host: str = "127.0.0.1", certificate: Path | None = None) -> Iterator[WebServer]:
    """Run a server; it speaks TLS if there is a ``certificate``, a file that holds the key as well."""
    kind = type("_Server6", (_Server,), {"address_family": socket.AF_INET6}) if ":" in host else _Server
    server = kind((host, 0), Exchange)
    server.web = WebServer(port=server.server_address[1], scheme="https" if certificate else "http")
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.web
    finally:
        server.web.closing.set()
        server.shutdown()
        server.server_close()


def self_signed_certificate(folder: Path) -> Path:
    """Make a certificate for 127.0.0.1 that nobody has reason to trust, and return the file with it and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("there is no openssl to make a certificate with")
    key, certificate, both = folder / "key.pem", folder / "certificate.pem", folder / "both.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
    )
    both.write_bytes(key.read_bytes() + certificate.read_bytes())
    return both
