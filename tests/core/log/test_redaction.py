"""Credentials do not get through, and ordinary text does."""

import json
import logging
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_core.log import redact
from catalog_core.log.formatters import JsonLinesFormatter, TextFormatter

SECRETS = st.text(string.ascii_letters + string.digits + "-._~+", min_size=8, max_size=60).map(
    lambda text: f"Zq7{text}"
)

LEAKS = [
    "GET https://reader:{}@git.example.org/a.git failed",
    "postgres://{}@db.example.org/catalog",
    "redis://:{}@127.0.0.1:6379/0 and then more",
    "Authorization: Bearer {}",
    "authorization: Basic {}",
    "proxy-authorization={}",
    "{{'Authorization': 'Token {}'}}",
    "[('authorization', b'Bearer {}')]",
    '{{"Authorization": "Bearer {}"}}',
    r"\"authorization\": \"Bearer {}\"",
    "Cookie: sessionid={}",
    "called with bearer {}",
    "/api?token={}&page=2",
    "token = {}",
    "authToken='{} and a space'",
    '{{"apiKey": "{}", "name": "x"}}',
    "HF_TOKEN={} was set",
    "password='{}'",
    "client_secret={};",
    "AWS_SECRET_ACCESS_KEY={}",
]


@pytest.mark.parametrize("template", LEAKS)
@given(secret=SECRETS)
def test_credential_is_hidden_wherever_it_stands(template, secret):
    assert secret not in redact(template.format(secret))


@pytest.mark.parametrize(
    "token",
    ["hf_AbCdEfGhIjKlMnOpQrStUv", "ghp_0123456789abcdefghijABCDEFGHIJ", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"],
)
def test_known_token_is_hidden_without_any_name(token):
    assert token not in redact(f"the answer was {token}!")


@pytest.mark.parametrize(
    "text",
    [
        "source demo: recovered",
        "GET /api/mcp_catalog/v1alpha1/mcpservers 200 1.2 ms 5321 B",
        "pageToken: it was made for another list",
        "pageToken=abc is damaged",
        "nextPageToken=abc",
        "the token is missing",
        "https://git.example.org/a.git at 12:30",
        "mail to somebody@example.org",
        "bearer tokens are checked",
        "",
    ],
)
def test_ordinary_text_is_left_alone(text):
    assert redact(text) == text


@given(st.text(max_size=300))
def test_any_text_is_survived_and_redacting_twice_changes_nothing(text):
    assert redact(redact(text)) == redact(text)


def test_long_hostile_text_is_done_at_once():
    for text in ("a" * 200_000, "a://" * 50_000, "token" * 40_000, "'\"" * 100_000, "authorization" * 20_000):
        redact(text)


def record(message, *arguments, **extra):
    made = logging.getLogger("test").makeRecord("test", logging.INFO, "", 1, message, arguments, None, extra=extra)
    made.request_id = "r-1"
    return made


@given(secret=SECRETS, style=st.sampled_from([TextFormatter, JsonLinesFormatter]))
def test_formatters_hide_credentials_in_arguments_tracebacks_and_extras(secret, style):
    made = record("calling %s", f"https://me:{secret}@host/", headers={"authorization": secret}, password=secret)
    try:
        raise ValueError(f"token={secret}")
    except ValueError as error:
        made.exc_info = (type(error), error, error.__traceback__)
    assert secret not in style().format(made)


@given(
    message=st.text(), extra=st.dictionaries(st.sampled_from(["status", "token", "detail"]), st.text() | st.integers())
)
def test_json_lines_stay_json_whatever_is_hidden(message, extra):
    line = JsonLinesFormatter().format(record("%s", message, **extra))
    assert "\n" not in line
    parsed = json.loads(line)
    assert parsed["level"] == "INFO"
    assert parsed["request_id"] == "r-1"
    assert set(extra) <= set(parsed)
