"""Addresses of documents: which are acceptable, and what of them may be shown."""

import ipaddress
import re

import httpx

from catalog_core.exceptions import SourceInvalid

_DEFAULT_PORTS = {"http": 80, "https": 443}
_HOST_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})?")


def checked_url(text: str) -> httpx.URL:
    """Return ``text`` as an address that a request may be made to.

    Raises:
        SourceInvalid: it is not an http or https address, names no host, or has a user name or password in it.
    """
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL:  # not kept as the cause: its text may repeat a password
        raise SourceInvalid("The address is not a valid URL; it should look like https://host/path.") from None
    if url.scheme not in _DEFAULT_PORTS:
        raise SourceInvalid(f"The address begins with {url.scheme or 'nothing'!r}; only http and https are read.")
    if not url.host:
        raise SourceInvalid("The address names no host; it should look like https://host/path.")
    if not _can_be_called(url):
        raise SourceInvalid("The address is not a valid URL: its host or port cannot exist.")
    if url.userinfo:
        raise SourceInvalid(
            f"The address on {place_of(url)} has a user name or password in it; "
            "take it out and use the property for credentials."
        )
    return url.copy_with(fragment=None)


def _can_be_called(url: httpx.URL) -> bool:
    """Say whether host and port are such as exist; the parser of ``httpx`` escapes what it should refuse."""
    host = url.raw_host.decode("ascii")
    if ":" in host:
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            return False
    elif not _HOST_NAME.fullmatch(host):
        return False
    return url.port is None or 0 < url.port < 65536


def port_of(url: httpx.URL) -> int:
    """Return the port that a connection for ``url`` goes to."""
    return url.port if url.port is not None else _DEFAULT_PORTS[url.scheme]


def place_of(url: httpx.URL) -> str:
    """Return the host, with the port if it is an unusual one: all of an address that error messages name."""
    host = f"[{url.host}]" if ":" in url.host else url.host
    return host if url.port in (None, _DEFAULT_PORTS.get(url.scheme)) else f"{host}:{url.port}"


def redact_url(text: str) -> str:
    """Return an address for logs: without user name, password, query and fragment.

    >>> redact_url("https://me:secret@example.org/feed.yaml?key=secret")
    'https://example.org/feed.yaml?...'
    """
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        return "(an address that cannot be read)"
    if not url.scheme or not (_can_be_called(url) or (url.scheme == "file" and not url.host)):
        return "(an address that cannot be read)"
    path = url.raw_path.partition(b"?")[0].decode("ascii")
    return f"{url.scheme}://{place_of(url)}{path}{'?...' if url.query else ''}"


def keeps_credentials(old: httpx.URL, new: httpx.URL) -> bool:
    """Say whether a redirect from ``old`` to ``new`` stays with the server that the credentials are for.

    That is the same scheme, host and port (RFC 6454), or the same host changing from http to https at the usual ports.
    """
    if old.host != new.host:
        return False
    ports = (port_of(old), port_of(new))
    if old.scheme == new.scheme:
        return ports[0] == ports[1]
    return new.scheme == "https" and ports == (80, 443)
