"""What keeps the server from starting: settings of identity under which callers would not be told apart.

Imported by the settings, so nothing here may need Django's apps.
"""

from urllib.parse import urlsplit

from catalog_core.conf import CatalogSettings


def identity_problem(settings: CatalogSettings, *, https: bool) -> str:
    """Return what is wrong with the settings, in one sentence with what to do; empty if nothing is."""
    if not settings.trusted_proxies:
        if settings.auth_mode == "header":
            return (
                "CATALOG_AUTH_MODE=header needs CATALOG_TRUSTED_PROXIES: the addresses of the proxies whose headers "
                "are to be believed, such as 10.0.0.0/24. Nobody else's are."
            )
        if https:
            return (
                "CATALOG_HTTPS=1 needs CATALOG_TRUSTED_PROXIES: the addresses of the proxies that end https and say "
                "so in X-Forwarded-Proto, such as 10.0.0.0/24."
            )
    return _jwt_problem(settings) if settings.auth_mode == "jwt" else ""


def is_address(jwks: str) -> bool:
    """Say whether ``CATALOG_JWT_JWKS`` is an address, as opposed to a file."""
    return "://" in jwks


def _jwt_problem(settings: CatalogSettings) -> str:
    # these pull in a library for cryptography, which servers in other modes do without
    from catalog_core.security.identity.key_files import UnusableKey, read_jwks_file, read_key_file

    if bool(settings.jwt_public_key_path) == bool(settings.jwt_jwks):
        return (
            "CATALOG_AUTH_MODE=jwt needs a key to check signatures with: set either CATALOG_JWT_PUBLIC_KEY_PATH (a "
            "PEM file) or CATALOG_JWT_JWKS (a file or an https address)."
        )
    try:
        if settings.jwt_public_key_path:
            read_key_file(settings.jwt_public_key_path)
        elif is_address(settings.jwt_jwks):
            return _address_problem(settings)
        else:
            read_jwks_file(settings.jwt_jwks)
    except UnusableKey as error:
        return str(error)
    return ""


def _address_problem(settings: CatalogSettings) -> str:
    try:
        address = urlsplit(settings.jwt_jwks)
        host = address.hostname or ""
    except ValueError:
        return "CATALOG_JWT_JWKS is not an address; give one such as https://login.example.org/keys, or a file."
    if address.scheme not in ("https", "http") or not host or address.username or address.password:
        return "CATALOG_JWT_JWKS has to be an https address without user name and password, or a file."
    if address.scheme == "http" and host not in settings.allowed_hosts_outgoing:
        return (
            f"CATALOG_JWT_JWKS would fetch keys from {host} unencrypted, where anybody on the way could put in their "
            "own. Use https; or name the host in CATALOG_ALLOWED_HOSTS_OUTGOING if the network is yours."
        )
    return ""
