"""The provider ``http`` against a real server."""

import json
from email.utils import formatdate

import pytest

from catalog_core.exceptions import AddressForbidden, RefreshSuperseded, SourceInvalid, SourceUnavailable
from catalog_core.sources.providers.base import Snapshot, Unchanged
from catalog_core.sources.providers.http import HttpProvider

PROVIDER = HttpProvider()
OLD = "Wed, 21 Oct 2015 07:28:00 GMT"


@pytest.fixture
def read(request_for):
    def read_source(url, cursor=None, **properties):
        return PROVIDER.read(request_for({"url": url, **properties}, cursor=cursor))

    return read_source


def sent(web, number=-1):
    """Return the headers of a request that the server got, names in lower case."""
    return {name.lower(): value for name, value in web.requests[number][1].items()}


# --- failures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "error"),
    [(500, SourceUnavailable), (429, SourceUnavailable), (404, SourceInvalid), (401, SourceInvalid)],
)
def test_failures_repeat_no_credentials(web, read, status, error):
    url = web.serve("/feed", status, b"hunter2", Retry_After="5")
    with pytest.raises(error) as caught:
        read(f"{url}?key=hunter2", token="hunter2", headers={"X-Key": "hunter2"})
    assert "127.0.0.1" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_private_address_needs_permission(web, request_for):
    request = request_for({"url": web.serve("/feed")}, allowed_hosts=())
    with pytest.raises(AddressForbidden):
        PROVIDER.read(request)
    assert web.requests == []


def test_a_document_that_is_too_long_is_refused(web, request_for):
    url = web.serve("/feed", body=b"x" * 101)
    with pytest.raises(SourceInvalid, match="more than the 100 bytes"):
        PROVIDER.read(request_for({"url": url}, max_bytes=100))


def test_a_reading_is_bounded_in_time(web, request_for):
    url = web.route("/feed", lambda exchange: exchange.stall())
    with pytest.raises(SourceUnavailable, match=r"within 0\.2 seconds"):
        PROVIDER.read(request_for({"url": url}, total_seconds=0.2))


def test_a_reading_can_be_cancelled(web, request_for):
    with pytest.raises(RefreshSuperseded):
        PROVIDER.read(request_for({"url": web.serve("/feed")}, cancelled=lambda: True))


def test_a_login_page_is_not_taken_for_a_catalog(web, read):
    url = web.serve("/feed.yaml", body=b"<html>", Content_Type="text/html; charset=utf-8")
    with pytest.raises(SourceInvalid, match="a web page"):
        read(url)


def test_two_credentials_are_one_too_many(web, read):
    with pytest.raises(SourceInvalid, match="keep one of them"):
        read(web.serve("/feed"), token="a", headers={"AUTHORIZATION": "b"})


def test_an_unknown_format_is_refused_before_anything_is_sent(web, read):
    with pytest.raises(SourceInvalid, match="known are yaml, json, jsonl"):
        read(web.serve("/feed"), format="xml")
    assert web.requests == []


# --- what is read ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "media_type", "body", "file_format"),
    [
        ("/feed", "application/json", b"a: 1", "json"),
        ("/feed.yaml", "application/vnd.catalog+json; v=1", b"", "json"),
        ("/feed.json", "Application/YAML", b"", "yaml"),
        ("/feed", "application/x-ndjson", b"", "jsonl"),
        ("/feed.json", "text/plain", b"", "json"),
        ("/feed.jsonl", "application/octet-stream", b"", "jsonl"),
        ("/feed.yml", "binary/unknown", b"{", "yaml"),
        ("/feed", "text/plain", b'\xef\xbb\xbf \n{"a": 1}', "json"),
        ("/feed", "text/plain", b"[1]", "json"),
        ("/feed", "text/plain", b"a: 1", "yaml"),
        ("/feed", "text/plain", b"", "yaml"),
    ],
)
def test_the_format_is_found_out(web, read, path, media_type, body, file_format):
    [file] = read(web.serve(path, body=body, Content_Type=media_type)).files
    assert (file.name, file.format, file.content) == (path[1:], file_format, body)


def test_the_format_may_be_said(web, read):
    url = web.serve("/feed.json", body=b"<a>", Content_Type="text/html")
    assert read(url, format="jsonl").files[0].format == "jsonl"


@pytest.mark.parametrize(("path", "name"), [("/", "127.0.0.1:{port}"), ("/a/b%20c.yaml?d=e", "b c.yaml"), ("/a/", "a")])
def test_a_document_is_called_by_its_last_name(web, read, path, name):
    web.serve(path.partition("?")[0])
    assert read(web.url(path)).files[0].name == name.format(port=web.port)


def test_credentials_are_sent(web, read):
    read(web.serve("/feed"), token=" hunter2\n", headers={"X-Key": "also", "Accept": "text/yaml"})
    headers = sent(web)
    assert (headers["authorization"], headers["x-key"], headers["accept"]) == ("Bearer hunter2", "also", "text/yaml")


@pytest.mark.parametrize(
    ("headers", "revision"),
    [
        ({"ETag": '"v1"', "Last_Modified": OLD}, '"v1"'),
        ({"ETag": 'W/"v1"'}, 'W/"v1"'),
        ({"Last_Modified": OLD}, OLD),
        ({"ETag": f'"{"x" * 300}"'}, "sha256:16c3c6d78678"),
        ({}, "sha256:16c3c6d78678"),
    ],
)
def test_the_revision_is_what_the_server_calls_it(web, read, headers, revision):
    snapshot = read(web.serve("/feed", body=b"a: 1", **headers))
    assert snapshot.revision == revision
    assert json.loads(json.dumps(snapshot.cursor)) == snapshot.cursor


# --- what is noticed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("etag", ['"v1"', 'W/"v1"', "unquoted"])
def test_an_unchanged_document_is_not_sent_again(web, read, etag):
    def conditional(exchange):
        known = exchange.headers.get("If-None-Match") == etag
        exchange.answer(304 if known else 200, b"" if known else b"a: 1", ETag=etag, Last_Modified=OLD)

    url = web.route("/feed", conditional)
    snapshot = read(url)
    assert read(url, snapshot.cursor) == Unchanged(cursor=snapshot.cursor)
    assert sent(web)["if-modified-since"] == OLD


def test_validators_are_renewed_by_a_304(web, read):
    url = web.serve("/feed", body=b"a: 1", ETag='"v1"')
    cursor = read(url).cursor
    web.serve("/feed", 304, ETag='"v2"')
    outcome = read(url, cursor)
    assert outcome == Unchanged(cursor={**cursor, "etag": '"v2"'})


def test_equal_bytes_under_a_new_tag_are_unchanged(web, read):
    url = web.serve("/feed", body=b"a: 1", ETag='"v1"')
    cursor = read(url).cursor
    web.serve("/feed", body=b"a: 1", ETag='"v2"')
    assert read(url, cursor) == Unchanged(cursor={**cursor, "etag": '"v2"'})


def test_other_bytes_are_read_even_under_the_old_tag(web, read):
    url = web.serve("/feed", body=b"a: 1", ETag='"v1"')
    cursor = read(url).cursor
    web.serve("/feed", body=b"a: 2", ETag='"v1"')
    assert read(url, cursor).files[0].content == b"a: 2"


def test_a_date_from_the_second_of_the_answer_is_not_relied_on(web, read):
    url = web.serve("/feed", body=b"a: 1", Last_Modified=formatdate(usegmt=True))
    snapshot = read(url)
    assert "lastModified" not in snapshot.cursor
    read(url, snapshot.cursor)
    assert "if-modified-since" not in sent(web)


@pytest.mark.parametrize("date", ["yesterday", "", "Wed, 99 Oct 2015 07:28:00 GMT", "21 Oct 2015 07:28:00"])
def test_a_date_that_is_none_is_not_relied_on(web, read, date):
    assert "lastModified" not in read(web.serve("/feed", Last_Modified=date)).cursor


def test_a_server_without_validators_is_compared_by_content(web, read):
    url = web.serve("/feed", body=b"a: 1")
    cursor = read(url).cursor
    assert read(url, cursor) == Unchanged(cursor=cursor)
    assert {"if-none-match", "if-modified-since"}.isdisjoint(sent(web))


@pytest.mark.parametrize(
    "change", [{"format": "json"}, {"headers": {"Accept-Language": "de"}}], ids=["format", "headers"]
)
def test_other_properties_are_never_answered_unchanged(web, read, change):
    url = web.serve("/feed", body=b"a: 1", ETag='"v1"')
    cursor = read(url).cursor
    assert isinstance(read(url, cursor, **change), Snapshot)
    assert "if-none-match" not in sent(web)


def test_another_address_is_never_answered_unchanged(web, read):
    cursor = read(web.serve("/a", body=b"a: 1", ETag='"v1"')).cursor
    assert isinstance(read(web.serve("/b", body=b"a: 1", ETag='"v1"'), cursor), Snapshot)


def test_a_new_token_alone_does_not_mean_a_new_document(web, read):
    url = web.serve("/feed", body=b"a: 1")
    cursor = read(url, token="old").cursor
    assert isinstance(read(url, cursor, token="new"), Unchanged)
    assert "old" not in json.dumps(cursor)
