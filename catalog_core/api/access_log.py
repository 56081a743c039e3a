"""The access log of the web processes."""

import time
from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from catalog_core.log import log_access


class AccessLogMiddleware:
    """Logs each answered request, with its status, how long it took and the size of its body.

    Stands directly inside of the middleware that sets the request id, so that the record carries it and the size is
    that of the body as it is sent.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request and log it."""
        started = time.perf_counter()
        response = self._get_response(request)
        content = getattr(response, "content", None)  # a streamed answer has none
        log_access(
            method=request.method or "",
            path=request.path,
            status=response.status_code,
            seconds=time.perf_counter() - started,
            size_bytes=None if content is None else len(content),
        )
        return response
