"""What many operations have in common, said once: errors, headers, conditional requests (RFC 9110)."""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

JSON = "application/json"
ERROR_SCHEMA = "Error"
NOT_MODIFIED = "NotModified"

_REQUEST_ID = "1f0c8a52d3b14e6f9a7d2c5b8e4f6a10"
_ERRORS: Mapping[int, tuple[str, str, str]] = MappingProxyType(
    {
        # status: what it means, an example of `code` and of `message`
        400: (
            "The request cannot be understood; the message says where and what was expected.",
            "invalid_query",
            'filterQuery, character 1: there is no field "nam". Did you mean "name"?',
        ),
        401: ("The caller has to identify.", "not_authenticated", "Authentication credentials were not provided."),
        403: ("The caller may not do this.", "forbidden", "You may not do this."),
        404: ("There is no such thing.", "not_found", 'agent "router-one" not found.'),
        409: ("The state of the server does not allow this now.", "conflict", "Somebody else changed this meanwhile."),
        412: (
            "The client does not know the newest version.",
            "precondition_failed",
            "The version given is not current.",
        ),
        413: ("The request is too large.", "too_large", "The request is larger than this server takes."),
        415: ("The body is not in a format that is taken here.", "unsupported_media_type", "Send application/json."),
        422: (
            "The content of the request breaks a rule.",
            "invalid_document",
            "catalogs.mcp.sources[0].id: is missing.",
        ),
        428: ("The request has to say which version it changes.", "precondition_required", "Send If-Match."),
        429: ("Too many requests.", "throttled", "Try again later."),
        500: ("The server failed; its log has the details under the request id.", "internal", "The server failed."),
        502: ("A source could not be reached.", "unavailable", "The source does not answer; try again later."),
        503: (
            "The catalog or the server cannot serve at the moment.",
            "plugin_unavailable",
            "The plugin agents failed at init and is tried again; /api/plugins says more.",
        ),
    }
)
_WITH_WAIT = frozenset({429, 503})

HEADERS: Mapping[str, Any] = MappingProxyType(
    {
        "ETag": {
            "description": "Names this state of the answer, to be sent as `If-None-Match` next time.",
            "required": True,
            "schema": {"type": "string"},
        },
        "X-Request-ID": {
            "description": "Ties the answer to the log of the server: the id that the request brought, or a new one.",
            "required": True,
            "schema": {"type": "string"},
        },
        "Retry-After": {"description": "When to try again, in seconds.", "schema": {"type": "integer"}},
    }
)
SCHEMAS: Mapping[str, Any] = MappingProxyType(
    {
        "DocumentFormat": {"description": "The form of a document.", "type": "string", "enum": ["json", "yaml"]},
        "SortOrder": {"description": "The direction of an order.", "type": "string", "enum": ["ASC", "DESC"]},
    }
)
PARAMETERS: Mapping[str, Any] = MappingProxyType(
    {
        "IfNoneMatch": {
            "name": "If-None-Match",
            "in": "header",
            "description": "Entity tags of answers that the client has; the answer is 304 if one of them still holds.",
            "schema": {"type": "string"},
        }
    }
)


def reference(kind: str, name: str) -> dict[str, str]:
    """Return a reference to a component.

    >>> reference("headers", "ETag")
    {'$ref': '#/components/headers/ETag'}
    """
    return {"$ref": f"#/components/{kind}/{name}"}


def header_references(*names: str) -> dict[str, Any]:
    """Return the ``headers`` of a response."""
    return {name: reference("headers", name) for name in names}


def error_name(status: int) -> str:
    """Return what the shared response for an error status is called; empty if there is none.

    >>> error_name(404), error_name(418)
    ('NotFound', '')
    """
    return HTTPStatus(status).phrase.replace(" ", "") if status in _ERRORS else ""


def shared_responses() -> dict[str, Any]:
    """Return all responses that operations may refer to, by name."""
    not_modified = {
        "description": "The client has the newest state already.",
        "headers": header_references("ETag", "X-Request-ID"),
    }
    return {NOT_MODIFIED: not_modified} | {error_name(status): _error(status) for status in _ERRORS}


def _error(status: int) -> dict[str, Any]:
    description, code, message = _ERRORS[status]
    further = ("Retry-After",) if status in _WITH_WAIT else ()
    example = {"error": HTTPStatus(status).phrase, "code": code, "message": message, "requestId": _REQUEST_ID}
    return {
        "description": description,
        "headers": header_references("X-Request-ID", *further),
        "content": {JSON: {"schema": reference("schemas", ERROR_SCHEMA), "example": example}},
    }
