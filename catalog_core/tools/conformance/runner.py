"""A run of the suite: which checks are made of what, and in which order."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from catalog_core.tools.conformance.checks import Category, Check, Outcome, Skipped, carry_out
from catalog_core.tools.conformance.report import CategoryReport, Report
from catalog_core.tools.conformance.subjects import Catalog, Server
from catalog_core.tools.conformance.suite import CATALOG_CHECKS, SERVER_CHECKS
from catalog_core.tools.conformance.suite.discovery import (
    expected_capabilities,
    expected_kinds,
    plugin_is_healthy,
)
from catalog_core.tools.conformance.wire import WireError, listed

NOT_SERVING = "the plugin does not serve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a run is about.

    Attributes:
        plugin: the only catalog to look at; empty for all.
        categories: the categories to look at.
        kinds: kinds that have to be there; with ``plugin``, no others may be.
        capabilities: capabilities that every catalog has to announce.
    """

    plugin: str = ""
    categories: Collection[Category] = tuple(Category)
    kinds: Sequence[str] = ()
    capabilities: Sequence[str] = ()


def run(
    server: Server,
    server_url: str,
    wanted: Wanted | None = None,
    *,
    progress: Callable[[str], None] = lambda name: None,
) -> Report:
    """Carry out the suite. Whatever the server does is an outcome, never an exception.

    Args:
        server: the server.
        server_url: how the report calls it.
        wanted: what to look at; everything where left out.
        progress: told the name of each catalog before it is looked at.
    """
    wanted = wanted or Wanted()
    started_at = datetime.now(UTC)
    reports = list(_server_reports(server, wanted))
    for catalog in _chosen(server, wanted):
        progress(catalog.name)
        reports += _catalog_reports(catalog, wanted)
    safe = [replace(report, outcomes=[masked(one, server) for one in report.outcomes]) for report in reports]
    return Report(server_url=server_url, plugin=wanted.plugin, started_at=started_at, categories=safe)


def check_catalog(check: Check[Catalog], catalog: Catalog) -> Outcome:
    """Carry out a check of a catalog; once more if it failed while the catalog changed."""
    outcome = carry_out(check, catalog)
    if outcome.status == "failed" and _has_changed(catalog):
        catalog.forget()
        return carry_out(check, catalog)
    return outcome


def masked(outcome: Outcome, server: Server) -> Outcome:
    """Return an outcome without the tokens that the server was sent, should it have sent them back."""
    return replace(outcome, message=server.masked(outcome.message))


def _server_reports(server: Server, wanted: Wanted) -> Iterator[CategoryReport]:
    for category in _in_order(wanted.categories):
        outcomes = [carry_out(check, server) for check in SERVER_CHECKS if check.category is category]
        if problem := _discovery_problem(server, wanted):
            outcomes.append(Outcome("catalogs_are_found", "The catalogs can be looked at.", "failed", problem))
        elif category is Category.CAPABILITIES:
            outcomes += _expected(server, wanted)
        yield CategoryReport(category=category, plugin="", outcomes=outcomes)


def _expected(server: Server, wanted: Wanted) -> Iterator[Outcome]:
    catalogs = [catalog for catalog in _chosen(server, wanted) if _serves(catalog)]
    if wanted.kinds:
        yield carry_out(expected_kinds(wanted.kinds, exactly=bool(wanted.plugin)), catalogs)
    if wanted.capabilities:
        yield carry_out(expected_capabilities(wanted.capabilities), catalogs)


def _catalog_reports(catalog: Catalog, wanted: Wanted) -> Iterator[CategoryReport]:
    for category in _in_order(wanted.categories):
        checks = [check for check in CATALOG_CHECKS if check.category is category]
        outcomes = _outcomes(checks, catalog) if _serves(catalog) else _failed_plugin(checks, catalog)
        yield CategoryReport(category=category, plugin=catalog.name, outcomes=outcomes)


def _outcomes(checks: Sequence[Check[Catalog]], catalog: Catalog) -> list[Outcome]:
    return [check_catalog(check, catalog) for check in checks]


def _failed_plugin(checks: Sequence[Check[Catalog]], catalog: Catalog) -> list[Outcome]:
    """Return that a plugin has failed, in whatever category is looked at, and that the rest was left out for it."""
    others = [check for check in checks if check is not plugin_is_healthy]
    return [
        carry_out(plugin_is_healthy, catalog),
        *(Outcome(check.name, check.title, "skipped", NOT_SERVING) for check in others),
    ]


def _discovery_problem(server: Server, wanted: Wanted) -> str:
    try:
        names = [catalog.name for catalog in server.catalogs()]
    except WireError as error:
        return str(error)
    if wanted.plugin and wanted.plugin not in names:
        return f"the server has no plugin called {wanted.plugin}; it has {listed(names)}"
    return ""


def _chosen(server: Server, wanted: Wanted) -> list[Catalog]:
    try:
        catalogs = server.catalogs()
    except WireError:  # an outcome already, see _discovery_problem
        return []
    return [catalog for catalog in catalogs if wanted.plugin in ("", catalog.name)]


def _serves(catalog: Catalog) -> bool:
    return "capabilitiesV2" in catalog.entry or catalog.entry.get("healthy") is True


def _has_changed(catalog: Catalog) -> bool:
    try:
        return catalog.has_changed()
    except (Skipped, WireError):
        return False


def _in_order(categories: Collection[Category]) -> list[Category]:
    return [category for category in Category if category in categories]
