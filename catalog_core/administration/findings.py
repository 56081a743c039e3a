"""Problems in the form that answers of the management API have."""

from typing import Any

from catalog_core.problems import Problem


def as_finding(problem: Problem) -> dict[str, Any]:
    """Return a problem as clients of the management API read it: ``field``, ``message``, and where and what exactly."""
    placed = {"field": problem.path, "message": problem.advice, "rule": problem.rule, "file": problem.file}
    return {key: value for key, value in placed.items() if value} | {
        key: value for key, value in (("line", problem.line), ("column", problem.column)) if value is not None
    }
