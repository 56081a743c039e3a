"""The checks of the suite, in the order of the reports."""

from catalog_core.tools.conformance.checks import Check
from catalog_core.tools.conformance.subjects import Catalog, Server
from catalog_core.tools.conformance.suite import (
    actions,
    capabilities,
    changes,
    description,
    discovery,
    filters,
    health,
    hints,
    jobs,
    lists,
    lookups,
    orders,
    roles,
    secrecy,
    sources,
)

SERVER_CHECKS: tuple[Check[Server], ...] = (
    *discovery.SERVER_CHECKS,
    *jobs.SERVER_CHECKS,
    *health.SERVER_CHECKS,
    *description.SERVER_CHECKS,
)
"""Checks of the server as a whole."""

CATALOG_CHECKS: tuple[Check[Catalog], ...] = (
    *discovery.CHECKS,
    *capabilities.CHECKS,
    *hints.CHECKS,
    *lists.CHECKS,
    *filters.CHECKS,
    *orders.CHECKS,
    *lookups.CHECKS,
    *sources.CHECKS,
    *changes.CHECKS,
    *roles.CHECKS,
    *secrecy.CHECKS,
    *description.CHECKS,
    *actions.CHECKS,
)
"""Checks of each catalog."""
