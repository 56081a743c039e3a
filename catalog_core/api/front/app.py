"""The WSGI application in front of Django.

Only requests whose answer depends on nothing but the address and the state of the catalogs are answered from here:
reads by anonymous callers. Everything else goes straight to Django, and so does every request that says
``Cache-Control: no-cache``. Each answer is kept with the state that it was made from, and served only while the
database still says the same (see ``state``).
"""

import threading
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from catalog_core.api.front.answers import Answer, AnswerCache
from catalog_core.api.front.direct import DirectReader
from catalog_core.api.front.state import ASSETS, CatalogStamps
from catalog_core.api.middleware import accepted_request_id

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]

_READING = ("GET", "HEAD", "OPTIONS")
_MAX_QUERY_CHARACTERS = 2048
_WAIT_SECONDS = 10.0
_IDENTIFYING = (
    "HTTP_AUTHORIZATION",
    "HTTP_COOKIE",
    "HTTP_X_NAMESPACE",
    "HTTP_X_REMOTE_GROUP",
    "HTTP_X_REMOTE_USER",
    "HTTP_X_USER_PRINCIPAL",
    "HTTP_X_USER_ROLE",
)
_VARYING = ("HTTP_ACCEPT", "HTTP_HOST", "HTTP_X_FORWARDED_PROTO", "wsgi.url_scheme")
"""What an answer depends on besides its path, its query and whether the client accepts gzip."""
_OWN_HEADERS = frozenset(("x-request-id", "date", "set-cookie"))
_WHOLE = "/api/plugins"
_ASSETS = "/api/assets"


class FrontCache:
    """Answers what it can from memory and hands on the rest.

    Args:
        app: the application behind it.
        catalogs: for each catalog its base path and its name; gone through at each request.
        max_bytes: how much memory the answers may take.
        stamps: the state that answers are checked against.
    """

    def __init__(
        self,
        app: WsgiApp,
        catalogs: Iterable[tuple[str, str]],
        *,
        max_bytes: int,
        stamps: CatalogStamps | None = None,
    ) -> None:
        self._app = app
        self._catalogs = catalogs
        self._stamps = stamps or CatalogStamps()
        self.answers = AnswerCache(max_bytes)
        self._direct = DirectReader()
        self._making: dict[Hashable, threading.Event] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        path = environ.get("PATH_INFO", "")
        catalog = self._catalog(path)
        if environ["REQUEST_METHOD"] not in _READING:
            return self._change(environ, start_response)
        if catalog is None or not _depends_on_address_only(environ):
            return self._app(environ, start_response)
        stamp = self._stamps.current(catalog)
        if stamp is None:
            return self._app(environ, start_response)
        environ["HTTP_X_REQUEST_ID"] = accepted_request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        form = ("gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""), *(environ.get(name, "") for name in _VARYING))
        key = (path, environ.get("QUERY_STRING", ""), form)
        answer = self.answers.get(key, stamp) or self._make(catalog, key, stamp, environ)
        return _send(answer, environ, start_response)

    def _catalog(self, path: str) -> str | None:
        """Return the name of the catalog that a path belongs to, empty for discovery, ``None`` for other paths."""
        for base, name in self._catalogs:
            if path.startswith(base) and path.startswith("/", len(base)):
                return None if path.startswith("/management", len(base)) else name
        if path.startswith(_ASSETS):
            return ASSETS
        return "" if path.startswith(_WHOLE) else None

    def _change(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Hand on a request that may change something; what this process says from then on is no older than that."""
        try:
            return self._app(environ, start_response)
        finally:
            self._stamps.expire()

    def _make(self, catalog: str, key: tuple[Any, ...], stamp: Hashable, environ: Environ) -> Answer:
        """Make the answer; requests that come meanwhile for the same one wait for it."""
        with self._lock:
            waiting = self._making.get(key)
            if waiting is None:
                self._making[key] = threading.Event()
        if waiting is not None:
            waiting.wait(_WAIT_SECONDS)
            if answer := self.answers.get(key, stamp):
                return answer
            return self._ask(environ, stamp)
        try:
            answer = self._direct.answer(catalog, key[-1], stamp, environ) or self._learn(key[-1], stamp, environ)
            if _may_be_kept(answer):
                self.answers.put(key, answer)
            return answer
        finally:
            with self._lock:
                self._making.pop(key).set()

    def _learn(self, form: Hashable, stamp: Hashable, environ: Environ) -> Answer:
        """Have Django make the answer, and keep its envelope for others."""
        answer = self._ask(environ, stamp)
        if _may_be_kept(answer):
            self._direct.learn(form, answer, environ)
        return answer

    def _ask(self, environ: Environ, stamp: Hashable) -> Answer:
        started: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            started.append((status, headers))

        # The whole answer is wanted, whatever the client has of it already: whether that holds is decided in _send.
        asked = {name: value for name, value in environ.items() if name != "HTTP_IF_NONE_MATCH"}
        asked["REQUEST_METHOD"] = "GET"
        chunks = self._app(asked, start_response)
        try:
            body = b"".join(chunks)
        finally:
            if hasattr(chunks, "close"):
                chunks.close()
        status, headers = started[-1]
        etag = next((value for name, value in headers if name.lower() == "etag"), "")
        kept = [(name, value) for name, value in headers if name.lower() not in _OWN_HEADERS]
        return Answer(status=status, headers=kept, body=body, etag=etag, stamp=stamp)


def _depends_on_address_only(environ: Environ) -> bool:
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD") or len(environ.get("QUERY_STRING", "")) > _MAX_QUERY_CHARACTERS:
        return False
    if any(name in environ for name in _IDENTIFYING):
        return False
    asked = environ.get("HTTP_CACHE_CONTROL", "")
    return not asked or ("no-cache" not in asked and "no-store" not in asked)


def _may_be_kept(answer: Answer) -> bool:
    """Say whether an answer holds as long as its state, which it denies by ``no-store``."""
    cacheable = all("no-store" not in value for name, value in answer.headers if name.lower() == "cache-control")
    return cacheable and answer.status.startswith("200")


def _send(answer: Answer, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    own = ("X-Request-ID", environ["HTTP_X_REQUEST_ID"])
    if answer.etag and _has_already(environ.get("HTTP_IF_NONE_MATCH", ""), answer.etag):
        headers = [(name, value) for name, value in answer.headers if not name.lower().startswith("content-")]
        start_response("304 Not Modified", [*headers, own])
        return ()
    start_response(answer.status, [*answer.headers, own])
    return () if environ["REQUEST_METHOD"] == "HEAD" else (answer.body,)


def _has_already(if_none_match: str, etag: str) -> bool:
    """Compare weakly, as RFC 9110, section 13.1.2, says."""
    if not if_none_match:
        return False
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag.removeprefix("W/") in known or "*" in known
