"""Bodies of requests that are refused unread."""

import io

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory


def answered(body: bytes, path: str = "/api/agents_catalog/v1alpha1/management/apply-source"):
    """Return the status of a POST by a caller whom nobody knows, and how much of the body is left unread."""
    environ = RequestFactory().post(path, data=body, content_type="application/json").environ
    environ["wsgi.input"] = stream = io.BytesIO(body)
    statuses = []
    b"".join(WSGIHandler()(environ, lambda status, headers, *rest: statuses.append(status)))
    return statuses[0], len(body) - stream.tell()


@pytest.mark.usefixtures("kept_connection")
@pytest.mark.django_db
@pytest.mark.parametrize("body", [b"", b"{}", b"x" * 200_000])
def test_a_refused_request_leaves_nothing_of_its_body_in_the_connection(body):
    assert answered(body) == ("401 Unauthorized", 0)
    assert answered(body, "/nowhere") == ("404 Not Found", 0)


@pytest.mark.usefixtures("kept_connection")
@pytest.mark.django_db
def test_no_more_is_read_than_a_request_may_have(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100_000
    assert answered(b"x" * 250_000)[1] == 150_000
