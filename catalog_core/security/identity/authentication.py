"""The one authentication class of the API: it asks the ways of being identified that the settings name.

Credentials that are wrong are refused with 401 wherever they are sent, also where anybody may read: a caller who
believes to be somebody must not be served as nobody.
"""

from collections.abc import Callable

from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.request import Request

from catalog_core.conf import AuthMode, catalog_settings
from catalog_core.security.identity.bearer import bearer_credentials, carries_bearer
from catalog_core.security.identity.caller import Caller, caller_of_user
from catalog_core.security.identity.headers import caller_from_headers
from catalog_core.security.identity.tokens import caller_from_token

REALM = "catalog"


class CatalogAuthentication(BaseAuthentication):
    """Identifies callers by ``CATALOG_AUTH_MODE``, and people by their session in every mode."""

    def authenticate(self, request: Request) -> tuple[Caller, None] | None:
        """Return the caller, or nothing if the request says nothing about who sends it.

        Raises:
            AuthenticationFailed: the credentials are wrong, have run out or were revoked.
            PermissionDenied: a session is used from another site.
        """
        caller = _BY_MODE[catalog_settings().auth_mode](request) or _caller_from_session(request)
        return (caller, None) if caller else None

    def authenticate_header(self, request: Request) -> str:
        """Return the challenge that goes with a 401 (RFC 9110, section 11.6.1; RFC 6750, section 3)."""
        if catalog_settings().auth_mode == "header":
            return f'X-Remote-User realm="{REALM}"'
        wrong = ', error="invalid_token"' if carries_bearer(request._request) else ""
        return f'Bearer realm="{REALM}"{wrong}'


def _caller_from_own_token(request: Request) -> Caller | None:
    token = bearer_credentials(request._request)
    return caller_from_token(token) if token else None


def _caller_from_jwt(request: Request) -> Caller | None:
    # brings an HTTP client along, whose memory is for those alone who use this mode
    from catalog_core.security.identity.signed_tokens import caller_from_signed_token

    token = bearer_credentials(request._request)
    return caller_from_signed_token(token) if token else None


def _caller_from_headers(request: Request) -> Caller | None:
    return caller_from_headers(request._request)


def _caller_from_session(request: Request) -> Caller | None:
    identified = SessionAuthentication().authenticate(request)
    return caller_of_user(identified[0]) if identified else None


_BY_MODE: dict[AuthMode, Callable[[Request], Caller | None]] = {
    "django": _caller_from_own_token,
    "jwt": _caller_from_jwt,
    "header": _caller_from_headers,
}
