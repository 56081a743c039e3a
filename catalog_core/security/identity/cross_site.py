"""Requests that a page of another site makes a browser send.

A proxy that knows people by a cookie says who they are whatever page made their browser send the request. Sessions have
Django's token against that; here it goes by what browsers themselves say about where a request comes from. Programs say
nothing of the kind and are not concerned.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from rest_framework.exceptions import PermissionDenied

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OWN_SITE = frozenset({"same-origin", "none"})


def refuse_cross_site(request: HttpRequest) -> None:
    """Refuse a request that would change something and comes from a page of another origin.

    Raises:
        PermissionDenied: it does.
    """
    if request.method in _SAFE_METHODS:
        return
    origin = request.headers.get("Origin", "")
    if origin and origin in settings.CSRF_TRUSTED_ORIGINS:
        return
    fetched_from = request.headers.get("Sec-Fetch-Site", "")
    foreign = fetched_from not in _OWN_SITE if fetched_from else bool(origin) and _host(origin) != request.get_host()
    if foreign:
        raise PermissionDenied(
            "The request comes from a page of another site; if that site is yours, add its origin to "
            "CATALOG_CSRF_TRUSTED_ORIGINS."
        )


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
