"""One record for each answered request."""

import logging

import pytest
from django.http import HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from catalog_core.api.access_log import AccessLogMiddleware


@pytest.mark.parametrize(
    ("response", "size"),
    [(HttpResponse(b"12345", status=404), 5), (StreamingHttpResponse([b"1", b"2"]), None), (HttpResponse(), 0)],
)
def test_answer_is_logged_with_status_and_size_but_without_its_query(response, size, caplog):
    with caplog.at_level(logging.INFO, "catalog_core.access"):
        answered = AccessLogMiddleware(lambda request: response)(RequestFactory().get("/api/plugins?token=private"))
    assert answered is response
    (record,) = caplog.records
    assert (record.method, record.path, record.status, record.bytes) == (
        "GET",
        "/api/plugins",
        response.status_code,
        size,
    )
    assert "private" not in record.getMessage()


def test_nothing_is_logged_where_the_access_log_is_off(caplog):
    with caplog.at_level(logging.WARNING, "catalog_core.access"):
        AccessLogMiddleware(lambda request: HttpResponse())(RequestFactory().get("/"))
    assert caplog.records == []
