"""What came of a run, by catalog and category."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from catalog_core.tools.conformance.checks import Category, Outcome, Status

SERVER = "(server)"
"""Stands in reports for people where a catalog's name would stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryReport:
    """The outcomes of one category.

    Attributes:
        category: the category.
        plugin: the catalog that was looked at; empty for the server as a whole.
        outcomes: what came of each check.
    """

    category: Category
    plugin: str
    outcomes: Sequence[Outcome]

    def count(self, status: Status) -> int:
        """Return how many checks went that way."""
        return sum(outcome.status == status for outcome in self.outcomes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcomes of a run.

    Attributes:
        server_url: the server, without credentials.
        plugin: the catalog that the run was limited to; empty for all.
        started_at: when the run began, in UTC.
        categories: the outcomes, by catalog, then by category.
    """

    server_url: str
    plugin: str
    started_at: datetime
    categories: Sequence[CategoryReport]

    def count(self, status: Status) -> int:
        """Return how many checks went that way."""
        return sum(category.count(status) for category in self.categories)

    @property
    def summary(self) -> str:
        """One line for people."""
        return f"{self.count('passed')} passed, {self.count('failed')} failed, {self.count('skipped')} skipped"

    def as_dict(self) -> Mapping[str, Any]:
        """Return the report in the shape that tools know; what is empty is left out."""
        return {
            "timestamp": self.started_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "serverURL": self.server_url,
            **({"pluginName": self.plugin} if self.plugin else {}),
            "categories": [_category(category) for category in self.categories],
            "totalPassed": self.count("passed"),
            "totalFailed": self.count("failed"),
            "totalSkipped": self.count("skipped"),
        }


def _category(report: CategoryReport) -> dict[str, Any]:
    return {
        "name": report.category.title,
        "category": report.category.value,
        **({"plugin": report.plugin} if report.plugin else {}),
        "passed": report.count("passed"),
        "failed": report.count("failed"),
        "skipped": report.count("skipped"),
        "tests": [
            {
                "name": outcome.name,
                "status": outcome.status,
                **({"message": outcome.message} if outcome.message else {}),
            }
            for outcome in report.outcomes
        ],
    }
