"""Identity by headers of a proxy: what counts is who connects, not what is sent."""

from ipaddress import ip_network

import pytest

from catalog_core.conf import catalog_settings
from catalog_core.security.identity.startup import identity_problem

OPERATOR = {"X_Remote_User": "alice", "X_User_Role": "operator"}
PROXIES = (ip_network("10.0.0.0/24"), ip_network("192.0.2.7"), ip_network("fd00::/64"))


@pytest.fixture
def header_mode(identity):
    identity(auth_mode="header", trusted_proxies=PROXIES)


@pytest.mark.parametrize(
    "address", ["10.0.1.1", "192.0.2.8", "127.0.0.1", "fd01::1", "::ffff:10.0.1.1", "", "10.0.0", "10.0.0.1, 127.0.0.1"]
)
def test_headers_from_anybody_else_mean_nothing(probe, header_mode, address):
    more = {"X_Forwarded_For": "10.0.0.1", "X_Real_IP": "10.0.0.1", "Forwarded": "for=10.0.0.1"}
    assert probe(REMOTE_ADDR=address, **OPERATOR, **more).json()["name"] == "anonymous"
    probe("POST", REMOTE_ADDR=address, **OPERATOR, **more, status=401)


@pytest.mark.parametrize("mode", ["django", "jwt"])
def test_headers_mean_nothing_in_other_modes(probe, identity, mode):
    identity(auth_mode=mode, trusted_proxies=PROXIES)
    probe("POST", REMOTE_ADDR="10.0.0.1", **OPERATOR, status=401)


def test_role_without_a_name_counts_for_nothing(probe, header_mode):
    response = probe("POST", REMOTE_ADDR="10.0.0.1", X_User_Role="operator", status=401)
    assert response["WWW-Authenticate"] == 'X-Remote-User realm="catalog"'
    probe("POST", REMOTE_ADDR="10.0.0.1", X_User_Role="operator", X_Remote_User="  ", status=401)


@pytest.mark.parametrize("role", ["", "viewer", "operators", "operator,viewer", "viewer,operator", "admin"])
def test_every_other_role_is_a_viewer(probe, header_mode, role):
    probe("POST", REMOTE_ADDR="10.0.0.1", X_Remote_User="alice", X_User_Role=role, status=403)


def test_two_names_for_one_caller_are_refused(probe, header_mode):
    response = probe(REMOTE_ADDR="10.0.0.1", X_Remote_User="alice", X_User_Principal="mallory", status=401)
    assert "different callers" in response.json()["message"]


def test_endless_name_is_refused(probe, header_mode):
    probe(REMOTE_ADDR="10.0.0.1", X_Remote_User="a" * 151, status=401)


@pytest.mark.parametrize("address", ["10.0.0.1", "192.0.2.7", "fd00::5", "::ffff:10.0.0.1"])
def test_trusted_proxy_names_caller_groups_and_role(probe, header_mode, address):
    told = {"X_Remote_User": " alice ", "X_Remote_Group": "staff, ,dev", "X_User_Role": " Operator "}
    answer = probe("POST", REMOTE_ADDR=address, **told).json()
    assert answer | {"https": False} == {
        "name": "alice",
        "role": "operator",
        "by": "header",
        "groups": ["staff", "dev"],
        "https": False,
    }


def test_principal_stands_in_for_the_user(probe, header_mode):
    answer = probe("POST", REMOTE_ADDR="10.0.0.1", X_User_Principal="bob", X_User_Role="operator").json()
    assert answer["name"] == "bob"


@pytest.mark.parametrize(
    "told",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Origin": "https://evil.example.org"},
        {"Origin": "null"},
        {"Origin": "http://[broken"},
        {"Origin": "http://testserver", "Sec_Fetch_Site": "cross-site"},
    ],
)
def test_page_of_another_site_cannot_use_what_the_proxy_knows(probe, header_mode, told):
    response = probe("POST", REMOTE_ADDR="10.0.0.1", **OPERATOR, **told, status=403)
    assert "another site" in response.json()["message"]
    probe("GET", REMOTE_ADDR="10.0.0.1", **OPERATOR, **told)


@pytest.mark.parametrize(
    "told",
    [
        {"Sec_Fetch_Site": "same-origin", "Origin": "http://testserver"},
        {"Sec_Fetch_Site": "none"},
        {"Origin": "http://testserver"},
        {"Origin": "https://console.example.org", "Sec_Fetch_Site": "cross-site"},
    ],
)
def test_own_pages_and_trusted_origins_may(probe, header_mode, settings, told):
    settings.CSRF_TRUSTED_ORIGINS = ["https://console.example.org"]
    probe("POST", REMOTE_ADDR="10.0.0.1", **OPERATOR, **told)


def test_only_trusted_proxies_are_believed_that_it_was_https(probe, identity, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    identity(trusted_proxies=PROXIES)
    assert probe(REMOTE_ADDR="10.0.0.1", X_Forwarded_Proto="https").json()["https"]
    assert not probe(REMOTE_ADDR="10.9.0.1", X_Forwarded_Proto="https").json()["https"]


@pytest.mark.parametrize(("mode", "https"), [("header", False), ("django", True), ("jwt", True)])
def test_server_does_not_start_without_proxies_where_it_needs_them(identity, mode, https):
    identity(auth_mode=mode, trusted_proxies=())
    assert "CATALOG_TRUSTED_PROXIES" in identity_problem(catalog_settings(), https=https)
