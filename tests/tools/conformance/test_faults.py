"""Each way in which a server can break the contract is found, by the check that is there for it."""

import re
import time

import pytest

from tests.tools.conformance import fake_documents as documents
from tests.tools.conformance import (
    faults_of_actions,
    faults_of_capabilities,
    faults_of_lists,
    faults_of_sources,
)
from tests.tools.conformance.conftest import against, outcomes
from tests.tools.conformance.fake_http import Reply, refusal
from tests.tools.conformance.fake_server import FakeServer
from tests.tools.conformance.faults import FAULTS, is_list

MODULES = (
    faults_of_actions,
    faults_of_capabilities,
    faults_of_lists,
    faults_of_sources,
)  # importing them registers their faults


def test_a_server_that_keeps_the_contract_passes_every_check(suite):
    report = suite()
    assert outcomes(report, "failed") == {}
    assert outcomes(report, "skipped") == {"own_document": "the catalog has no document of its own"}


@pytest.mark.parametrize(("fault", "letters", "checks"), [one[1:] for one in FAULTS], ids=[one[0] for one in FAULTS])
def test_a_fault_is_found_by_the_right_check(suite, fault, letters, checks):
    failed = outcomes(suite(fault, letters), "failed")
    assert set(checks) <= set(failed)
    assert all(failed[check] for check in checks)


def test_a_list_that_changes_during_a_run_is_looked_at_again(suite):
    def another_item_comes(server, request, handle):
        if server.calls == 12:
            documents_items = [*documents.ITEMS, {"id": "9", "name": "late", "weight": 3, "sourceId": "main"}]
            server.items = lambda: documents_items
        return handle(request)

    assert outcomes(suite(another_item_comes, "B"), "failed") == {}


@pytest.mark.parametrize(
    ("path", "reply"),
    [
        ("/enable", Reply(500, {"error": "x", "message": "y"})),
        (":validate", Reply(200, raw=b"{")),
        ("/refresh/", Reply(0)),
    ],
    ids=["failure", "no-json", "hang-up"],
)
def test_sources_are_as_before_whatever_fails_in_between(path, reply):
    def breaks(server, request, handle):
        return reply if path in request.path and "conformance-" in request.path else handle(request)

    with FakeServer(breaks) as server:
        before = dict(server.management.sources)
        report = against(server, "CD")
        assert outcomes(report, "failed")
        assert server.management.sources == before


def test_a_source_that_cannot_be_removed_is_named(suite):
    def keeps(server, request, handle):
        return refusal(500, "No.") if request.method == "DELETE" else handle(request)

    failed = outcomes(suite(keeps, "C"), "failed")
    assert re.search(r"conformance-\w+ could not be removed", failed["sources_are_enabled_and_disabled"])


def test_without_a_token_nothing_is_changed_and_every_skip_has_a_reason():
    with FakeServer() as server:
        report = against(server, tokens=("", ""))
        skipped = outcomes(report, "skipped")
    assert outcomes(report, "failed") == {}
    assert {"sources_are_applied_and_removed", "secrets_never_come_back", "viewers_change_nothing"} <= set(skipped)
    assert all(skipped.values())


def test_a_server_that_does_not_answer_is_given_up_soon(suite):
    asked = []

    def sleeps(server, request, handle):
        asked.append(request.path)
        if is_list(request):
            time.sleep(0.5)
        return handle(request)

    failed = outcomes(suite(sleeps, "B", timeout_seconds=0.1), "failed")
    assert "no whole answer within 0.1 s" in failed["list_has_its_form"]
    assert any("left the last 5 without an answer" in message for message in failed.values())
    assert len(asked) < 20


def test_discovery_that_fails_is_a_failure_in_every_category(suite):
    def broken(server, request, handle):
        return Reply(500, raw=b"oops") if request.path == "/api/plugins" else handle(request)

    report = suite(broken, "BC")
    for category in report.categories:
        assert "catalogs_are_found" in [one.name for one in category.outcomes if one.status == "failed"]


def test_a_plugin_that_is_not_there_is_a_failure(suite):
    failed = outcomes(suite(None, "B", plugin="gadgets"), "failed")
    assert failed == {"catalogs_are_found": "the server has no plugin called gadgets; it has widgets"}


def test_expected_kinds_and_capabilities_are_compared(suite):
    good = suite(None, "A", kinds=["Widget"], capabilities=["sources", "refresh", "actions", "diagnostics", "ui-hints"])
    assert outcomes(good, "failed") == {}
    assert "has_expected_kinds" in outcomes(good, "passed")
    bad = suite(None, "A", plugin="widgets", kinds=["Gadget"])
    assert "expected Gadget" in outcomes(bad, "failed")["has_expected_kinds"]
    assert "Widget was not expected" in outcomes(bad, "failed")["has_expected_kinds"]


def test_tokens_never_stand_in_a_report(suite):
    def echoes(server, request, handle):
        return refusal(418, f"You said {request.headers.get('authorization')}.")

    report = suite(echoes)
    assert outcomes(report, "failed")
    assert "operators-token" not in str(report)
    assert "viewers-token" not in str(report)
