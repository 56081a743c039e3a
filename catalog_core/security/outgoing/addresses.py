"""Which addresses the server talks to."""

import ipaddress
import socket
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

from catalog_core.exceptions import AddressForbidden, SourceUnavailable
from catalog_core.security.outgoing.budget import Budget

Resolver = Callable[[str, int], Sequence[str]]
"""Returns the addresses of a host name, given the port as well; raises OSError where there are none."""

_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_FORBIDDEN = tuple(
    ipaddress.ip_network(network)
    for network in (
        "168.63.129.16/32",  # answers inside one large cloud only, with secrets, though the address is a public one
        "192.0.0.0/24",  # protocol assignments, RFC 6890; how much of it Python knows depends on its version
        "192.88.99.0/24",  # 6to4 relays, deprecated by RFC 7526: leads to whatever is inside the packet
        "2001::/23",  # protocol assignments again, with Teredo (RFC 4380), which wraps IPv4
        "2002::/16",  # 6to4, RFC 3056: likewise
        "3fff::/20",  # documentation, RFC 9637
    )
)


def is_public(address: str) -> bool:
    """Say whether ``address`` is an ordinary address of the public internet.

    Loopback, private, link-local (with the metadata services of clouds), shared (RFC 6598), multicast, documentation
    and reserved ranges are not; neither are IPv6 addresses that only wrap such an IPv4 address.

    Raises:
        ValueError: it is not an IP address.
    """
    parsed = _unwrapped(ipaddress.ip_address(address))
    if parsed.is_multicast or any(parsed in network for network in _FORBIDDEN):
        return False
    if isinstance(parsed, IPv6Address) and parsed not in _GLOBAL_UNICAST:
        return False
    return parsed.is_global


def _unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return the IPv4 address that packets to ``address`` end at, where IPv6 is only the wrapping."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def system_resolver(host: str, port: int) -> Sequence[str]:
    """Return the addresses of ``host`` as the operating system knows them, in its order of preference."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """Decides which addresses of a host may be called.

    Attributes:
        allowed_hosts: host names (any address of theirs) and addresses that may be called although they are not public.
        resolver: finds the addresses of a name.
    """

    allowed_hosts: frozenset[str] = frozenset()
    resolver: Resolver = system_resolver

    def addresses(self, host: str, port: int, budget: Budget) -> tuple[str, ...]:
        """Return the addresses of ``host`` that may be connected to, at least one.

        Raises:
            AddressForbidden: it has addresses, but none that this server talks to.
            SourceUnavailable: it has no address.
            OutOfTime: finding them takes longer than the budget has.
            RefreshSuperseded: the work was cancelled.
        """
        allowed = {_normal(entry) for entry in self.allowed_hosts}
        found = self._find(host, port, budget)
        if _normal(host) in allowed:
            return found
        if permitted := tuple(address for address in found if _normal(address) in allowed or is_public(address)):
            return permitted
        raise AddressForbidden(
            f"{host} is not on the public internet, and this server calls such hosts only if they are allowed. "
            "Add the host to CATALOG_ALLOWED_HOSTS_OUTGOING if it is meant."
        )

    def _find(self, host: str, port: int, budget: Budget) -> tuple[str, ...]:
        if _is_address(host):
            return (host,)
        answer = _in_background(lambda: self.resolver(host, port))
        while not wait([answer], timeout=budget.next_wait()).done:
            pass
        try:
            found = tuple(answer.result())
        except (OSError, UnicodeError) as error:  # UnicodeError: a label that no name can have
            raise SourceUnavailable(f"The host name {host} cannot be resolved; check its spelling.") from error
        if not found:
            raise SourceUnavailable(f"The host name {host} has no address.")
        return found


def _in_background(ask: Callable[[], Sequence[str]]) -> Future[Sequence[str]]:
    """Run ``ask`` in a thread of its own, because resolvers of operating systems know no time limit."""
    answer: Future[Sequence[str]] = Future()

    def run() -> None:
        try:
            answer.set_result(ask())
        except Exception as error:  # noqa: BLE001 - whatever it is, the thread that waits must get it
            answer.set_exception(error)

    threading.Thread(target=run, name="resolve", daemon=True).start()
    return answer


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _normal(host: str) -> str:
    bare = host.strip().strip("[]")
    return str(ipaddress.ip_address(bare)) if _is_address(bare) else bare.rstrip(".").lower()
