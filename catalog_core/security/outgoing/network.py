"""The network below the HTTP client: it connects only where the address policy lets it, and never waits for long."""

import ssl
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import httpcore

from catalog_core.security.outgoing.addresses import AddressPolicy
from catalog_core.security.outgoing.budget import Budget

_Result = TypeVar("_Result")


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves names itself and connects to exactly the addresses that it has checked.

    Were the check done before and the name resolved again for the connection, a name server could answer the first
    question with a public address and the second with an inner one.
    """

    def __init__(self, policy: AddressPolicy, budget: Budget, connector: httpcore.NetworkBackend) -> None:
        self._policy = policy
        self._budget = budget
        self._connector = connector

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to the first address of ``host`` that is permitted and answers."""
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._policy.addresses(host, port, self._budget):
            try:
                stream = self._connector.connect_tcp(
                    address, port, _shorter(timeout, self._budget.seconds_left()), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return GuardedStream(stream, self._budget)
        raise failure or httpcore.ConnectError("no address")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Refuse: nothing outside this machine is behind such a path."""
        raise httpcore.UnsupportedProtocol("unix sockets are not used")


class GuardedStream(httpcore.NetworkStream):
    """A connection whose every wait is cut into short ones, so that the budget is kept even where bytes only drip."""

    def __init__(self, stream: httpcore.NetworkStream, budget: Budget) -> None:
        self._stream = stream
        self._budget = budget

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has arrived, at most ``max_bytes``; empty at the end of the stream."""
        return self._patiently(lambda wait: self._stream.read(max_bytes, wait), timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all of ``buffer``."""
        self._stream.write(buffer, _shorter(timeout, self._budget.seconds_left()))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Return the connection, encrypted; the certificate has to be one for ``server_hostname``."""
        wait = _shorter(timeout, self._budget.seconds_left())
        return GuardedStream(self._stream.start_tls(ssl_context, server_hostname, wait), self._budget)

    def get_extra_info(self, info: str) -> Any:
        """Return what the connection below knows under the name ``info``."""
        return self._stream.get_extra_info(info)

    def _patiently(self, receive: Callable[[float], _Result], timeout: float | None) -> _Result:
        give_up = float("inf") if timeout is None else time.monotonic() + timeout
        while True:
            wait = min(self._budget.next_wait(), max(give_up - time.monotonic(), 0.001))
            try:
                return receive(wait)
            except httpcore.ReadTimeout:
                if time.monotonic() >= give_up:
                    raise


def _shorter(timeout: float | None, seconds_left: float) -> float:
    return seconds_left if timeout is None else min(timeout, seconds_left)
