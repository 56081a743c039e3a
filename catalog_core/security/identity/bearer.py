"""Credentials in the ``Authorization`` header of a request (RFC 6750)."""

from django.http import HttpRequest
from rest_framework.exceptions import AuthenticationFailed

MAX_CHARACTERS = 16 * 1024
"""Longest token that is looked at."""


def carries_bearer(request: HttpRequest) -> bool:
    """Say whether a request has bearer credentials, good or bad."""
    return _scheme_and_token(request)[0] == "bearer"


def bearer_credentials(request: HttpRequest) -> str:
    """Return the bearer token of a request; empty if it has none.

    Other schemes are passed over: they may be meant for a proxy on the way.

    Raises:
        AuthenticationFailed: the header says ``Bearer`` and holds no token, or too long a one.
    """
    scheme, token = _scheme_and_token(request)
    if scheme != "bearer":
        return ""
    if not token or " " in token:
        raise AuthenticationFailed('The Authorization header holds no token; it reads "Bearer", a space, the token.')
    if len(token) > MAX_CHARACTERS:
        raise AuthenticationFailed(f"The token is longer than {MAX_CHARACTERS} characters.")
    return token


def _scheme_and_token(request: HttpRequest) -> tuple[str, str]:
    scheme, _, token = request.headers.get("Authorization", "").strip().partition(" ")
    return scheme.lower(), token.strip()
