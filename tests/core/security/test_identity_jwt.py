"""Tokens that another server signs."""

import base64
import contextlib
import json
import os
import time

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jwt.algorithms import RSAAlgorithm
from rest_framework.exceptions import AuthenticationFailed

from catalog_core.conf import catalog_settings
from catalog_core.security.identity import key_sets
from catalog_core.security.identity.key_files import UnusableKey, parse_jwks
from catalog_core.security.identity.key_sets import PAUSE_SECONDS, USABLE_SECONDS, FetchedKeys, KeysUnavailable
from catalog_core.security.identity.signed_tokens import caller_from_signed_token
from catalog_core.security.identity.startup import identity_problem
from tests.core.security.issuer import ALGORITHMS, claims, jwk, jwks, pem, private_key, private_pem, rsa_or, signed

pytestmark = pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")

KEY = private_key("RSA")
MEMBERS = st.sampled_from(["kty", "n", "e", "d", "x", "y", "crv", "kid", "alg", "use", "key_ops", "keys"])
CLAIMS = st.sampled_from(["sub", "exp", "nbf", "iat", "iss", "aud", "role", "jti"])
TEXTS = st.sampled_from(["RSA", "EC", "P-256", "AQAB", "sig", ""]) | st.text(max_size=5)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(MEMBERS, inner, max_size=6),
    max_leaves=12,
)
JSON = VALUES | st.fixed_dictionaries({"keys": st.lists(st.dictionaries(MEMBERS, VALUES), max_size=4)})


@pytest.fixture
def key_file(tmp_path, identity):
    """The settings name this file, which holds the public half of ``KEY``."""
    path = tmp_path / "issuer.pem"
    path.write_bytes(pem(KEY))
    identity(auth_mode="jwt", jwt_public_key_path=path)
    return path


def unsigned(header: dict, **changes) -> str:
    parts = (json.dumps(header).encode(), json.dumps(claims(**changes)).encode(), b"")
    return b".".join(encoded(part) for part in parts).decode()


def encoded(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")


class TestRefusals:
    """Every token here claims to come from an operator."""

    @pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", ""])
    def test_unsigned(self, probe, key_file, algorithm):
        response = probe("POST", token=unsigned({"alg": algorithm, "typ": "JWT"}), status=401)
        assert "RS256" in response.json()["message"]

    def test_signed_with_the_public_key_as_a_shared_secret(self, probe, key_file):
        header = {"alg": "HS256", "typ": "JWT"}
        signing_input = unsigned(header).rpartition(".")[0].encode()
        mac = jwt.algorithms.HMACAlgorithm(jwt.algorithms.HMACAlgorithm.SHA256)
        signature = base64.urlsafe_b64encode(mac.sign(signing_input, key_file.read_bytes())).rstrip(b"=").decode()
        probe("POST", token=f"{signing_input.decode()}.{signature}", status=401)

    @pytest.mark.parametrize("algorithm", ["PS256", "ES256", "EdDSA", "HS512"])
    def test_other_algorithm(self, probe, key_file, algorithm):
        key = {"PS256": KEY, "HS512": "s" * 64}.get(algorithm) or private_key(algorithm)
        probe("POST", token=signed(key, algorithm), status=401)

    def test_other_key(self, probe, key_file):
        assert "signature" in probe("POST", token=signed(private_key("RSA", 1)), status=401).json()["message"]

    def test_changed_claims(self, probe, key_file):
        header, _, signature = signed(KEY, role="viewer").split(".")
        forged = signed(private_key("RSA", 1), role="operator").split(".")[1]
        probe("POST", token=f"{header}.{forged}.{signature}", status=401)

    @pytest.mark.parametrize(
        ("changes", "word"),
        [
            ({"exp": None}, "exp"),
            ({"exp": "tomorrow"}, "exp"),
            ({"exp": time.time() - 60}, "expired"),
            ({"nbf": time.time() + 600}, "not valid yet"),
            ({"iat": time.time() + 600}, "not valid yet"),
            ({"sub": None}, "sub"),
            ({"sub": 7}, "ubject"),
            ({"sub": "  "}, "sub"),
            ({"sub": "a" * 151}, "sub"),
        ],
    )
    def test_missing_or_impossible_claim(self, probe, key_file, changes, word):
        assert word in probe("POST", token=signed(KEY, **changes), status=401).json()["message"]

    @pytest.mark.parametrize(
        ("setting", "changes"),
        [
            ({"jwt_issuer": "https://login.example.org"}, {}),
            ({"jwt_issuer": "https://login.example.org"}, {"iss": "https://login.example.org/"}),
            ({"jwt_issuer": "https://login.example.org"}, {"iss": ["https://login.example.org"]}),
            ({"jwt_audience": "catalog"}, {}),
            ({"jwt_audience": "catalog"}, {"aud": "catalogs"}),
            ({"jwt_audience": "catalog"}, {"aud": ["other"]}),
            ({"jwt_audience": "catalog"}, {"aud": 5}),
        ],
    )
    def test_issuer_or_audience(self, probe, key_file, identity, setting, changes):
        identity(**setting)
        probe("POST", token=signed(KEY, **changes), status=401)

    def test_extensions_nobody_knows(self, probe, key_file):
        probe("POST", token=signed(KEY, headers={"crit": ["b64"], "b64": True}), status=401)
        probe("POST", token=signed(KEY, headers={"crit": []}), status=401)

    @pytest.mark.parametrize(
        "text", ["x", "a.b", "a.b.c", "..", "a.b.c.d", "é.b.c", "W10.e30.", "bnVsbA.bnVsbA.bnVsbA"]
    )
    def test_what_is_no_token(self, probe, key_file, text):
        probe("POST", token=text, status=401)

    def test_deeply_nested_content(self, probe, key_file):
        bomb = base64.urlsafe_b64encode(b'{"alg":' + b"[" * 9000).decode().rstrip("=")
        probe("POST", token=f"{bomb}.e30.e30", status=401)

    @given(header=st.dictionaries(MEMBERS, VALUES), content=VALUES | st.dictionaries(CLAIMS, VALUES))
    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50, deadline=None)
    def test_whatever_a_token_holds_it_is_taken_or_refused(self, key_file, header, content):
        algorithm = RSAAlgorithm(RSAAlgorithm.SHA256)
        parts = [json.dumps({"alg": "RS256", **header}).encode(), json.dumps(content).encode()]
        signing_input = b".".join(encoded(part) for part in parts)
        token = b".".join([signing_input, encoded(algorithm.sign(signing_input, KEY))]).decode()
        with contextlib.suppress(AuthenticationFailed):
            assert caller_from_signed_token(token).name

    def test_key_inside_the_token_is_not_looked_at(self, probe, key_file):
        stranger = private_key("RSA", 1)
        probe("POST", token=signed(stranger, headers={"jwk": jwk(stranger)}), status=401)


class TestAcceptance:
    @pytest.mark.parametrize("algorithm", ALGORITHMS)
    def test_every_algorithm_with_its_key(self, probe, key_file, algorithm):
        key = private_key(rsa_or(algorithm))
        key_file.write_bytes(pem(key))
        answer = probe("POST", token=signed(key, algorithm)).json()
        assert (answer["name"], answer["role"], answer["by"]) == ("alice", "operator", "jwt")

    def test_issuer_and_audience(self, probe, key_file, identity):
        identity(jwt_issuer="https://login.example.org", jwt_audience="catalog")
        probe("POST", token=signed(KEY, iss="https://login.example.org", aud=["other", "catalog"]))

    def test_audience_for_somebody_else_does_not_matter_unless_one_is_named(self, probe, key_file):
        probe("POST", token=signed(KEY, iss="anybody", aud="other"))

    @pytest.mark.parametrize(
        ("path", "value", "role", "status"),
        [
            ("role", "operator", "operator", 200),
            ("role", "OPERATOR", "operator", 200),
            ("role", ["viewer", "operator"], "operator", 200),
            ("role", [], "operator", 403),
            ("role", [["operator"]], "operator", 403),
            ("role", "operators", "operator", 403),
            ("role", None, "operator", 403),
            ("role", True, "true", 403),
            ("role", {"operator": "operator"}, "operator", 403),
            ("realm_access.roles", ["catalog-admin"], "catalog-admin", 200),
            ("a.b.c", "x", "x", 200),
            ("https://example.org/role", "operator", "operator", 200),
        ],
    )
    def test_role_stands_where_the_settings_say(self, probe, key_file, identity, path, value, role, status):
        identity(jwt_role_claim=path, jwt_operator_value=role)
        changes = {"role": None}
        if path.startswith("https:"):
            changes[path] = value
        else:
            first, *rest = path.split(".")
            for part in reversed(rest):
                value = {part: value}
            changes[first] = value
        probe("POST", token=signed(KEY, **changes), status=status)

    def test_path_through_something_else_than_an_object_gives_no_role(self, probe, key_file, identity):
        identity(jwt_role_claim="sub.role.name")
        probe("POST", token=signed(KEY), status=403)


class TestKeyFiles:
    def test_new_key_in_the_file_counts_at_once(self, probe, key_file):
        other = private_key("RSA", 1)
        probe(token=signed(KEY))
        key_file.write_bytes(pem(other))
        os.utime(key_file, ns=(1, 1))
        probe(token=signed(KEY), status=401)
        probe(token=signed(other))

    def test_file_that_goes_away_closes_the_door(self, probe, key_file):
        probe(token=signed(KEY))
        key_file.unlink()
        response = probe("POST", token=signed(KEY), status=503)
        assert response.json()["code"] == "identity_unavailable"
        assert str(key_file.parent) not in response.content.decode()
        probe()

    def test_set_in_a_file_finds_keys_by_their_ids(self, probe, identity, tmp_path):
        path = tmp_path / "keys.json"
        first, second = private_key("RSA"), private_key("ES256")
        path.write_bytes(jwks(jwk(first, kid="one"), jwk(second, kid="two", alg="ES256", use="sig")))
        identity(auth_mode="jwt", jwt_jwks=str(path))
        probe("POST", token=signed(first, kid="one"))
        probe("POST", token=signed(second, "ES256", kid="two"))
        probe("POST", token=signed(second, "ES256"))
        probe("POST", token=signed(first, kid="two"), status=401)
        probe("POST", token=signed(first, kid="three"), status=401)

    @pytest.mark.parametrize(
        ("content", "word"),
        [
            (b"", "not JSON"),
            (b"[" * 200_000, "not JSON"),
            (b"[]", "keys"),
            (b'{"keys": {}}', "keys"),
            (b'{"keys": []}', "no RSA key"),
            (b'{"keys": [null, 1, {}, {"kty": []}, {"kty": "RSA"}, {"kty": "EC", "crv": "P-256"}]}', "no RSA key"),
            (jwks({"kty": "oct", "k": "c2VjcmV0"}), "no RSA key"),
            (jwks(jwk(private_key("weak"))), "2048"),
            (jwks(jwk(KEY, use="enc")), "no RSA key"),
            (jwks(jwk(KEY, key_ops=["encrypt"])), "no RSA key"),
            (jwks(jwk(KEY, alg="HS256")), "no RSA key"),
            (jwks({**jwk(KEY), "d": "AQAB"}), "private"),
        ],
    )
    def test_set_without_a_usable_key_is_refused(self, content, word):
        with pytest.raises(UnusableKey, match=word):
            parse_jwks(content)

    def test_bad_key_does_not_take_the_good_one_along(self):
        bad = [{"kty": "RSA", "n": "!", "e": 5}, jwk(KEY, key_ops=5), jwk(KEY, alg=["RS256"]), {"kty": []}]
        (key,) = parse_jwks(jwks(*bad, jwk(KEY, kid="good", use="sig", alg="RS512", key_ops=["verify"])))
        assert (key.kid, key.algorithms) == ("good", {"RS512"})

    @given(JSON)
    @settings(max_examples=50, deadline=None)
    def test_whatever_a_set_holds_it_is_taken_or_refused(self, document):
        with contextlib.suppress(UnusableKey):
            parse_jwks(json.dumps(document).encode())


class TestStart:
    def problem(self):
        return identity_problem(catalog_settings(), https=False)

    def test_no_key(self, identity):
        identity(auth_mode="jwt")
        assert "CATALOG_JWT_PUBLIC_KEY_PATH" in self.problem()

    def test_two_ways_to_a_key(self, identity, key_file):
        identity(jwt_jwks="https://login.example.org/keys")
        assert "either" in self.problem()

    @pytest.mark.parametrize(
        ("content", "word"),
        [
            (None, "No such file"),
            (b"", "no public key"),
            (b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", "no public key"),
            (private_pem(KEY), "private key"),
            (pem(private_key("weak")), "1024 bits"),
            (pem(private_key("EdDSA")), "neither RSA nor EC"),
            (b"x" * 600_000, "larger than"),
        ],
    )
    def test_key_file_that_is_no_use_stops_the_start(self, key_file, content, word):
        if content is None:
            key_file.unlink()
        else:
            key_file.write_bytes(content)
        problem = self.problem()
        assert word in problem
        assert "CATALOG_JWT_PUBLIC_KEY_PATH" in problem
        assert str(key_file.parent) not in problem

    def test_good_key_starts(self, key_file):
        assert self.problem() == ""

    @pytest.mark.parametrize(
        ("value", "word"),
        [
            ("keys.json", "No such file"),
            ("ftp://login.example.org/keys", "https"),
            ("https://", "https"),
            ("https://[broken/keys", "not an address"),
            ("https://me:secret@login.example.org/keys", "without user name"),
            ("http://login.example.org/keys", "unencrypted"),
        ],
    )
    def test_set_that_cannot_be_had_stops_the_start(self, identity, value, word):
        identity(auth_mode="jwt", jwt_jwks=value)
        problem = self.problem()
        assert word in problem
        assert "secret" not in problem

    def test_address_that_is_fine_starts_without_being_called(self, identity):
        identity(auth_mode="jwt", jwt_jwks="https://login.example.org/keys")
        assert self.problem() == ""
        identity(jwt_jwks="http://keys.internal/", allowed_hosts_outgoing=frozenset({"keys.internal"}))
        assert self.problem() == ""


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


class TestFetchedKeys:
    """Against a real server on this machine."""

    @pytest.fixture
    def clock(self):
        return Clock()

    @pytest.fixture
    def fetched(self, web, clock):
        return FetchedKeys(web.url("/keys"), frozenset({"127.0.0.1"}), clock)

    def test_first_fetch_that_fails_lets_nobody_in_and_is_not_repeated_at_once(self, fetched, web, clock):
        web.serve("/keys", status=500)
        for _ in range(3):
            with pytest.raises(KeysUnavailable):
                fetched.keys()
        assert len(web.requests) == 1
        web.serve("/keys", body=jwks(jwk(KEY, kid="one")))
        clock.now += PAUSE_SECONDS
        assert fetched.keys()[0].kid == "one"

    @pytest.mark.parametrize("body", [b"<html>", b'{"keys": []}', b"x" * 600_000])
    def test_answer_that_is_no_key_set_keeps_the_keys_that_were_there(self, fetched, web, clock, body):
        web.serve("/keys", body=jwks(jwk(KEY, kid="one")))
        fetched.keys()
        web.serve("/keys", body=body)
        clock.now += 601
        assert fetched.keys()[0].kid == "one"
        assert len(web.requests) == 2

    def test_keys_that_cannot_be_renewed_are_not_used_for_ever(self, fetched, web, clock, caplog):
        web.serve("/keys", body=jwks(jwk(KEY)))
        fetched.keys()
        web.serve("/keys", status=503)
        for _ in range(20):
            clock.now += USABLE_SECONDS / 20
            if clock.now < 1000 + USABLE_SECONDS:
                fetched.keys()
        with pytest.raises(KeysUnavailable):
            fetched.keys()
        assert len([record for record in caplog.records if "cannot be fetched" in record.message]) == 1

    def test_known_keys_are_fetched_once_in_ten_minutes(self, fetched, web, clock):
        web.serve("/keys", body=jwks(jwk(KEY, kid="one")))
        for _ in range(5):
            fetched.keys("one")
            clock.now += 100
        assert len(web.requests) == 1
        clock.now += 200
        fetched.keys("one")
        assert len(web.requests) == 2

    def test_unknown_id_fetches_once_and_not_again_for_a_while(self, fetched, web, clock):
        web.serve("/keys", body=jwks(jwk(KEY, kid="one")))
        fetched.keys("one")
        clock.now += PAUSE_SECONDS
        web.serve("/keys", body=jwks(jwk(private_key("RSA", 1), kid="two")))
        assert fetched.keys("two")[0].kid == "two"
        for made_up in range(20):
            fetched.keys(f"made-up-{made_up}")
        assert len(web.requests) == 2

    def test_private_address_is_not_called_unless_it_is_allowed(self, web, clock):
        web.serve("/keys", body=jwks(jwk(KEY)))
        with pytest.raises(KeysUnavailable):
            FetchedKeys(web.url("/keys"), frozenset(), clock).keys()
        assert not web.requests

    def test_tokens_are_checked_against_fetched_keys(self, probe, identity, web):
        key_sets._fetched.cache_clear()
        url = web.serve("/keys", body=jwks(jwk(KEY, kid="one")))
        identity(auth_mode="jwt", jwt_jwks=url, allowed_hosts_outgoing=frozenset({"127.0.0.1"}))
        for _ in range(3):
            probe("POST", token=signed(KEY, kid="one"))
        probe("POST", token=signed(private_key("RSA", 1), kid="one"), status=401)
        assert len(web.requests) == 1

    def test_server_of_the_keys_that_is_away_is_503_and_anonymous_readers_do_not_notice(self, probe, identity, web):
        key_sets._fetched.cache_clear()
        identity(auth_mode="jwt", jwt_jwks=web.url("/gone"), allowed_hosts_outgoing=frozenset({"127.0.0.1"}))
        response = probe("POST", token=signed(KEY, kid="one"), status=503)
        assert response["Retry-After"]
        assert "127.0.0.1" not in response.content.decode()
        probe()
