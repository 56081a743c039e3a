"""The HTTP client for everything that the server fetches.

It is built on the connection pool below ``httpx`` rather than on ``httpx.Client``: so nothing is sent but what is named
here, no cookie, no credentials from the environment or from an address, and no proxy stands between the check of an
address and the connection to it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

import httpcore
import httpx

from catalog_core import server_version
from catalog_core.exceptions import SourceInvalid, SourceUnavailable
from catalog_core.security.outgoing.addresses import AddressPolicy, Resolver, system_resolver
from catalog_core.security.outgoing.bodies import ACCEPTED_ENCODINGS, BodyCutOff, read_body
from catalog_core.security.outgoing.budget import Budget, OutOfBytes, OutOfTime
from catalog_core.security.outgoing.failures import failed_connection, refused_status
from catalog_core.security.outgoing.network import GuardedBackend
from catalog_core.security.outgoing.urls import checked_url, keeps_credentials, place_of

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_DOCUMENTS = frozenset({200, 203})
_CONDITIONS = frozenset({"if-none-match", "if-modified-since"})
_SENT_ANYWHERE = _CONDITIONS | {"accept", "accept-language"}
_SET_HERE = frozenset({"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "upgrade", "te"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLimits:
    """Bounds of everything that one client does.

    Attributes:
        max_bytes: bytes over all answers, after decompression.
        total_seconds: seconds from the making of the client to its last answer.
        request_seconds: seconds for connecting and for each read.
        max_redirects: redirects followed for one request.
    """

    max_bytes: int
    total_seconds: float
    request_seconds: float
    max_redirects: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What another server answered.

    Attributes:
        status: 200 or 203 with a document, or 304 if the request was conditional.
        headers: as received.
        body: the document, decompressed; empty for 304, and where it was asked for elsewhere.
        url: where the document was in the end, after redirects. Not for messages, see ``redact_url``.
    """

    status: int
    headers: httpx.Headers
    body: bytes = field(repr=False)
    url: str = field(repr=False)


class OutgoingClient:
    """Fetches documents over HTTP within limits; a context manager that closes its connections.

    Args:
        limits: bounds for all requests of this client together.
        allowed_hosts: hosts that may be called although their addresses are not public.
        cancelled: returns true once the work should stop.
        resolver: finds the addresses of a name.
        connector: opens the connections.
    """

    def __init__(
        self,
        *,
        limits: RequestLimits,
        allowed_hosts: frozenset[str] = frozenset(),
        cancelled: Callable[[], bool] = lambda: False,
        resolver: Resolver = system_resolver,
        connector: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._limits = limits
        self._budget = Budget(total_seconds=limits.total_seconds, max_bytes=limits.max_bytes, cancelled=cancelled)
        policy = AddressPolicy(allowed_hosts, resolver)
        self._pool = httpcore.ConnectionPool(
            network_backend=GuardedBackend(policy, self._budget, connector or httpcore.SyncBackend())
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.close()

    def get(
        self, url: str, headers: Mapping[str, str] | None = None, *, into: Callable[[bytes], object] | None = None
    ) -> Answer:
        """Return the document at ``url``.

        Redirects are followed, each target checked like the first address. A target on another server gets none of
        ``headers`` but the harmless ones, and encryption is never given up on the way.

        Args:
            url: an http or https address without user name and password.
            headers: sent with the request; with ``If-None-Match`` or ``If-Modified-Since`` the answer may be 304.
            into: takes the document piece by piece, for documents that are not to be held in memory as a whole.

        Raises:
            AddressForbidden: the address, or one that it redirects to, is not public and not allowed.
            SourceUnavailable: no answer, an incomplete one, 429 or a 5xx status; with ``retry_after_seconds`` if known.
            SourceInvalid: another status, too long, too many redirects, or not a valid address or header.
            RefreshSuperseded: the work was cancelled.
        """
        address = checked_url(url)
        sent = _checked_headers(headers or {})
        seen = {str(address)}
        for _ in range(self._limits.max_redirects + 1):
            answer = self._exchange(address, sent, into)
            if answer.status not in _REDIRECTS:
                return _accepted(answer, address, sent)
            target = _next_hop(address, answer.headers)
            if str(target) in seen:
                raise SourceInvalid(f"{place_of(address)} redirects in a circle; check the address.")
            seen.add(str(target))
            if not keeps_credentials(address, target):
                sent = {name: value for name, value in sent.items() if name in _SENT_ANYWHERE}
            address = target
        raise _too_many_redirects(checked_url(url), address, self._limits.max_redirects)

    def _exchange(
        self, address: httpx.URL, headers: Mapping[str, str], into: Callable[[bytes], object] | None
    ) -> Answer:
        own = {"Host": address.netloc.decode("ascii"), "Accept-Encoding": ACCEPTED_ENCODINGS}
        sent = {"user-agent": f"catalog-of-catalogs/{server_version()}", "accept": "*/*", **headers}
        with (
            self._explained(place_of(address)),
            self._pool.stream(
                "GET",
                httpcore.URL(
                    scheme=address.raw_scheme, host=address.raw_host, port=address.port, target=address.raw_path
                ),
                headers=[(name.encode(), value.encode()) for name, value in {**own, **sent}.items()],
                extensions={"timeout": dict.fromkeys(("connect", "read", "write"), self._limits.request_seconds)},
            ) as response,
        ):
            received = httpx.Headers(response.headers)
            body = bytearray()
            if response.status in _DOCUMENTS:
                read_body(response.iter_stream(), received, self._budget, into or body.extend)
        return Answer(status=response.status, headers=received, body=bytes(body), url=str(address))

    @contextmanager
    def _explained(self, place: str) -> Iterator[None]:
        """Turn what the network says into errors of ours, which name the host and nothing else."""
        try:
            self._budget.seconds_left()
            yield
        except OutOfTime as error:
            raise SourceUnavailable(
                f"{place} did not finish its answer within {self._budget.total_seconds:g} seconds."
            ) from error
        except OutOfBytes as error:
            raise SourceInvalid(
                f"{place} sends more than the {self._budget.max_bytes} bytes that a source may have."
            ) from error
        except BodyCutOff as error:
            raise SourceUnavailable(f"The connection to {place} broke before the answer was complete.") from error
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.TimeoutException,
            httpcore.UnsupportedProtocol,
            httpcore.ConnectionNotAvailable,
        ) as error:
            raise failed_connection(error, place) from error


def _accepted(answer: Answer, address: httpx.URL, sent: Mapping[str, str]) -> Answer:
    """Return the answer if it is one that was asked for."""
    if answer.status in _DOCUMENTS or (answer.status == 304 and not _CONDITIONS.isdisjoint(sent)):
        return answer
    raise refused_status(answer.status, answer.headers, place_of(address))


def _checked_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers with names in lower case."""
    sent = {name.strip().lower(): value.strip() for name, value in headers.items()}
    if taken := sorted(_SET_HERE & set(sent)):
        raise SourceInvalid(f"The header {taken[0]!r} is set by the server itself; take it out.")
    return sent


def _next_hop(address: httpx.URL, headers: httpx.Headers) -> httpx.URL:
    """Return where a redirect leads, checked as far as that is possible without a connection."""
    place = place_of(address)
    if not (location := headers.get("location", "")):
        raise SourceInvalid(f"{place} redirects without saying where; check the address.")
    try:
        joined = str(address.join(location))
    except httpx.InvalidURL:
        raise SourceInvalid(f"{place} redirects to something that is not an address.") from None
    try:
        target = checked_url(joined)
    except SourceInvalid as error:
        raise SourceInvalid(f"{place} redirects to an address that is not followed: {error}") from error
    if address.scheme == "https" and target.scheme == "http":
        raise SourceInvalid(f"{place} redirects from https to http, which is not followed; check the address.")
    return target


def _too_many_redirects(first: httpx.URL, last: httpx.URL, followed: int) -> SourceInvalid:
    if not followed:
        return SourceInvalid(f"{place_of(first)} redirects to {place_of(last)}; give the address there instead.")
    return SourceInvalid(
        f"{place_of(first)} redirects more than {followed} times, at last to {place_of(last)}; "
        "give the address where this ends."
    )
