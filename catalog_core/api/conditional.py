"""Conditional requests: an answer that the client has already is not sent again (RFC 9110, section 13)."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control

from catalog_core.api.parameters import Parameters

JSON = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a request reads.

    Attributes:
        etag: the entity tag of the answer.
        body: makes the body, as JSON; not called where the client has it already.
    """

    etag: str
    body: Callable[[], str]


class DirectlyReadable:
    """A view whose answer to GET is a :class:`Reading`, so that the cache in front of Django can make its body.

    Both methods depend on nothing but what is visible, the path and the query: not on who asks.
    """

    @classmethod
    def visible(cls) -> Any:
        """Return what is visible of all that the view reads from; it holds for all requests until something changes."""
        raise NotImplementedError

    @classmethod
    def reading(cls, visible: Any, parameters: Parameters, **named: str) -> Reading:
        """Return what a request reads.

        Args:
            visible: what :meth:`visible` returned.
            parameters: the query.
            named: the values in the path.

        Raises:
            CatalogError: the request is wrong, or there is nothing of that name.
        """
        raise NotImplementedError

    @classmethod
    def answer(cls, request: HttpRequest, parameters: Parameters, **named: str) -> HttpResponse:
        """Answer a request."""
        reading = cls.reading(cls.visible(), parameters, **named)
        return not_modified(request, reading.etag) or json_answer(reading.body(), reading.etag)


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
