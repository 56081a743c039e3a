"""Proxies: whose word counts about callers, and about how they came here."""

from collections.abc import Callable
from ipaddress import IPv6Address, ip_address

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from catalog_core.conf import catalog_settings

_FORWARDED_PROTOCOL = "HTTP_X_FORWARDED_PROTO"


def from_trusted_proxy(request: HttpRequest) -> bool:
    """Say whether the request came over a connection from one of ``CATALOG_TRUSTED_PROXIES``.

    It goes by the address of the connection. What a header says about addresses is never looked at.
    """
    networks = catalog_settings().trusted_proxies
    if not networks:
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:  # a socket of the file system has no address
        return False
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in networks)


class ForwardedMiddleware:
    """Takes ``X-Forwarded-Proto`` out of requests that did not come from a trusted proxy.

    Django believes it of anybody, and would hold a connection in plain text to be an encrypted one.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer the request."""
        if _FORWARDED_PROTOCOL in request.META and not from_trusted_proxy(request):
            del request.META[_FORWARDED_PROTOCOL]
        return self._get_response(request)
