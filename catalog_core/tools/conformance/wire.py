"""Asking a server, whatever carries the question: a socket, or Django's test client."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlencode

EXCERPT_CHARACTERS = 200
JSON_TYPE = "application/json"

Query = Mapping[str, str]


class WireError(Exception):
    """An answer could not be had or is not what it has to be; the text is one line for a report."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered.

    Attributes:
        question: method and path with its query, as reports show it.
        status: the status code.
        headers: the headers by their names in lower case.
        body: the body, decompressed.
    """

    question: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    def expect(self, *statuses: int) -> "Answer":
        """Return the answer itself.

        Raises:
            WireError: it has another status.
        """
        if self.status in statuses:
            return self
        wanted = " or ".join(map(str, statuses))
        place = f" to {excerpt(self.headers.get('location', ''))}" if 300 <= self.status < 400 else ""
        raise WireError(f"{self.question}: answered {self.status}{place}, not {wanted}{self._reason()}")

    def json(self) -> Any:
        """Return the body as JSON (RFC 8259).

        Raises:
            WireError: the body is not JSON or does not say that it is.
        """
        kind = self.headers.get("content-type", "")
        if kind.partition(";")[0].strip().lower() != JSON_TYPE:
            raise WireError(f"{self.question}: answered {self.status} as {kind or 'nothing'!r}, not as {JSON_TYPE}")
        try:
            return json.loads(self.body, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            raise WireError(f"{self.question}: the body is no JSON: {excerpt(str(error))}") from error

    def object(self) -> dict[str, Any]:
        """Return the body as a JSON object.

        Raises:
            WireError: it is none.
        """
        return as_object(self.json(), f"{self.question}: the body")

    def _reason(self) -> str:
        """Return the server's own explanation, if it gives one."""
        try:
            document = json.loads(self.body)
        except (ValueError, RecursionError):
            return ""
        message = document.get("message") or document.get("error") if isinstance(document, dict) else None
        return f": {excerpt(message)}" if isinstance(message, str) else ""


class Client(Protocol):
    """Something that carries questions to one server and does not follow redirects."""

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """Return the answer, whatever its status.

        Args:
            method: such as ``GET``.
            path: begins with a slash and is percent-encoded already.
            query: parameters, not yet encoded.
            headers: further headers.
            body: what is sent, as JSON.

        Raises:
            WireError: there is no answer, or none that can be read.
        """
        ...


class Wire:
    """A client together with the credentials of one caller."""

    def __init__(self, client: Client, token: str = "") -> None:
        self._client = client
        self._headers = {"Accept": JSON_TYPE, **({"Authorization": f"Bearer {token}"} if token else {})}

    def ask(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        *,
        document: Any = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Return the answer to any question; ``document`` is sent as JSON, ``body`` as it is.

        Raises:
            WireError: there is no answer.
        """
        if not path.startswith("/"):
            raise WireError(f"{excerpt(path) or 'the empty path'} is no path on this server, so it is not asked for")
        sent = body if document is None else json.dumps(document).encode()
        return self._client.request(method, path, query=query, headers={**self._headers, **(headers or {})}, body=sent)

    def get(self, path: str, query: Query | None = None, *, headers: Mapping[str, str] | None = None) -> Answer:
        """Return the answer to a GET.

        Raises:
            WireError: there is no answer.
        """
        return self.ask("GET", path, query, headers=headers)

    def read(self, path: str, query: Query | None = None) -> dict[str, Any]:
        """Return the JSON object that a GET is answered with.

        Raises:
            WireError: the answer is not 200 or no JSON object.
        """
        return self.get(path, query).expect(200).object()


def question(method: str, path: str, query: Query | None) -> str:
    """Return a question as reports show it."""
    return excerpt(f"{method} {path}?{urlencode(query)}" if query else f"{method} {path}", 300)


def excerpt(text: str, length: int = EXCERPT_CHARACTERS) -> str:
    """Return the beginning of a text on one line, without characters that a terminal or a file would take amiss."""
    line = " ".join(str(text).split())
    shown = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in line)
    return shown if len(shown) <= length else f"{shown[: length - 1]}…"


def shown(value: Any) -> str:
    """Return a JSON value as reports show it."""
    try:
        return excerpt(json.dumps(value, ensure_ascii=False), 80)
    except (TypeError, ValueError, RecursionError):
        return excerpt(repr(value), 80)


def as_object(value: Any, what: str) -> dict[str, Any]:
    """Return a value that has to be a JSON object.

    Raises:
        WireError: it is none; the text begins with ``what``.
    """
    if not isinstance(value, dict):
        raise WireError(f"{what} is {shown(value)}, not an object")
    return value


def as_list(value: Any, what: str) -> list[Any]:
    """Return a value that has to be a JSON array.

    Raises:
        WireError: it is none; the text begins with ``what``.
    """
    if not isinstance(value, list):
        raise WireError(f"{what} is {shown(value)}, not an array")
    return value


def as_objects(value: Any, what: str) -> list[dict[str, Any]]:
    """Return a value that has to be a JSON array of objects.

    Raises:
        WireError: it is none; the text begins with ``what``.
    """
    return [as_object(entry, f"{what}[{index}]") for index, entry in enumerate(as_list(value, what))]


def listed(names: Iterable[object]) -> str:
    """Return names for a sentence."""
    return excerpt(", ".join(str(name) for name in names)) or "none"


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")
