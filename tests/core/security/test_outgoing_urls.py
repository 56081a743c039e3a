"""What of an address may be shown."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_core.security.outgoing import place_of, redact_url
from catalog_core.security.outgoing.urls import keeps_credentials


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://a.example/feed.yaml", "https://a.example/feed.yaml"),
        ("https://me:hunter2@a.example/feed?key=hunter2#hunter2", "https://a.example/feed?..."),
        ("https://hunter2@a.example:8443/", "https://a.example:8443/"),
        ("http://[::1]:80/x", "http://[::1]/x"),
        ("file:///srv/repo.git", "file:///srv/repo.git"),
        ("git@host:hunter2", "(an address that cannot be read)"),
        ("hunter2", "(an address that cannot be read)"),
        ("http://[hunter2", "(an address that cannot be read)"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url, shown):
    assert redact_url(url) == shown


@given(st.text(max_size=80))
def test_any_text_can_be_redacted(text):
    assert isinstance(redact_url(text), str)


@given(user=st.from_regex(r"[A-Z]{8}", fullmatch=True), password=st.from_regex(r"[A-Z]{8}", fullmatch=True))
def test_user_names_and_passwords_never_show(user, password):
    shown = redact_url(f"https://{user}:{password}@a.example/p?{user}={password}#{password}")
    assert user not in shown
    assert password not in shown


@pytest.mark.parametrize(
    ("url", "place"),
    [("https://a.example:443/x", "a.example"), ("http://a.example:8080", "a.example:8080"), ("http://[::1]/", "[::1]")],
)
def test_messages_name_the_host(url, place):
    assert place_of(httpx.URL(url)) == place


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("https://a.example/x", "https://a.example/y", True),
        ("https://a.example/x", "https://a.example:443/y", True),
        ("http://a.example/x", "https://a.example/x", True),
        ("https://a.example/x", "https://b.example/x", False),
        ("https://a.example/x", "https://x.a.example/x", False),
        ("https://a.example/x", "https://a.example:8443/x", False),
        ("http://a.example:8080/x", "https://a.example/x", False),
        ("https://a.example/x", "http://a.example/x", False),
    ],
)
def test_credentials_are_for_one_server_only(old, new, kept):
    assert keeps_credentials(httpx.URL(old), httpx.URL(new)) is kept
