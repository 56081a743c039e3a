"""Identity by tokens that another server signs (JWT, RFC 7519)."""

from collections.abc import Mapping
from typing import Any

import jwt
from jwt.exceptions import ExpiredSignatureError, ImmatureSignatureError, InvalidSignatureError, PyJWTError
from jwt.types import Options
from rest_framework.exceptions import AuthenticationFailed

from catalog_core.conf import CatalogSettings, catalog_settings
from catalog_core.security.identity.caller import Caller, Role
from catalog_core.security.identity.key_files import VerificationKey
from catalog_core.security.identity.key_sets import current_keys

LEEWAY_SECONDS = 10
"""How far the clocks of the issuer and of this server may differ."""
ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "ES256", "ES384", "ES512"})
_MAX_NAME_CHARACTERS = 150


def caller_from_signed_token(token: str) -> Caller:
    """Return the caller that a signed token names.

    The signature, ``exp`` and ``sub`` are always required, ``iss`` and ``aud`` where the settings name them.

    Raises:
        AuthenticationFailed: any of these is missing or wrong.
        KeysUnavailable: the signature cannot be checked at the moment.
    """
    settings = catalog_settings()
    header = _header(token)
    kid = header.get("kid", "")
    candidates = _candidates(current_keys(settings, wanted_id=kid), kid, header["alg"])
    if not candidates:
        raise AuthenticationFailed("The token is signed with a key that this server does not accept.")
    claims = _claims(token, candidates, header["alg"], settings)
    name = claims["sub"].strip()
    if not 0 < len(name) <= _MAX_NAME_CHARACTERS:
        raise AuthenticationFailed(f'"sub" in the token has to be a name of 1 to {_MAX_NAME_CHARACTERS} characters.')
    return Caller(name=name, role=role_in(claims, settings), identified_by="jwt")


def role_in(claims: Mapping[str, Any], settings: CatalogSettings) -> Role:
    """Return the role that the claims of a token give, at the place that the settings name.

    What is there may be one text or a list of them; upper and lower case are the same.
    """
    found = _claim(claims, settings.jwt_role_claim)
    values = found if isinstance(found, list) else [found]
    wanted = settings.jwt_operator_value.casefold()
    operator = any(isinstance(value, str) and value.casefold() == wanted for value in values)
    return Role.OPERATOR if operator else Role.VIEWER


def _claim(claims: Mapping[str, Any], path: str) -> Any:
    if path in claims:  # names of claims may be addresses, which have dots in them
        return claims[path]
    found: Any = claims
    for part in path.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _header(token: str) -> dict[str, Any]:
    """Return the header of a token, which is not to be believed before the signature is checked."""
    try:
        header = jwt.get_unverified_header(token)
    except (PyJWTError, ValueError, RecursionError) as error:
        raise AuthenticationFailed("The token is no signed token (JWT) in its compact form.") from error
    if header.get("alg") not in tuple(ALGORITHMS):  # not the set, as it may be something that has no hash
        raise AuthenticationFailed(f"The token has to be signed with one of {', '.join(sorted(ALGORITHMS))}.")
    if "crit" in header:
        raise AuthenticationFailed("The token wants extensions that this server does not know.")
    return header


def _candidates(keys: tuple[VerificationKey, ...], kid: str, algorithm: str) -> list[VerificationKey]:
    """Return the keys that may have made the signature; a key without an id stands for any."""
    return [key for key in keys if algorithm in key.algorithms and (not kid or key.kid in ("", kid))]


def _claims(token: str, candidates: list[VerificationKey], algorithm: str, settings: CatalogSettings) -> dict[str, Any]:
    required = {"exp": True, "sub": True, "iss": bool(settings.jwt_issuer), "aud": bool(settings.jwt_audience)}
    options: Options = {
        "require": [claim for claim, wanted in required.items() if wanted],
        "verify_iss": required["iss"],
        "verify_aud": required["aud"],
    }
    for key in candidates:
        try:
            return jwt.decode(
                token,
                key.key,
                algorithms=[algorithm],
                issuer=settings.jwt_issuer or None,
                audience=settings.jwt_audience or None,
                leeway=LEEWAY_SECONDS,
                options=options,
            )
        except InvalidSignatureError:
            continue
        except (PyJWTError, ValueError, RecursionError) as error:
            raise AuthenticationFailed(_refusal(error)) from error
    raise AuthenticationFailed("The signature of the token is wrong.")


def _refusal(error: Exception) -> str:
    if isinstance(error, ExpiredSignatureError):
        return "The token has expired; get a new one."
    if isinstance(error, ImmatureSignatureError):
        return "The token is not valid yet; compare the clocks."
    return f"The token is not acceptable: {error}."
