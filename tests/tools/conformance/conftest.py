"""Runs of the suite against servers that are made for them."""

from contextlib import closing

import pytest

from catalog_core.tools.conformance.checks import Category
from catalog_core.tools.conformance.http import HttpClient
from catalog_core.tools.conformance.runner import Wanted, run
from catalog_core.tools.conformance.subjects import Credentials, Server
from tests.tools.conformance.fake_management import OPERATOR, VIEWER
from tests.tools.conformance.fake_server import FakeServer


@pytest.fixture
def suite():
    """Carry out categories, all if none are named, against a fake server: ``suite(fault, "AB")``."""

    def carried_out(fault=None, letters="ABCDEFG", *, timeout_seconds=5, tokens=(OPERATOR, VIEWER), **wanted):
        with FakeServer(fault) as server:
            return against(server, letters, timeout_seconds=timeout_seconds, tokens=tokens, **wanted)

    return carried_out


def against(server, letters="ABCDEFG", *, timeout_seconds=5, tokens=(OPERATOR, VIEWER), **wanted):
    operator, viewer = tokens
    with closing(HttpClient(server.url, timeout_seconds=timeout_seconds)) as client:
        subject = Server(client, Credentials(operator=operator, viewer=viewer), job_wait_seconds=1)
        chosen = [Category(letter) for letter in letters]
        return run(subject, server.url, Wanted(categories=chosen, **wanted))


def outcomes(report, status):
    """Return name and message of the checks that went that way."""
    return {
        outcome.name: outcome.message
        for category in report.categories
        for outcome in category.outcomes
        if outcome.status == status
    }
