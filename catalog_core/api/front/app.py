"""The WSGI application in front of Django.

Only requests whose answer depends on nothing but the address and the state of the catalogs are answered from here:
reads by anonymous callers. Everything else goes straight to Django, and so does every request that says
``Cache-Control: no-cache``. Each answer is kept with the state that it was made from, and served only while the
database still says the same (see ``state``).
"""

import threading
from collections.abc import Callable, Hashable, Iterable
from typing import Any

from catalog_core.api.front.answers import Answer, AnswerCache, Key
from catalog_core.api.front.direct import DirectReader
from catalog_core.api.front.state import ASSETS, CatalogStamps
from catalog_core.api.middleware import accepted_request_id

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[Environ, StartResponse], Iterable[bytes]]

_READING = ("GET", "HEAD", "OPTIONS")
_MAX_QUERY_CHARACTERS = 2048
_WAIT_SECONDS = 10.0
_IDENTIFYING = frozenset(
    (
        "HTTP_AUTHORIZATION",
        "HTTP_COOKIE",
        "HTTP_X_NAMESPACE",
        "HTTP_X_REMOTE_GROUP",
        "HTTP_X_REMOTE_USER",
        "HTTP_X_USER_PRINCIPAL",
        "HTTP_X_USER_ROLE",
    )
)
_OWN_HEADERS = frozenset(("x-request-id", "date", "set-cookie"))
_WHOLE = "/api/plugins"
_OF_ALL = ("/api/assets", "/api/search")
"""What is read from all catalogs."""


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
        self._making: dict[Key, threading.Lock] = {}

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        if environ["REQUEST_METHOD"] not in _READING:
            return self._change(environ, start_response)
        if not _depends_on_address_only(environ):
            return self._app(environ, start_response)
        key = _key(environ)
        answer = self.answers.get(key)
        if answer is None or answer.stamp != self._stamps.current(answer.catalog):
            catalog = self._catalog(key[0])
            stamp = self._stamps.current(catalog) if catalog is not None else None
            if catalog is None or stamp is None:
                return self._app(environ, start_response)
            environ["HTTP_X_REQUEST_ID"] = accepted_request_id(environ.get("HTTP_X_REQUEST_ID", ""))
            answer = self._make(catalog, key, stamp, environ)
        return _send(answer, environ, start_response)

    def _catalog(self, path: str) -> str | None:
        """Return the name of the catalog that a path belongs to, empty for discovery, ``None`` for other paths."""
        for base, name in self._catalogs:
            if path.startswith(base) and path.startswith("/", len(base)):
                return None if path.startswith("/management", len(base)) else name
        if path.startswith(_OF_ALL):
            return ASSETS
        return "" if path.startswith(_WHOLE) else None

    def _change(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """Hand on a request that may change something; what this process says from then on is no older than that."""
        try:
            return self._app(environ, start_response)
        finally:
            self._stamps.expire()

    def _make(self, catalog: str, key: Key, stamp: Hashable, environ: Environ) -> Answer:
        """Make the answer; requests that come meanwhile for the same one wait for it."""
        made = threading.Lock()
        with made:
            making = self._making.setdefault(key, made)
            if making is made:
                try:
                    return self._made(catalog, key, stamp, environ)
                finally:
                    del self._making[key]
        if making.acquire(timeout=_WAIT_SECONDS):
            making.release()
        answer = self.answers.get(key)
        return answer if answer is not None and answer.stamp == stamp else self._ask(catalog, environ, stamp)

    def _made(self, catalog: str, key: Key, stamp: Hashable, environ: Environ) -> Answer:
        """Make the answer and keep it if it may be kept."""
        form = key[2:]
        answer = self._direct.answer(catalog, form, stamp, environ)
        if answer is None:
            answer = self._ask(catalog, environ, stamp)
            if not _may_be_kept(answer):
                return answer
            self._direct.learn(form, answer, environ)
        self.answers.put(key, answer)
        return answer

    def _ask(self, catalog: str, environ: Environ, stamp: Hashable) -> Answer:
        """Have Django make the answer."""
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
        return Answer(catalog=catalog, status=status, headers=kept, body=body, etag=etag, stamp=stamp)


def _depends_on_address_only(environ: Environ) -> bool:
    if environ["REQUEST_METHOD"] == "OPTIONS" or not environ.keys().isdisjoint(_IDENTIFYING):
        return False
    asked = environ.get("HTTP_CACHE_CONTROL", "")
    if asked and ("no-cache" in asked or "no-store" in asked):
        return False
    return len(environ.get("QUERY_STRING", "")) <= _MAX_QUERY_CHARACTERS


def _key(environ: Environ) -> Key:
    """Return everything that an answer depends on: path, query, and the form of the request."""
    get = environ.get
    return (
        get("PATH_INFO", ""),
        get("QUERY_STRING", ""),
        "gzip" if "gzip" in get("HTTP_ACCEPT_ENCODING", "") else "",
        get("HTTP_ACCEPT", ""),
        get("HTTP_HOST", ""),
        get("HTTP_X_FORWARDED_PROTO", ""),
        get("wsgi.url_scheme", ""),
    )


def _may_be_kept(answer: Answer) -> bool:
    """Say whether an answer holds as long as its state, which it denies by ``no-store``."""
    cacheable = all("no-store" not in value for name, value in answer.headers if name.lower() == "cache-control")
    return cacheable and answer.status.startswith("200")


def _send(answer: Answer, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    own = ("X-Request-ID", accepted_request_id(environ.get("HTTP_X_REQUEST_ID", "")))
    known = environ.get("HTTP_IF_NONE_MATCH", "")
    if known and answer.etag and _has_already(known, answer.etag):
        headers = [(name, value) for name, value in answer.headers if not name.lower().startswith("content-")]
        start_response("304 Not Modified", [*headers, own])
        return ()
    start_response(answer.status, [*answer.headers, own])
    return () if environ["REQUEST_METHOD"] == "HEAD" else (answer.body,)


def _has_already(if_none_match: str, etag: str) -> bool:
    """Compare weakly, as RFC 9110, section 13.1.2, says."""
    known = {tag.strip().removeprefix("W/") for tag in if_none_match.split(",")}
    return etag.removeprefix("W/") in known or "*" in known
