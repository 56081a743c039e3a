"""Django's test client as a client of the conformance suite: the same checks, without a socket."""

from collections.abc import Mapping
from urllib.parse import urlencode

from django.test import Client

from catalog_core.tools.conformance.wire import JSON_TYPE, Answer, Query, question


class DjangoClient:
    """Asks the Django project of the test itself."""

    def __init__(self) -> None:
        self._client = Client(raise_request_exception=False)

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
        self._client.cookies.clear()
        address = f"{path}?{urlencode(query)}" if query else path
        response = self._client.generic(method, address, body or b"", JSON_TYPE, headers=dict(headers or {}))
        names = {name.lower(): value for name, value in response.items()}
        return Answer(question(method, path, query), response.status_code, names, response.getvalue())
