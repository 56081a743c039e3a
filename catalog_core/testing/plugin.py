"""The pytest plugin ``catalog-conformance``: options that point the conformance tests of a plugin at a running server.

It is loaded into every test run of an environment with this package, so it imports nothing until it is asked to.
"""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from catalog_core.tools.conformance.subjects import Server

TOKEN_VARIABLE = "CATALOG_TOKEN"  # noqa: S105 - the name of a variable, no token
VIEWER_TOKEN_VARIABLE = "CATALOG_VIEWER_TOKEN"  # noqa: S105 - the name of a variable, no token
_SERVER, _TIMEOUT = "--catalog-server", "--catalog-timeout"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("catalog-conformance", "conformance of catalogs")
    group.addoption(
        _SERVER,
        metavar="URL",
        help="Make the conformance tests of a running server. "
        f"{TOKEN_VARIABLE} and {VIEWER_TOKEN_VARIABLE} may hold tokens of an operator and of a viewer.",
    )
    group.addoption(_TIMEOUT, metavar="SECONDS", type=float, default=10.0, help="How long one answer may take.")


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say which server is looked at."""
    address = config.getoption(_SERVER, default=None)
    return f"catalog server: {address}" if address else None


@contextmanager
def remote_server(config: pytest.Config) -> "Iterator[Server | None]":
    """Give the running server that the options name, if they name one.

    Raises:
        UsageError: the address is none.
    """
    address = config.getoption(_SERVER, default=None)
    if not address:
        yield None
        return
    from catalog_core.tools.conformance.http import HttpClient, UsageError, checked_address
    from catalog_core.tools.conformance.subjects import Credentials, Server

    try:
        checked = checked_address(address)
    except UsageError as error:
        raise pytest.UsageError(f"{_SERVER}: {error}") from None
    credentials = Credentials(
        operator=os.environ.get(TOKEN_VARIABLE, "").strip(), viewer=os.environ.get(VIEWER_TOKEN_VARIABLE, "").strip()
    )
    with closing(HttpClient(checked, timeout_seconds=config.getoption(_TIMEOUT))) as client:
        yield Server(client, credentials)
