"""A server whose settings would not tell callers apart does not start, and says why."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.security.issuer import pem, private_key

PROJECT = Path(__file__).parents[3]


@pytest.fixture
def start(tmp_path):
    def load_settings(expression: str = "None", **variables: str) -> subprocess.CompletedProcess:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("CATALOG_")}
        code = f"from django.conf import settings; settings.DEBUG; print({expression})"
        return subprocess.run(
            [sys.executable, "-c", code],
            cwd=PROJECT,
            env={
                **inherited,
                "DJANGO_SETTINGS_MODULE": "catalog_project.settings",
                "CATALOG_DATA_DIR": str(tmp_path / "data"),
                **variables,
            },
            capture_output=True,
            text=True,
            timeout=60,
        )

    return load_settings


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"CATALOG_AUTH_MODE": "none"}, ["CATALOG_AUTH_MODE", "'none'", "django, jwt, header"]),
        ({"CATALOG_AUTH_MODE": "jwt"}, ["CATALOG_JWT_PUBLIC_KEY_PATH", "CATALOG_JWT_JWKS"]),
        (
            {"CATALOG_AUTH_MODE": "jwt", "CATALOG_JWT_PUBLIC_KEY_PATH": "absent.pem"},
            ["CATALOG_JWT_PUBLIC_KEY_PATH", "absent.pem", "No such file"],
        ),
        ({"CATALOG_AUTH_MODE": "header"}, ["CATALOG_TRUSTED_PROXIES"]),
        ({"CATALOG_TRUSTED_PROXIES": "10.0.0.0/24, proxy"}, ["CATALOG_TRUSTED_PROXIES", "'proxy'"]),
        ({"CATALOG_TRUSTED_PROXIES": "10.0.0.1/24"}, ["CATALOG_TRUSTED_PROXIES", "host bits"]),
        ({"CATALOG_HTTPS": "1"}, ["CATALOG_HTTPS", "CATALOG_TRUSTED_PROXIES"]),
        ({"CATALOG_HTTPS": "perhaps"}, ["CATALOG_HTTPS", "'perhaps'"]),
    ],
)
def test_unusable_identity_stops_the_start_with_one_sentence(start, variables, words):
    result = start(**variables)
    assert result.returncode != 0
    for word in words:
        assert word in result.stderr
    assert "Traceback" not in result.stderr


def test_usable_settings_of_each_mode_start(start, tmp_path):
    key = tmp_path / "issuer.pem"
    key.write_bytes(pem(private_key("ES256")))
    for variables in (
        {},
        {"CATALOG_AUTH_MODE": "JWT", "CATALOG_JWT_PUBLIC_KEY_PATH": str(key)},
        {"CATALOG_AUTH_MODE": "header", "CATALOG_TRUSTED_PROXIES": "10.0.0.7, 2001:db8::/32"},
    ):
        result = start(**variables)
        assert result.returncode == 0, result.stderr


def test_https_only_makes_cookies_and_redirects_for_it(start):
    names = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS")
    expression = f"[bool(getattr(settings, name)) for name in {names}]"
    result = start(expression, CATALOG_HTTPS="1", CATALOG_TRUSTED_PROXIES="10.0.0.7")
    assert result.stdout.strip() == "[True, True, True, True]"
    assert start(expression).stdout.strip() == "[False, False, False, False]"


def test_probes_are_answered_without_https(client, db, settings):
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|healthz)$"]
    assert client.get("/livez").status_code == 200
    assert client.get("/api/plugins").status_code == 301
