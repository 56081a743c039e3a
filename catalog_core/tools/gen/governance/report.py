"""Checks, and what came of them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from catalog_core.problems import Problem, Severity
from catalog_core.tools.gen.governance.plugin_folder import PluginFolder


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Something that is asked of a plugin.

    Attributes:
        name: what reports call it; never changed, as programs look for it.
        reason: why it is asked.
        fix: what to do where it is not so.
        find: gives what is wrong; the check is passed unless there is an error among it.
        severity: how bad it is not to pass.
    """

    name: str
    reason: str
    fix: str
    find: Callable[[PluginFolder], Iterable[Problem]]
    severity: Severity = "error"


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of a check."""

    check: Check
    problems: tuple[Problem, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing worse than a remark was found."""
        return not any(problem.severity == "error" for problem in self.problems)

    @property
    def message(self) -> str:
        """Everything that was found, in one line; empty if nothing was."""
        return "; ".join(str(problem) for problem in self.problems)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as reports have it."""
        told: dict[str, Any] = {"name": self.check.name, "passed": self.passed}
        if self.problems:
            told["message"] = self.message
        told |= {"severity": self.check.severity, "reason": self.check.reason, "fix": self.check.fix}
        return told | {"problems": [problem.as_dict() for problem in self.problems]}


@dataclass(frozen=True, slots=True)
class Report:
    """What came of all checks of one plugin."""

    plugin_dir: str
    results: tuple[CheckResult, ...]

    @property
    def passed(self) -> bool:
        """Whether the plugin passed every check."""
        return all(result.passed for result in self.results)

    def as_dict(self) -> dict[str, Any]:
        """Return the report as programs read it."""
        checks = [result.as_dict() for result in self.results]
        return {"pluginDir": self.plugin_dir, "passed": self.passed, "checks": checks}


def run_checks(folder: PluginFolder, checks: Sequence[Check]) -> Report:
    """Return what comes of ``checks`` for one plugin, in their order."""
    return Report(folder.shown, tuple(CheckResult(check, tuple(check.find(folder))) for check in checks))
