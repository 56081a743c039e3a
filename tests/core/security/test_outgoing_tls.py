"""Encrypted connections: whose certificates count, and that encryption is not given up on the way."""

import socket

import pytest

from catalog_core.exceptions import SourceInvalid, SourceUnavailable
from catalog_core.security.outgoing import OutgoingClient, RequestLimits
from tests.core.security.web_server import running_web_server, self_signed_certificate


@pytest.fixture
def certificate(tmp_path):
    return self_signed_certificate(tmp_path)


@pytest.fixture
def secure_web(certificate):
    with running_web_server(certificate=certificate) as server:
        yield server


@pytest.fixture
def trusted(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


def get(url, headers=None):
    limits = RequestLimits(max_bytes=1000, total_seconds=10, request_seconds=5)
    with OutgoingClient(limits=limits, allowed_hosts=frozenset({"127.0.0.1", "localhost"})) as client:
        return client.get(url, headers)


def test_a_certificate_that_nobody_vouches_for_is_refused(secure_web):
    with pytest.raises(SourceUnavailable, match="its certificate or protocol is not accepted"):
        get(secure_web.serve("/feed"), {"Authorization": "Bearer hunter2"})
    assert secure_web.requests == []


def test_a_certificate_for_another_name_is_refused(secure_web, trusted):
    secure_web.serve("/feed")
    with pytest.raises(SourceUnavailable, match="its certificate or protocol is not accepted"):
        get(secure_web.url("/feed", host="localhost"))
    assert secure_web.requests == []


def test_an_authority_of_the_operators_own_is_trusted(secure_web, trusted):
    assert get(secure_web.serve("/feed", body=b"here")).body == b"here"


def test_encryption_is_not_given_up_by_a_redirect(secure_web, trusted):
    with running_web_server() as plain:
        secure_web.serve("/feed", 302, Location=plain.serve("/feed"))
        with pytest.raises(SourceInvalid, match="from https to http"):
            get(secure_web.url("/feed"))
        assert plain.requests == []


def test_a_redirect_may_lead_to_encryption(secure_web, trusted):
    with running_web_server() as plain:
        plain.serve("/feed", 302, Location=secure_web.serve("/feed", body=b"here"))
        assert get(plain.url("/feed")).body == b"here"


def test_a_connection_that_hangs_in_the_handshake_is_given_up():
    limits = RequestLimits(max_bytes=1000, total_seconds=1.0, request_seconds=5)
    with (
        socket.create_server(("127.0.0.1", 0)) as silent,
        OutgoingClient(limits=limits, allowed_hosts=frozenset({"127.0.0.1"})) as client,
        pytest.raises(SourceUnavailable, match="did not accept a connection in time"),
    ):
        client.get(f"https://127.0.0.1:{silent.getsockname()[1]}/")
