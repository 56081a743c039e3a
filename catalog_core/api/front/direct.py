"""Reading lists and entities without going through Django's layers, for anonymous callers.

What those layers do for such a request (hosts, redirects, the gate, permissions, headers) depends on everything but the
query and the name that is asked for. So they are asked once for each route, caller's form and state of the catalog;
the headers of that answer are kept as an *envelope*, and while the state is the same only the body is made, by the very
functions that the views call. Whatever goes wrong here goes through Django, which says what is wrong.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.core.handlers.wsgi import get_path_info
from django.db import Error, connection
from django.urls import Resolver404, resolve
from django.utils.datastructures import MultiValueDict
from django.utils.text import compress_string

from catalog_core.api.conditional import DirectlyReadable, Reading
from catalog_core.api.front.answers import Answer
from catalog_core.api.parameters import Parameters
from catalog_core.exceptions import CatalogError
from catalog_core.plugins.registry import registry

logger = logging.getLogger(__name__)

_MAX_ENVELOPES = 1024
_COMPRESSED_FROM_BYTES = 200
"""Django leaves smaller bodies as they are, and says less about them in the headers."""
_RANDOM_BYTES = 100
"""As in Django's ``GZipMiddleware``: so many bytes hide how well a secret in the body compresses."""
_OF_ONE_BODY = frozenset(("content-encoding", "content-length", "etag"))

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Route:
    """Where a path leads, if what is there can be read directly.

    Attributes:
        name: what all paths of this route have in common.
        state: reads what is visible at this moment.
        reading: reads what the path asks for, given what is visible and the parameters.
    """

    name: str
    state: Callable[[], Any]
    reading: Callable[[Any, Parameters], Reading]


class DirectReader:
    """Reads in the envelopes that it has seen. Safe for threads."""

    def __init__(self) -> None:
        self._envelopes: OrderedDict[Hashable, tuple[Hashable, Headers]] = OrderedDict()
        self._states: dict[Hashable, tuple[Hashable, Any]] = {}
        self._lock = threading.Lock()

    def answer(self, catalog: str, form: Hashable, stamp: Hashable, environ: dict[str, Any]) -> Answer | None:
        """Return the answer to a request; ``None`` if it has to go through Django.

        Args:
            catalog: the name of the catalog that the path belongs to.
            form: everything besides path and query that answers depend on.
            stamp: the state of the catalog.
            environ: the request.
        """
        route = _route(environ.get("PATH_INFO", ""), registry.revision) if catalog else None
        if route is None:
            return None
        try:
            reading = route.reading(self._state(catalog, stamp, route), _parameters(environ))
            body = reading.body().encode()
            headers = self._envelope(route, form, body, stamp)
            return _enclosed(catalog, body, reading.etag, headers, stamp) if headers else None
        except (CatalogError, ValueError):
            return None
        except Error:
            connection.close()  # broken, or closed by the other side; Django opens another
            return None
        except Exception:  # Django meets it as well, and answers for it without taking the process along
            logger.debug("%s could not be read directly", environ.get("PATH_INFO"), exc_info=True)
            return None

    def learn(self, form: Hashable, answer: Answer, environ: dict[str, Any]) -> None:
        """Keep the envelope of an answer that Django has made."""
        route = _route(environ.get("PATH_INFO", ""), registry.revision)
        if route is None or not answer.etag:
            return
        headers = [header for header in answer.headers if header[0].lower() not in _OF_ONE_BODY]
        if any(name.lower() == "content-encoding" for name, _ in answer.headers):
            headers.append(("Content-Encoding", "gzip"))
        key = _envelope_key(route, form, answer.body)
        with self._lock:
            self._envelopes[key] = (answer.stamp, headers)
            self._envelopes.move_to_end(key)
            while len(self._envelopes) > _MAX_ENVELOPES:
                self._envelopes.popitem(last=False)

    def _envelope(self, route: Route, form: Hashable, body: bytes, stamp: Hashable) -> Headers | None:
        """Return the headers that an answer with this body has, if they are known for this state."""
        known = self._envelopes.get(_envelope_key(route, form, body))
        return known[1] if known is not None and known[0] == stamp else None

    def _state(self, catalog: str, stamp: Hashable, route: Route) -> Any:
        known = self._states.get((catalog, route.name))
        if known is None or known[0] != stamp:
            known = self._states[catalog, route.name] = (stamp, route.state())
        return known[1]


def _envelope_key(route: Route, form: Hashable, body: bytes) -> Hashable:
    return route.name, form, len(body) < _COMPRESSED_FROM_BYTES


@lru_cache(maxsize=2048)
def _route(path_info: str, revision: int) -> Route | None:
    """Return where a path leads; ``revision`` says for which routes, for plugins come and go while the server runs."""
    path = get_path_info({"PATH_INFO": path_info})
    if "\0" in path:
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    view = getattr(match.func, "cls", None) or getattr(match.func, "view_class", None)
    if not isinstance(view, type) or not issubclass(view, DirectlyReadable):
        return None
    named = {name: str(value) for name, value in match.kwargs.items()}
    reading: Callable[[Any, Parameters], Reading] = partial(view.reading, **named)  # type: ignore[arg-type]  # by name
    return Route(match.route, view.visible, reading)


def _parameters(environ: dict[str, Any]) -> Parameters:
    """Return the parameters of a request, as Django would read them.

    Raises:
        ValueError: Django refuses them.
    """
    query = environ.get("QUERY_STRING", "")
    if not query:
        return MultiValueDict()
    most = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS or len(query)
    if "%00" in query or not query.isascii() or query.count("&") >= most:
        raise ValueError(query)
    given: dict[str, list[str]] = {}
    for part in filter(None, query.split("&")):
        name, _, value = part.partition("=")
        given.setdefault(_decoded(name), []).append(_decoded(value))
    return MultiValueDict(given)


def _decoded(text: str) -> str:
    """Return a name or a value of a query as it was before it was encoded."""
    return unquote_plus(text) if "%" in text or "+" in text else text


def _enclosed(catalog: str, body: bytes, etag: str, headers: Headers, stamp: Hashable) -> Answer | None:
    """Return the answer with that body, as Django would have sent it."""
    if headers[-1][0] == "Content-Encoding":
        compressed = compress_string(body, max_random_bytes=_RANDOM_BYTES)
        if len(compressed) >= len(body):
            return None
        body, etag = compressed, f"W/{etag}"
    own = [*headers, ("ETag", etag), ("Content-Length", str(len(body)))]
    return Answer(catalog=catalog, status="200 OK", headers=own, body=body, etag=etag, stamp=stamp)
