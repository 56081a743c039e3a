"""The HTTP client against a real server that misbehaves in every way a server can."""

import gzip
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpcore
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_core.exceptions import AddressForbidden, RefreshSuperseded, SourceInvalid, SourceUnavailable
from catalog_core.security.outgoing import OutgoingClient, RequestLimits
from catalog_core.security.outgoing.failures import LONGEST_PAUSE_SECONDS, retry_after_seconds
from tests.core.security.web_server import running_web_server

HERE = frozenset({"127.0.0.1"})


def client(allowed_hosts=HERE, cancelled=lambda: False, connector=None, **limits):
    bounds = {"max_bytes": 100_000, "total_seconds": 10.0, "request_seconds": 5.0, **limits}
    return OutgoingClient(
        limits=RequestLimits(**bounds), allowed_hosts=allowed_hosts, cancelled=cancelled, connector=connector
    )


def get(url, headers=None, **options):
    with client(**options) as outgoing:
        return outgoing.get(url, headers)


def refused(error, url, headers=None, **options):
    """Return the text and the error of a request that must fail."""
    with pytest.raises(error) as caught:
        get(url, headers, **options)
    return caught.value


# --- answers ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 503, 504, 507, 408, 429])
def test_trouble_of_the_server_is_worth_another_try(web, status):
    url = web.serve("/feed", status, b"internal: hunter2")
    error = refused(SourceUnavailable, url + "?key=hunter2")
    assert f"127.0.0.1:{web.port} answered {status}" in str(error)
    assert "hunter2" not in str(error)
    assert error.retry_after_seconds is None


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (400, "check the address"),
        (401, "check the token"),
        (403, "check the token"),
        (404, "nothing is found"),
        (410, "gone for good"),
        (204, "not a document"),
        (206, "not a document"),
        (300, "not a document"),
    ],
)
def test_a_refusal_has_to_be_mended_by_somebody(web, status, advice):
    error = refused(SourceInvalid, web.serve("/feed", status, b"" if status == 204 else b"hunter2"))
    assert f"answered {status}" in str(error)
    assert advice in str(error)
    assert "hunter2" not in str(error)


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_pause_that_is_asked_for_is_told(web, status):
    error = refused(SourceUnavailable, web.serve("/feed", status, Retry_After="17"))
    assert error.retry_after_seconds == 17


def test_a_304_that_nobody_asked_for_is_an_error(web):
    assert "answered 304" in str(refused(SourceInvalid, web.serve("/feed", 304)))


def test_a_304_is_an_answer_to_a_conditional_request(web):
    answer = get(web.serve("/feed", 304, ETag='"1"'), {"If-None-Match": '"1"'})
    assert (answer.status, answer.body, answer.headers["etag"]) == (304, b"", '"1"')


def test_a_document_arrives_as_it_was_sent(web):
    content = bytes(range(256)) * 10
    answer = get(web.serve("/feed", body=content, Content_Type="application/json"))
    assert (answer.status, answer.body) == (200, content)
    assert answer.headers["Content-Type"] == "application/json"


def test_the_request_says_who_asks_and_nothing_more(web, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    get(web.serve("/feed", Set_Cookie="session=1"))
    [(path, headers)] = web.requests
    assert path == "/feed"
    assert set(headers) == {"Host", "Accept-Encoding", "user-agent", "accept"}
    assert headers["user-agent"].startswith("catalog-of-catalogs/")
    assert headers["Host"] == f"127.0.0.1:{web.port}"


def test_cookies_are_not_sent_back(web):
    url = web.serve("/feed", Set_Cookie="session=1; Path=/")
    with client() as outgoing:
        outgoing.get(url)
        outgoing.get(url)
    assert all("cookie" not in {name.lower() for name in headers} for _, headers in web.requests)


def test_the_query_reaches_the_server_unchanged(web):
    web.serve("/feed")
    get(web.url("/feed?a=1&b=%2F%20x"))
    assert web.requests[0][0] == "/feed?a=1&b=%2F%20x"


# --- sizes -----------------------------------------------------------------------------------------------------------


def test_a_body_that_is_announced_too_long_is_refused_unread(web):
    error = refused(SourceInvalid, web.serve("/feed", body=b"x" * 101), max_bytes=100)
    assert "sends more than the 100 bytes" in str(error)


def test_an_endless_body_is_cut_off(web):
    def endless(exchange):
        exchange.raw(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        exchange.drip(b"x" * 5000, pause_seconds=0)

    assert "sends more than" in str(refused(SourceInvalid, web.route("/feed", endless)))


def test_a_gzip_bomb_does_not_unfold(web):
    bomb = gzip.compress(b"\0" * 50_000_000)
    assert len(bomb) < 100_000
    error = refused(SourceInvalid, web.serve("/feed", body=bomb, Content_Encoding="gzip"))
    assert "sends more than the 100000 bytes" in str(error)


def test_compressed_text_that_unfolds_to_nothing_is_cut_off(web):
    def endless(exchange):
        exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n")
        exchange.drip(gzip.compress(b"") * 1000, pause_seconds=0)

    assert "sends more than" in str(refused(SourceInvalid, web.route("/feed", endless)))


@given(parts=st.lists(st.binary(max_size=300_000), min_size=1, max_size=3))
def test_gzip_in_any_number_of_members_is_read(parts):
    with running_web_server() as web:
        url = web.serve("/feed", body=b"".join(gzip.compress(part) for part in parts), Content_Encoding="gzip")
        assert get(url, max_bytes=1_000_000).body == b"".join(parts)


def test_highly_compressed_text_is_read_whole(web):
    content = b"a" * 3_000_000
    url = web.serve("/feed", body=gzip.compress(content, 9), Content_Encoding="x-gzip")
    assert get(url, max_bytes=len(content)).body == content


@pytest.mark.parametrize(
    "body", [b"no gzip at all", zlib.compress(b"text"), gzip.compress(b"text", mtime=0) + b"rubbish"]
)
def test_broken_compression_is_named(web, body):
    error = refused(SourceInvalid, web.serve("/feed", body=body, Content_Encoding="gzip"))
    assert "cannot be decompressed" in str(error)


def test_compressed_text_that_ends_early_is_worth_another_try(web):
    body = gzip.compress(b"text" * 1000)[:-6]
    assert "broke before" in str(refused(SourceUnavailable, web.serve("/feed", body=body, Content_Encoding="gzip")))


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "deflate"])
def test_compression_that_was_not_asked_for_is_refused(web, encoding):
    assert "only gzip" in str(refused(SourceInvalid, web.serve("/feed", body=b"x", Content_Encoding=encoding)))


def test_bytes_are_counted_over_all_requests(web):
    url = web.serve("/feed", body=b"x" * 60)
    with client(max_bytes=100) as outgoing:
        outgoing.get(url)
        with pytest.raises(SourceInvalid, match="more than the 100 bytes"):
            outgoing.get(url)


# --- broken connections and slow servers -----------------------------------------------------------------------------


def test_a_refused_connection_is_worth_another_try():
    with running_web_server() as gone:
        pass
    assert f"127.0.0.1:{gone.port} refuses connections" in str(refused(SourceUnavailable, gone.url("/feed")))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nx",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
        b"HTTP/1.1 200 OK\r\n" + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\n",
    ],
    ids=["nothing", "other-protocol", "short", "bad-chunk", "chunks-cut-off", "two-lengths", "huge-header"],
)
def test_an_answer_that_breaks_off_or_breaks_the_rules_is_worth_another_try(web, answer):
    def route(exchange):
        exchange.raw(answer)
        exchange.close_connection = True

    assert "broke before the answer was complete" in str(refused(SourceUnavailable, web.route("/feed", route)))


def test_a_reset_in_the_middle_of_the_body_is_worth_another_try(web):
    def route(exchange):
        exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf")
        exchange.reset()

    assert "broke before the answer was complete" in str(refused(SourceUnavailable, web.route("/feed", route)))


def test_a_server_that_says_nothing_is_given_up_after_the_limit_for_one_read(web):
    error = refused(SourceUnavailable, web.route("/feed", lambda exchange: exchange.stall()), request_seconds=0.1)
    assert f"127.0.0.1:{web.port} stopped answering" in str(error)


@pytest.mark.parametrize(
    ("head", "piece"),
    [(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), (b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n", b"x")],
    ids=["headers", "body"],
)
def test_bytes_that_only_drip_do_not_outlast_the_total_limit(web, head, piece):
    def route(exchange):
        exchange.raw(head)
        exchange.drip(piece)

    error = refused(SourceUnavailable, web.route("/feed", route), total_seconds=0.3)
    assert "did not finish its answer within 0.3 seconds" in str(error)


def test_a_request_can_be_cancelled_while_it_waits(web):
    answers = iter([False, False])
    url = web.route("/feed", lambda exchange: exchange.stall())
    refused(RefreshSuperseded, url, cancelled=lambda: next(answers, True))


def test_nothing_is_sent_once_the_work_is_cancelled(web):
    refused(RefreshSuperseded, web.serve("/feed"), cancelled=lambda: True)
    assert web.requests == []


def test_plain_text_on_a_tls_connection_is_explained(web):
    error = refused(SourceUnavailable, f"https://127.0.0.1:{web.port}/feed")
    assert "No encrypted connection to 127.0.0.1" in str(error)


# --- redirects -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_and_the_last_address_is_told(web, status):
    web.serve("/a", status, b"moved", Location="/b/c?d=1")
    web.serve("/b/c", status, Location="../e")
    web.serve("/e", body=b"here")
    answer = get(web.url("/a"))
    assert (answer.body, answer.url) == (b"here", web.url("/e"))
    assert [path for path, _ in web.requests] == ["/a", "/b/c?d=1", "/e"]


def test_a_chain_of_redirects_has_an_end(web):
    for step in range(5):
        web.serve(f"/{step}", 302, Location=f"/{step + 1}?key=hunter2")
    error = refused(SourceInvalid, web.url("/0"), max_redirects=3)
    assert "redirects more than 3 times" in str(error)
    assert "hunter2" not in str(error)
    assert len(web.requests) == 4


def test_a_circle_of_redirects_is_noticed(web):
    web.serve("/a", 302, Location="/b")
    web.serve("/b", 302, Location="/a")
    assert "in a circle" in str(refused(SourceInvalid, web.url("/a")))
    assert len(web.requests) == 2


@pytest.mark.parametrize(
    ("location", "error"),
    [
        ("http://10.0.0.1/secret", AddressForbidden),
        ("http://127.0.0.2/secret", AddressForbidden),
        ("http://169.254.169.254/latest/meta-data", AddressForbidden),
        ("http://[::1]/secret", AddressForbidden),
        ("//127.0.0.2/secret", AddressForbidden),
        ("file:///etc/passwd", SourceInvalid),
        ("ftp://127.0.0.1/x", SourceInvalid),
        ("gopher://127.0.0.1/x", SourceInvalid),
        ("http://user:hunter2@127.0.0.1/x", SourceInvalid),
        ("http://", SourceInvalid),
        ("http://[broken", SourceInvalid),
        ("", SourceInvalid),
    ],
)
def test_a_redirect_is_checked_like_the_first_address(web, location, error):
    attempts = []

    class Recording(httpcore.SyncBackend):
        def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
            attempts.append(host)
            return super().connect_tcp(host, port, timeout, local_address, socket_options)

    text = str(refused(error, web.serve("/feed", 302, Location=location), connector=Recording()))
    assert set(attempts) == {"127.0.0.1"}, "no other address was tried"
    assert "hunter2" not in text
    assert "/secret" not in text


def test_credentials_stay_with_the_server_they_are_for(web):
    secret = {"Authorization": "Bearer hunter2", "X-Api-Key": "hunter2", "If-None-Match": '"1"', "Accept": "text/yaml"}
    with running_web_server() as other:
        web.serve("/same", 302, Location="/away")
        web.serve("/away", 302, Location=other.serve("/feed", body=b"here"))
        assert get(web.url("/same"), secret).body == b"here"
        for _, headers in web.requests:
            assert headers["authorization"] == "Bearer hunter2"
        [(_, headers)] = other.requests
    assert "hunter2" not in str(headers)
    assert (headers["if-none-match"], headers["accept"]) == ('"1"', "text/yaml")


# --- addresses and headers that are wrong from the start -------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "what"),
    [
        ("", "only http and https"),
        ("feed.yaml", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("ftp://a.example/", "only http and https"),
        ("http:///path", "names no host"),
        ("http://[broken/", "not a valid URL"),
        ("http://a.example:99999/", "not a valid URL"),
        ("http://a.example/\x00", "not a valid URL"),
        ("https://me:hunter2@a.example/", "user name or password"),
    ],
)
def test_an_address_that_cannot_be_called_is_explained(url, what):
    error = refused(SourceInvalid, url)
    assert what in str(error)
    assert "hunter2" not in str(error)


@pytest.mark.parametrize("value", ["hunter2\r\nX-Evil: 1", "hunter2\n\nGET /", "hunter2\0"])
def test_a_header_cannot_smuggle_in_another(web, value):
    error = refused(SourceInvalid, web.serve("/feed"), {"Authorization": value})
    assert "forbidden characters" in str(error)
    assert "hunter2" not in str(error)
    assert web.requests == []


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding", "Connection"])
def test_headers_that_frame_the_request_cannot_be_set(web, name):
    assert "set by the server itself" in str(refused(SourceInvalid, web.serve("/feed"), {name: "x"}))


# --- Retry-After -----------------------------------------------------------------------------------------------------


def test_a_pause_may_be_given_as_a_date():
    then = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    assert retry_after_seconds(httpx.Headers({"retry-after": then})) == pytest.approx(3600, abs=60)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "999999999999"}, LONGEST_PAUSE_SECONDS),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}, 0),
        ({"ratelimit": '"api";r=0;t=55'}, 55),
        ({"ratelimit": "limit=100, remaining=0, reset=12"}, 12),
        ({"ratelimit-reset": "30"}, 30),
        ({"retry-after": "5", "ratelimit-reset": "30"}, 5),
    ],
)
def test_the_ways_to_ask_for_a_pause(headers, seconds):
    assert retry_after_seconds(httpx.Headers(headers)) == seconds


@given(st.text(st.characters(codec="latin-1", exclude_characters="\r\n\0"), max_size=60))
def test_no_header_value_is_a_surprise(text):
    pause = retry_after_seconds(httpx.Headers([(b"retry-after", text.encode("latin-1"))]))
    assert pause is None or 0 <= pause <= LONGEST_PAUSE_SECONDS
