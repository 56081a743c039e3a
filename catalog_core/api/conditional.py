"""Conditional requests: an answer that the client has already is not sent again (RFC 9110, section 13)."""

import hashlib

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control

JSON = "application/json"


def entity_tag(*parts: object) -> str:
    """Return an entity tag made from everything that an answer depends on."""
    return f'"{hashlib.blake2b(repr(parts).encode(), digest_size=12).hexdigest()}"'


def not_modified(request: HttpRequest, etag: str) -> HttpResponse | None:
    """Return the 304 answer if the client has this state already, else nothing.

    ``*`` names no state: who sends it gets the whole answer, or hears what is wrong with the request.
    """
    if request.headers.get("If-None-Match", "").strip() == "*":
        return None
    answer = get_conditional_response(request, etag=etag)
    return _marked(answer, etag) if answer is not None else None


def json_answer(content: str | bytes, etag: str) -> HttpResponse:
    """Return finished JSON with its entity tag. Clients may keep it, and ask each time whether it still holds."""
    return _marked(HttpResponse(content, content_type=JSON), etag)


def _marked(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = etag
    patch_cache_control(response, no_cache=True)
    return response
