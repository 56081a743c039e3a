"""Middleware: the request id, which ties an answer to its log lines, bodies that nobody has read, plugins of folders,
and the gate before plugins that do not serve.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, UnreadablePostError

from catalog_core.api.errors import error_response
from catalog_core.entities.declared.in_force import synchronize
from catalog_core.log import request_id
from catalog_core.log.request import request_ids
from catalog_core.plugins.contract import base_path
from catalog_core.plugins.lifecycle import plugin_status
from catalog_core.plugins.registry import registry

_CHUNK_BYTES = 64 * 1024
_ACCEPTABLE = re.compile(r"[A-Za-z0-9._:/+=-]{1,128}")


def accepted_request_id(given: str) -> str:
    """Return the id that a caller gave its request if it is acceptable, else a new one."""
    return given if given and _ACCEPTABLE.fullmatch(given) else request_ids.new()


class RequestIdMiddleware:
    """Gives every request an id: the caller's ``X-Request-ID`` where it is acceptable, else a new one.

    The id stands in the answer's header of that name, in error bodies and in every log line of the request.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request under its id."""
        chosen = accepted_request_id(request.headers.get("X-Request-ID", ""))
        token = request_id.set(chosen)
        try:
            response = self._get_response(request)
        finally:
            request_id.reset(token)
        response["X-Request-ID"] = chosen
        return response


class UnreadBodyMiddleware:
    """Reads what is left of a request's body, so that its connection can carry the next request.

    A request that is refused is refused before anybody looks at its body. The web server would then have to close the
    connection, and a client that has already sent its next request there gets no answer to it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, then read on, up to what a request may have."""
        response = self._get_response(request)
        left = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        with suppress(UnreadablePostError):  # the client has gone
            while left > 0 and (chunk := request.read(min(left, _CHUNK_BYTES))):
                left -= len(chunk)
        return response


class NulMiddleware:
    """Refuses addresses that hold the character NUL, which no name has and databases do not take."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on unless its path or query holds NUL."""
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            return error_response(400, "bad_request", "The address holds the character NUL (%00), which nothing has.")
        return self._get_response(request)


class FolderPluginsMiddleware:
    """Sees to it that this process has the plugins of folders that are in force, before it answers.

    Requests about catalogs of installed apps do not depend on them, nor does saying that the process is alive.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._apart = ("/livez", "/healthz", "/static/", *(f"{base_path(plugin)}/" for plugin in registry.installed()))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Bring the registry up to date, then pass the request on."""
        if not request.path.startswith(self._apart):
            # A database that does not answer is for the view to tell, in its own words.
            with suppress(DatabaseError):
                synchronize(registry)
        return self._get_response(request)


class PluginGateMiddleware:
    """Answers 503, with the reason, for every route of a plugin that does not serve at the moment."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; the view is looked at once it is known."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Look at the plugin that the route belongs to, if it belongs to one."""
        match = request.resolver_match
        namespace = match.namespaces[0] if match and match.namespaces else ""
        prefix, _, name = namespace.partition(":")
        plugin = registry.get(name) if prefix == "plugin" else None
        if plugin is None:
            return None
        status = plugin_status(plugin)
        if status.serving:
            return None
        text = f"The plugin {name} failed at {status.stage} and is tried again; /api/plugins says more."
        return error_response(503, "plugin_unavailable", text, headers={"Retry-After": "30"})
