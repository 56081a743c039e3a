"""A small server that speaks the API over a real socket, and can be broken in any way that a test wants.

A fault is a function that stands between the socket and the server: ``fault(server, request, handle) -> Reply``.
"""

import base64
import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.tools.conformance import fake_documents as documents
from tests.tools.conformance.fake_filters import BadFilter, compile_filter
from tests.tools.conformance.fake_http import Reply, Request, refusal
from tests.tools.conformance.fake_management import Management


class FakeServer:
    """Answers requests as the API says; ``fault`` may change that."""

    def __init__(self, fault=None):
        self.fault = fault or (lambda server, request, handle: handle(request))
        self.management = Management()
        self.calls = 0
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01})

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *exception):
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self._http.server_port}"

    def reply(self, request):
        self.calls += 1
        reply = self.fault(self, request, self.handle)
        given = request.headers.get("x-request-id", "")
        chosen = given if given.replace("-", "").isalnum() and len(given) < 100 else "made-up"
        reply.headers = {"X-Request-ID": chosen, **reply.headers}
        if reply.status >= 400 and isinstance(reply.document, dict):
            reply.document = {**reply.document, "requestId": chosen}
        return reply

    def handle(self, request):
        """Return what a server without faults answers."""
        if request.path.startswith((documents.MANAGEMENT, "/api/jobs/")):
            return self.management.handle(request)
        reply = self.route(request)
        if reply.status == 200:
            etag = f'"{hashlib.md5(reply.body + str(sorted(request.query.items())).encode()).hexdigest()}"'
            reply.headers["ETag"] = etag
            if request.headers.get("if-none-match") == etag:
                return Reply(304, raw=b"", headers={"ETag": etag})
        return reply

    def route(self, request):
        simple = {
            "/healthz": {"status": "alive", "uptime": "1m5s"},
            "/livez": {"status": "alive", "uptime": "1m5s"},
            "/readyz": documents.ready(),
            "/api/plugins": documents.discovery(),
            "/api/plugins/widgets/capabilities": documents.capabilities(),
            "/api/schema": documents.openapi(),
        }
        known = request.path in (*simple, documents.LIST)
        if known and request.method not in ("GET", "HEAD"):
            return refusal(405, "Only GET is possible.", Allow="GET, HEAD")
        if request.path in simple:
            return Reply(200, simple[request.path])
        if request.path == documents.LIST:
            return self.listing(request.query)
        if request.path.startswith(f"{documents.LIST}/"):
            return self.look_up(unquote(request.path[len(documents.LIST) + 1 :]))
        return refusal(404, "There is nothing here.")

    def items(self):
        own = [item for item in documents.ITEMS if self.management.shows(item["sourceId"])]
        return [self.management.tagged(item) for item in own + self.management.extra()]

    def look_up(self, name):
        found = [item for item in self.items() if item["name"] == name]
        return Reply(200, found[0]) if found else refusal(404, "There is no such widget.")

    def listing(self, query):
        try:
            items = self.selected(query)
            size = int(query.get("pageSize", 0))
            size = min(size, 1000) if size > 0 else 100
            start = self.start(query)
        except (BadFilter, ValueError) as error:
            return refusal(400, f"bad parameter: {error}")
        page = {
            "items": items[start : start + size],
            "size": len(items),
            "totalSize": len(items),
            "pageSize": size,
        }
        if start + size < len(items):
            page["nextPageToken"] = token(query, start + size)
        return Reply(200, page)

    def selected(self, query):
        items = self.items()
        if text := query.get("filterQuery"):
            items = list(filter(compile_filter(text, documents.FIELDS), items))
        if source := query.get("source"):
            items = [item for item in items if item["sourceId"] == source]
        if words := query.get("q"):
            items = [item for item in items if words.lower() in str(item).lower()]
        return ordered(items, query.get("orderBy", "name"), query.get("sortOrder", "ASC"))

    def start(self, query):
        text = query.get("pageToken") or query.get("nextPageToken")
        if not text:
            return 0
        start, scope = json.loads(base64.urlsafe_b64decode(text + "=="))
        if scope != scope_of(query):
            raise ValueError("a token of another list")
        return start

    def _handler(server):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 64 * 1024  # one write for each answer, or the client's acknowledgements are waited for

            def answer(self):
                parts = urlsplit(self.path)
                length = int(self.headers.get("Content-Length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Request(
                    self.command, parts.path, dict(parse_qsl(parts.query)), headers, self.rfile.read(length)
                )
                reply = server.reply(request)
                if reply.status == 0:  # hang up
                    self.close_connection = True
                    return
                self.send_response(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(reply.body)

            do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = answer

            def log_message(self, *arguments):
                pass

        return Handler


def ordered(items, name, direction):
    if name not in documents.FIELDS[:3] or direction.upper() not in ("ASC", "DESC"):
        raise ValueError("no such order")
    present = [item for item in items if item.get(name) is not None]
    present.sort(key=lambda item: (key(item[name]), item["id"]), reverse=direction.upper() == "DESC")
    return present + [item for item in items if item.get(name) is None]


def key(value):
    return (ascii_lower(value), value) if isinstance(value, str) else value


def ascii_lower(text):
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)


def token(query, start):
    return base64.urlsafe_b64encode(json.dumps([start, scope_of(query)]).encode()).decode().rstrip("=")


def scope_of(query):
    return "|".join(query.get(name, "") for name in ("filterQuery", "orderBy", "sortOrder", "source", "q"))
