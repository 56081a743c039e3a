"""What management requests carry: one JSON object, bounded; and who wants a change, why, and on what condition."""

import json
from typing import Any

from django.conf import settings
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from catalog_core.administration.carrying_out import Circumstances
from catalog_core.exceptions import InvalidQuery
from catalog_core.security.permissions import caller_of
from catalog_core.sources.models import MAX_REASON_CHARACTERS


class BodyTooLarge(APIException):
    """The body is larger than the server takes."""

    status_code = 413
    default_code = "too_large"


class ObjectParser(BaseParser):
    """Reads one JSON object (RFC 8259).

    Only ``application/json`` is taken: a form of another site cannot send that with a user's session.
    """

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        """Return the object.

        Raises:
            ParseError: the body is no JSON object, or holds text that no database can store.
            BodyTooLarge: it is larger than DATA_UPLOAD_MAX_MEMORY_SIZE.
        """
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        content = stream.read(limit + 1)
        if len(content) > limit:
            raise BodyTooLarge(f"The body is larger than the {limit} bytes that a request may have.")
        try:
            value = json.loads(content or b"{}", parse_constant=_refuse_constant)
            json.dumps(value, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:  # half of a surrogate pair is a ValueError too
            raise ParseError(f"The body is not valid JSON: {_reason(error)}.") from error
        if not isinstance(value, dict):
            raise ParseError("The body has to be a JSON object, such as {}.")
        return value


def body_of(request: Request) -> dict[str, Any]:
    """Return the JSON object that a request carries; an empty one if it carries nothing.

    Raises:
        ParseError: the body is no JSON object.
        UnsupportedMediaType: the body is declared to be something else than JSON.
    """
    return dict(request.data) if request.data else {}


def wants(request: Request, name: str) -> bool:
    """Say whether a switch is set, in the query (``?name=1``) or, as true, in the body."""
    return request.query_params.get(name, "").lower() in ("1", "true", "yes") or body_of(request).get(name) is True


def circumstances_of(request: Request) -> Circumstances:
    """Return who wants a change, why (``?reason=``), and on what condition (``If-Match``).

    Raises:
        InvalidQuery: the reason is too long, or no plain text.
        ParseError: several versions are given.
    """
    reason = " ".join(request.query_params.get("reason", "").split())
    if len(reason) > MAX_REASON_CHARACTERS:
        message = f"this has {len(reason)} characters; shorten it to {MAX_REASON_CHARACTERS}."
        raise InvalidQuery(message, parameter="reason")
    if not reason.isprintable():
        raise InvalidQuery("this holds control characters; give plain text.", parameter="reason")
    return {"actor": caller_of(request).name, "reason": reason, "expected_version": _expected_version(request)}


def _expected_version(request: Request) -> str | None:
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return None
    if "," in given:
        raise ParseError("If-Match names several versions; give the one that the change is based on.")
    return given.removeprefix("W/").strip('"')


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} in line {error.lineno}, column {error.colno}"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return "it holds half of a surrogate pair" if isinstance(error, UnicodeEncodeError) else str(error)
