"""The form of every error on the wire: made here and nowhere else.

An error body is JSON with ``error`` (the phrase of the status, for people), ``code`` (a stable word, for programs),
``message`` (what is wrong and what to do) and ``requestId``. The message never holds a stack trace, a path, a query or
a secret. People with a browser, in the admin, get a page instead.
"""

import logging
import sys
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from rest_framework.exceptions import APIException
from rest_framework.response import Response

from catalog_core.administration.findings import as_finding
from catalog_core.administration.validation import ValidationFailed
from catalog_core.entities.documents import json_text
from catalog_core.exceptions import (
    ActionRefused,
    BrokerUnavailable,
    CatalogError,
    ConfigurationConflict,
    ConfigurationReadOnly,
    ConfigurationUnavailable,
    InvalidAction,
    InvalidDocument,
    InvalidQuery,
    JobOver,
    NotFound,
    PluginUnavailable,
    RefreshLimited,
    RefreshRefused,
    SourceError,
    SourceFailed,
    SourceUnavailable,
)
from catalog_core.log import request_id

logger = logging.getLogger(__name__)

_STATUS: tuple[tuple[type[CatalogError], int], ...] = (
    (InvalidQuery, 400),
    (InvalidAction, 400),
    (NotFound, 404),
    (ConfigurationConflict, 409),
    (ConfigurationReadOnly, 409),
    (ActionRefused, 409),
    (RefreshRefused, 409),
    (JobOver, 409),
    (InvalidDocument, 422),
    (ValidationFailed, 422),
    (SourceFailed, 500),
    (SourceUnavailable, 502),
    (SourceError, 422),
    (RefreshLimited, 429),
    (BrokerUnavailable, 503),
    (ConfigurationUnavailable, 503),
    (PluginUnavailable, 503),
)
_INTERNAL = "The server failed on this request. Report the request id to its administrator; the log has the details."


def error_body(status: int, code: str, message: str, **more: Any) -> dict[str, Any]:
    """Return the body of an error."""
    phrase = HTTPStatus(status).phrase
    return {"error": phrase, "code": code, "message": message, "requestId": request_id.get(), **more}


def error_response(
    status: int, code: str, message: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> HttpResponse:
    """Return an error outside Django REST framework."""
    content = json_text(error_body(status, code, message, **more))
    headers = {"Cache-Control": "no-store", **(headers or {})}
    return HttpResponse(content, status=status, content_type="application/json", headers=headers)


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response:
    """Turn whatever a view raised into a response; the ``EXCEPTION_HANDLER`` of Django REST framework."""
    status, code, message, more = _describe(error)
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        logger.error("request failed: %s", type(error).__name__, exc_info=error)
    response = Response(error_body(status, code, message, **more), status=status)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        response["Retry-After"] = "30"
    for name, value in _headers(error).items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    return response


def _describe(error: Exception) -> tuple[int, str, str, dict[str, Any]]:
    if isinstance(error, CatalogError):
        status = next((status for kind, status in _STATUS if isinstance(error, kind)), 500)
        return status, error.code, str(error) if status != 500 else _INTERNAL, _details(error)
    if isinstance(error, Http404):
        return 404, "not_found", str(error) or "There is nothing at this address.", {}
    if isinstance(error, PermissionDenied):
        return 403, "forbidden", str(error) or "You may not do this.", {}
    if isinstance(error, APIException):
        return error.status_code, _api_code(error), _api_message(error), {}
    return 500, "internal", _INTERNAL, {}


def _details(error: CatalogError) -> dict[str, Any]:
    """Return what the body of an error has besides, for programs."""
    if isinstance(error, InvalidQuery):
        return {"parameter": error.parameter} | ({} if error.position is None else {"position": error.position})
    if isinstance(error, InvalidAction):
        return {"problems": [{"field": name, "message": message} for name, message in error.problems]}
    if isinstance(error, ValidationFailed):
        return error.report.as_dict()
    return {"problems": [as_finding(one) for one in error.problems]} if isinstance(error, InvalidDocument) else {}


def _api_code(error: APIException) -> str:
    codes = error.get_codes()
    return codes if isinstance(codes, str) else str(error.default_code)


def _api_message(error: APIException) -> str:
    if isinstance(error.detail, str):
        return str(error.detail)
    parts = error.detail.items() if isinstance(error.detail, dict) else [("", error.detail)]
    return "; ".join(
        f"{name}: {' '.join(map(str, texts))}" if name else " ".join(map(str, texts)) for name, texts in parts
    )


def _headers(error: Exception) -> dict[str, str]:
    headers = {}
    if authenticate := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = authenticate
    if isinstance(error, RefreshLimited):
        headers["Retry-After"] = str(error.retry_after_seconds)
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) or 1)
    return headers


def _is_for_people(request: HttpRequest) -> bool:
    """Say whether somebody with a browser asks, in the admin: they get a page with a way back."""
    return request.path.startswith(reverse("admin:index")) and hasattr(request, "user")


def _page(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    context = {**admin.site.each_context(request), "title": title, "message": message}
    return render(request, "admin/catalog_core/refused.html", context, status=status)


def _failure_page() -> HttpResponse:
    """Return the page about a failure; made without the database, which may be what failed."""
    is_busy = isinstance(sys.exc_info()[1], OperationalError)
    status, title = (503, "The database is busy") if is_busy else (500, "The server failed on this request")
    context = {"title": title, "is_busy": is_busy, "request_id": request_id.get()}
    text = render_to_string("admin/catalog_core/failed.html", context)
    return HttpResponse(text, status=status, headers={"Cache-Control": "no-store"})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a path that no route knows."""
    if _is_for_people(request):
        return _page(request, 404, "Page not found", "There is nothing here (any more).")
    return error_response(
        404, "not_found", f"There is nothing at {request.path[:200]}. See /api/schema for what there is."
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django itself refuses."""
    refused = isinstance(exception, SuspiciousOperation)
    return error_response(
        400, "bad_request", "The request is not acceptable." if refused else "The request is malformed."
    )


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that is not allowed."""
    if _is_for_people(request):
        return _page(request, 403, "Not allowed", "You may not do this. Whoever looks after this server can let you.")
    return error_response(403, "forbidden", "You may not do this.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a request on which the server failed outside Django REST framework."""
    if _is_for_people(request):
        return _failure_page()
    return error_response(500, "internal", _INTERNAL)
