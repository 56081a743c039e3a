"""Tokens of this server's own."""

import hashlib
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from catalog_core.log import redact
from catalog_core.security.identity.caller import Role
from catalog_core.security.identity.tokens import issue_token, revoke_token
from catalog_core.security.models import ApiToken, TokenState

pytestmark = pytest.mark.django_db


def issued(name="nightly", role=Role.VIEWER, expires_at=None):
    return issue_token(name=name, role=role, expires_at=expires_at, created_by="root")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "coc_",
        "coc_000000000000_" + "0" * 64,
        "coc_00_00",
        "Coc_000000000000_" + "0" * 64,
        "eyJhbGciOiJub25lIn0.e30.",
    ],
)
def test_what_is_no_token_of_this_server_is_refused_even_where_anybody_may_read(probe, text):
    response = probe(Authorization=f"Bearer {text}", status=401)
    assert response["WWW-Authenticate"] == 'Bearer realm="catalog", error="invalid_token"'
    assert response.json()["requestId"]


def test_missing_identity_is_401_and_lacking_role_403(probe):
    missing = probe("POST", status=401)
    assert missing["WWW-Authenticate"] == 'Bearer realm="catalog"'
    lacking = probe("POST", token=issued().text, status=403)
    assert "WWW-Authenticate" not in lacking
    assert lacking.json()["error"] == "Forbidden"
    assert "operator" in lacking.json()["message"]


def test_secret_of_another_token_does_not_open(probe):
    one, other = issued("one"), issued("other")
    mixed = one.text[:17] + other.text[17:]
    assert "not one of this server's" in probe(token=mixed, status=401).json()["message"]


def test_revoked_token_is_refused_at_the_next_request(probe):
    token = issued(role=Role.OPERATOR)
    probe("POST", token=token.text)
    assert revoke_token(token.row, revoked_by="root")
    assert not revoke_token(token.row, revoked_by="somebody else")
    assert "revoked" in probe(token=token.text, status=401).json()["message"]
    assert ApiToken.objects.get().revoked_by == "root"


def test_expired_token_is_refused(probe):
    token = issued(expires_at=timezone.now() + timedelta(days=1))
    probe(token=token.text)
    ApiToken.objects.update(expires_at=timezone.now())
    assert "expired" in probe(token=token.text, status=401).json()["message"]


def test_what_became_of_a_token_is_not_told_to_who_only_knows_its_beginning(probe):
    token = issued()
    revoke_token(token.row, revoked_by="root")
    guessed = token.text[:17] + "0" * 64
    assert "revoked" not in probe(token=guessed, status=401).json()["message"]


def test_token_names_its_caller_and_role(probe):
    assert probe(token=issued().text).json() | {"https": False} == {
        "name": "token:nightly",
        "role": "viewer",
        "by": "token",
        "groups": [],
        "https": False,
    }
    operator = issued("deploy", Role.OPERATOR).text
    assert probe("POST", token=operator).json()["role"] == "operator"
    assert probe("POST", Authorization=f"bearer   {operator}").json()["name"] == "token:deploy"


@pytest.mark.parametrize("scheme", ["Basic eDp5", "Digest x", "Token x"])
def test_other_schemes_are_for_somebody_else(probe, scheme):
    assert probe(Authorization=scheme).json()["name"] == "anonymous"


@pytest.mark.parametrize("value", ["Bearer", "Bearer ", "Bearer a b", f"Bearer {'x' * 20_000}"])
def test_bearer_without_one_good_token_is_401(probe, value):
    probe(Authorization=value, status=401)


def test_only_a_digest_is_kept(probe):
    token = issued()
    secret = token.text.rpartition("_")[2]
    row = ApiToken.objects.values().get()
    assert not [value for value in row.values() if secret in str(value)]
    assert row["digest"] == hashlib.sha256(secret.encode()).hexdigest()
    assert token.text not in repr(token)


def test_token_does_not_get_into_logs():
    text = issued().text
    assert text not in redact(f"somebody pasted {text} somewhere")
    assert text[20:] not in redact(f"Authorization: Bearer {text}")


def test_use_is_written_at_most_once_a_minute(probe):
    token = issued()
    probe(token=token.text)
    first = ApiToken.objects.get().last_used_at
    with CaptureQueriesContext(
        connection,
    ) as queries:
        probe(token=token.text)
    assert not [query for query in queries if query["sql"].startswith("UPDATE")]
    assert ApiToken.objects.get().last_used_at == first
    ApiToken.objects.update(last_used_at=first - timedelta(minutes=2))
    probe(token=token.text)
    assert ApiToken.objects.get().last_used_at >= first


def test_who_calls_anonymously_is_known_without_a_query(probe, client):
    with CaptureQueriesContext(connection) as queries:
        probe()
    assert [query["sql"] for query in queries if "pluginfolder" not in query["sql"]] == []


def test_names_of_tokens_that_work_are_unique():
    first = issued()
    with pytest.raises(ValidationError, match="Another token has this name"):
        issued()
    revoke_token(first.row, revoked_by="root")
    issued()


@pytest.mark.parametrize(
    ("values", "problem"),
    [({"name": ""}, "blank"), ({"expires_at": timezone.now()}, "has passed"), ({"name": "x" * 101}, "100 characters")],
)
def test_impossible_token_is_not_issued(values, problem):
    with pytest.raises(ValidationError, match=problem):
        issued(**values)
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("mode", ["jwt", "header"])
def test_tokens_open_nothing_in_other_modes(probe, identity, mode, tmp_path):
    key = tmp_path / "keys.json"
    key.write_text('{"keys": []}')
    identity(auth_mode=mode, jwt_jwks=str(key))
    probe("POST", token=issued(role=Role.OPERATOR).text, status=401)


class TestCommand:
    def test_created_token_is_alone_on_the_output_and_works(self, probe, capsys):
        call_command("token", "create", "deploy", "--role", "operator", "--days", "7")
        token = capsys.readouterr().out.strip()
        assert probe("POST", token=token).json()["name"] == "token:deploy"
        row = ApiToken.objects.get()
        assert timedelta(days=6) < row.expires_at - timezone.now() <= timedelta(days=7)
        assert row.created_by.startswith("shell")

    def test_list_shows_state_and_no_secret(self, capsys):
        token = issued()
        call_command("token", "list")
        out = capsys.readouterr().out
        assert "active" in out
        assert "nightly" in out
        assert token.text[20:] not in out

    @pytest.mark.parametrize("by", ["name", "beginning"])
    def test_revoke_takes_the_name_or_the_beginning(self, by):
        token = issued()
        call_command("token", "revoke", "nightly" if by == "name" else token.text[:16])
        assert ApiToken.objects.get().state is TokenState.REVOKED

    def test_unknown_name_is_an_error_that_says_where_to_look(self):
        with pytest.raises(CommandError, match="token list"):
            call_command("token", "revoke", "nobody")

    def test_taken_name_is_an_error(self):
        issued()
        with pytest.raises(CommandError, match="Another token has this name"):
            call_command("token", "create", "nightly")

    @pytest.mark.parametrize("days", ["0", "-1", "x", "99999"])
    def test_silly_lives_are_refused(self, days):
        with pytest.raises(CommandError, match="--days"):
            call_command("token", "create", "nightly", f"--days={days}")

    def test_token_may_hold_until_it_is_revoked(self):
        call_command("token", "create", "nightly", "--never-expires")
        assert ApiToken.objects.get().expires_at is None
