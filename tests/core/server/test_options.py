"""Addresses and the environment of the server's processes."""

from pathlib import Path

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_core.tools.server.banner import banner
from catalog_core.tools.server.options import Address, AddressParameter, ServerOptions

PARAMETER = AddressParameter()


@pytest.mark.parametrize(
    ("text", "host", "port", "url"),
    [
        ("127.0.0.1:8080", "127.0.0.1", 8080, "http://127.0.0.1:8080"),
        (":8080", "0.0.0.0", 8080, "http://127.0.0.1:8080"),
        ("0.0.0.0:80", "0.0.0.0", 80, "http://127.0.0.1:80"),
        ("[::1]:8080", "::1", 8080, "http://[::1]:8080"),
        ("[::]:8080", "::", 8080, "http://[::1]:8080"),
        ("catalog.example.org:443", "catalog.example.org", 443, "http://catalog.example.org:443"),
    ],
)
def test_address_is_understood(text, host, port, url):
    address = PARAMETER.convert(text, None, None)
    assert address == Address(host=host, port=port)
    assert address.url == url
    assert PARAMETER.convert(str(address), None, None) == address


@given(st.text(max_size=30))
def test_any_text_is_an_address_or_refused(text):
    try:
        address = PARAMETER.convert(text, None, None)
    except click.BadParameter:
        return
    assert 1 <= address.port <= 65535
    assert address.host


@pytest.fixture
def options(tmp_path):
    return ServerOptions(
        address=Address(host="127.0.0.1", port=8080),
        sources=(tmp_path / "a.yaml", Path("/elsewhere/b.yaml")),
        data_dir=tmp_path / "data",
        workers=1,
    )


def test_options_win_over_what_the_environment_says(options, monkeypatch, tmp_path):
    monkeypatch.setenv("CATALOG_DATA_DIR", "/other")
    monkeypatch.setenv("CATALOG_LOG_DIR", "/var/log/catalog")
    monkeypatch.setenv("CATALOG_LOG_LEVEL", "DEBUG")
    environment = options.environment()
    assert environment["CATALOG_DATA_DIR"] == str(tmp_path / "data")
    assert environment["CATALOG_SOURCES"] == f"{tmp_path}/a.yaml:/elsewhere/b.yaml"
    assert environment["CATALOG_LOG_DIR"] == "/var/log/catalog"
    assert environment["CATALOG_LOG_LEVEL"] == "DEBUG"


def test_banner_shows_every_sources_file_and_short_paths_where_possible(options, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    lines = banner(options).splitlines()
    assert [line.split()[-1] for line in lines if "Sources file" in line] == ["a.yaml", "/elsewhere/b.yaml"]
    columns = {line.index(line.split("  ")[-1].strip()) for line in lines if line.startswith("  ")}
    assert len(columns) == 1
