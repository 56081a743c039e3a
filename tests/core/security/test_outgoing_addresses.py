"""Which addresses are called, and that nothing is attempted towards the others."""

import socket
import threading

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_core.exceptions import AddressForbidden, RefreshSuperseded, SourceInvalid, SourceUnavailable
from catalog_core.security.outgoing import (
    AddressPolicy,
    Budget,
    OutgoingClient,
    OutOfTime,
    RequestLimits,
    is_public,
    system_resolver,
)

FORBIDDEN = [
    "0.0.0.0",
    "10.0.0.1",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::a00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::a00:1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "fd00:ec2::254",
    "fe80::1",
    "fe80::1%lo",
    "fec0::1",
    "ff02::1",
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


class RecordingConnector(httpcore.NetworkBackend):
    """Notes where a connection would have gone and opens none."""

    def __init__(self):
        self.attempts = []

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.attempts.append((host, port))
        raise httpcore.ConnectError("nothing is connected in this test")


def budget(seconds=5.0, **options):
    return Budget(total_seconds=seconds, max_bytes=1000, **options)


def client_with(connector, resolver=system_resolver, allowed_hosts=frozenset()):
    limits = RequestLimits(max_bytes=1000, total_seconds=5, request_seconds=2)
    return OutgoingClient(limits=limits, allowed_hosts=allowed_hosts, resolver=resolver, connector=connector)


@pytest.mark.parametrize("address", FORBIDDEN)
def test_an_address_that_is_not_public_is_refused(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is_accepted(address):
    assert is_public(address)


@given(st.ip_addresses(v=4))
def test_wrapping_an_ipv4_address_in_ipv6_changes_nothing(address):
    assert is_public(f"::ffff:{address}") == is_public(f"64:ff9b::{address}") == is_public(str(address))


@given(st.ip_addresses())
def test_every_address_is_either_public_or_not(address):
    assert is_public(str(address)) in (True, False)


@pytest.mark.parametrize("address", FORBIDDEN)
def test_no_connection_is_attempted_to_a_forbidden_address(address):
    connector = RecordingConnector()
    host = f"[{address.partition('%')[0]}]" if ":" in address else address
    with client_with(connector) as client, pytest.raises(AddressForbidden, match="CATALOG_ALLOWED_HOSTS_OUTGOING"):
        client.get(f"http://{host}/feed")
    assert connector.attempts == []


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost"])
def test_other_ways_to_write_loopback_are_refused_too(host):
    connector = RecordingConnector()
    with client_with(connector) as client, pytest.raises((AddressForbidden, SourceInvalid, SourceUnavailable)):
        client.get(f"http://{host}/feed")
    assert connector.attempts == []


def test_a_name_that_resolves_to_an_inner_address_is_refused_without_telling_the_address():
    connector = RecordingConnector()
    with (
        client_with(connector, resolver=lambda host, port: ["10.1.2.3"]) as client,
        pytest.raises(AddressForbidden) as caught,
    ):
        client.get("https://feeds.example/feed?key=hunter2")
    assert connector.attempts == []
    assert "feeds.example" in str(caught.value)
    assert "10.1.2.3" not in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_name_server_that_changes_its_answer_does_not_move_the_connection():
    answers = iter([["8.8.8.8"], ["127.0.0.1"]])
    connector = RecordingConnector()
    with (
        client_with(connector, resolver=lambda host, port: next(answers)) as client,
        pytest.raises(SourceUnavailable, match=r"rebind\.example refuses connections"),
    ):
        client.get("http://rebind.example/")
    assert connector.attempts == [("8.8.8.8", 80)]
    assert next(answers) == ["127.0.0.1"], "the name was resolved only once"


def test_of_mixed_addresses_only_the_public_ones_are_tried_in_order():
    connector = RecordingConnector()
    resolver = lambda host, port: ["10.0.0.1", "8.8.8.8", "::1", "1.1.1.1"]  # noqa: E731
    with client_with(connector, resolver) as client, pytest.raises(SourceUnavailable):
        client.get("http://mixed.example:8080/")
    assert connector.attempts == [("8.8.8.8", 8080), ("1.1.1.1", 8080)]


@pytest.mark.parametrize("allowed", ["inner.example", "INNER.example.", "10.0.0.1", " 10.0.0.1 ", "[10.0.0.1]"])
def test_an_allowed_host_may_be_named_by_name_or_address(allowed):
    policy = AddressPolicy(frozenset({allowed}), resolver=lambda host, port: ["10.0.0.1"])
    assert policy.addresses("inner.example", 443, budget()) == ("10.0.0.1",)


def test_allowing_one_host_allows_no_other():
    policy = AddressPolicy(frozenset({"inner.example"}), resolver=lambda host, port: ["10.0.0.1"])
    for host in ("other.example", "x.inner.example", "inner.example.evil.example"):
        with pytest.raises(AddressForbidden):
            policy.addresses(host, 443, budget())


@pytest.mark.parametrize("failure", [socket.gaierror(-2, "unknown"), UnicodeError("label too long"), TimeoutError()])
def test_a_name_that_cannot_be_resolved_is_unavailable(failure):
    def resolver(host, port):
        raise failure

    with pytest.raises(SourceUnavailable, match=r"nowhere\.example cannot be resolved; check its spelling"):
        AddressPolicy(resolver=resolver).addresses("nowhere.example", 80, budget())


def test_a_name_without_addresses_is_unavailable():
    with pytest.raises(SourceUnavailable, match=r"nowhere\.example has no address"):
        AddressPolicy(resolver=lambda host, port: []).addresses("nowhere.example", 80, budget())


def test_a_resolver_that_hangs_is_given_up():
    release = threading.Event()
    try:
        with pytest.raises(OutOfTime):
            AddressPolicy(resolver=lambda host, port: release.wait() and []).addresses("slow.example", 80, budget(0.05))
    finally:
        release.set()


def test_waiting_for_a_resolver_can_be_cancelled():
    release = threading.Event()
    try:
        policy = AddressPolicy(resolver=lambda host, port: release.wait() and [])
        with pytest.raises(RefreshSuperseded):
            policy.addresses("slow.example", 80, budget(cancelled=lambda: True))
    finally:
        release.set()


def test_the_system_resolver_gives_each_address_once():
    found = system_resolver("localhost", 80)
    assert "127.0.0.1" in found
    assert len(set(found)) == len(found)
