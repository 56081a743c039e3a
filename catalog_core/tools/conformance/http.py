"""The client for servers on the network: bounded in time and size, and patient only for so long."""

import time
from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

import httpx

from catalog_core.tools.conformance.wire import JSON_TYPE, Answer, Query, WireError, excerpt, question

MAX_BODY_BYTES = 64 * 1024 * 1024
SILENT_REQUESTS = 5
"""After so many questions in a row without an answer, no more are asked."""


class UsageError(Exception):
    """The address of the server cannot be used; the text says why and what to write."""


def checked_address(text: str) -> str:
    """Return the address of a server without a slash at its end.

    Raises:
        UsageError: it is not an http or https address, or holds credentials, a query or a fragment.
    """
    try:
        parts = urlsplit(text.strip())
        _ = parts.port
    except ValueError as error:
        raise UsageError(f"this is no address: {error}; write it like http://127.0.0.1:8080.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("the address of the server begins with http:// or https:// and a host name.")
    if parts.username or parts.password:
        raise UsageError("the address holds credentials, which would end up in reports; use --token.")
    if parts.query or parts.fragment:
        raise UsageError("the address of the server has neither a query nor a fragment.")
    return parts.geturl().rstrip("/")


class HttpClient:
    """Asks a server over HTTP/1.1. No redirect is followed, no cookie kept, nothing taken from the environment.

    Args:
        server_url: as :func:`checked_address` returns it.
        timeout_seconds: how long one answer may take as a whole.
    """

    def __init__(self, server_url: str, *, timeout_seconds: float) -> None:
        self._server_url = server_url
        self._timeout_seconds = timeout_seconds
        self._silent = 0
        # Proxies and a .netrc would decide who answers, and as whom we ask.
        self._client = httpx.Client(timeout=timeout_seconds, follow_redirects=False, trust_env=False)

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Return the answer; see :class:`catalog_core.tools.conformance.wire.Client`."""
        asked = question(method, path, query)
        if self._silent >= SILENT_REQUESTS:
            raise WireError(f"{asked}: not asked, as the server left the last {SILENT_REQUESTS} without an answer")
        url = f"{self._server_url}{path}{f'?{urlencode(query)}' if query else ''}"
        try:
            answer = self._ask(asked, method, url, {**_content_type(body), **(headers or {})}, body)
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            self._silent += 1
            raise WireError(f"{asked}: {self._reason(error)}") from error
        self._silent = 0
        return answer

    def _ask(self, asked: str, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> Answer:
        give_up = time.monotonic() + self._timeout_seconds
        self._client.cookies.clear()
        with self._client.stream(method, url, headers=headers, content=body) as response:
            received = bytearray()
            for chunk in response.iter_bytes():
                received += chunk
                if len(received) > MAX_BODY_BYTES:
                    raise WireError(f"{asked}: the body is larger than {MAX_BODY_BYTES // 1024**2} MiB")
                if time.monotonic() > give_up:
                    raise httpx.ReadTimeout("")
            names = {name.lower(): value for name, value in response.headers.items()}
            return Answer(asked, response.status_code, names, bytes(received))

    def _reason(self, error: Exception) -> str:
        if isinstance(error, httpx.TimeoutException):
            return f"no whole answer within {self._timeout_seconds:g} s"
        return f"no answer: {excerpt(str(error)) or type(error).__name__}"


def _content_type(body: bytes | None) -> dict[str, str]:
    return {} if body is None else {"Content-Type": JSON_TYPE}
