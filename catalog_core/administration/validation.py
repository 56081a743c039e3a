"""The checks of a source before it is applied: five layers, each with its name, its meaning and its findings.

Nothing here reads the source or changes anything. The layers run in order; an error in a critical one ends the run, as
what follows could not be understood.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from catalog_core.administration.checks import (
    content_faults,
    known_fields,
    plain_secrets,
    provider_rules,
    usual_meaning,
)
from catalog_core.administration.findings import as_finding
from catalog_core.administration.wish import Wish
from catalog_core.exceptions import CatalogError
from catalog_core.problems import Problem

_MOST_FINDINGS = 200
"""Findings that an answer lists of each kind."""


@dataclass(frozen=True, slots=True)
class _Layer:
    name: str
    check: Callable[[Wish], Iterable[Problem]]
    is_critical: bool = False
    only_warns: bool = False


_LAYERS = (
    _Layer("yaml_parse", content_faults, is_critical=True),
    _Layer("strict_fields", known_fields),
    _Layer("semantic", usual_meaning),
    _Layer("security_warnings", plain_secrets, only_warns=True),
    _Layer("provider", provider_rules),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerResult:
    """What one layer found: ``errors`` fail it, ``warnings`` do not, unless it is there to warn."""

    layer: str
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    only_warns: bool = False

    @property
    def valid(self) -> bool:
        """Whether the layer has nothing to object to."""
        return not (self.warnings if self.only_warns else self.errors)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as the API shows it."""
        findings = self.warnings if self.only_warns else self.errors
        shown = {"layer": self.layer, "valid": self.valid}
        return shown | ({"errors": _findings(findings)} if findings else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class ValidationReport:
    """What all layers found. ``valid`` says whether the source may be applied."""

    layers: tuple[LayerResult, ...]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """Everything because of which the source may not be applied."""
        return tuple(problem for layer in self.layers for problem in layer.errors)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """Everything that is not right but does no harm by itself."""
        return tuple(problem for layer in self.layers for problem in layer.warnings)

    @property
    def valid(self) -> bool:
        """Whether no layer found an error."""
        return not self.errors

    def as_short_dict(self) -> dict[str, Any]:
        """Return the ValidationResult of the API."""
        shown: dict[str, Any] = {"valid": self.valid}
        if self.errors:
            shown["errors"] = _findings(self.errors)
        if self.warnings:
            shown["warnings"] = _findings(self.warnings)
        return shown

    def as_dict(self) -> dict[str, Any]:
        """Return the DetailedValidationResult of the API."""
        return self.as_short_dict() | {"layerResults": [layer.as_dict() for layer in self.layers]}


class ValidationFailed(CatalogError):
    """A source may not be applied; ``report`` says why. Answered with 422."""

    code = "validation_failed"

    def __init__(self, report: ValidationReport) -> None:
        self.report = report
        super().__init__("The source was not applied: " + "; ".join(str(problem) for problem in report.errors[:5]))


def validate(wish: Wish) -> ValidationReport:
    """Return what the layers find. Bad input of any kind is a finding, never an exception."""
    results: list[LayerResult] = []
    for layer in _LAYERS:
        result = _run(layer, wish)
        results.append(result)
        if layer.is_critical and result.errors:
            break
    return ValidationReport(layers=tuple(results))


def require_valid(wish: Wish) -> ValidationReport:
    """Return what the layers find.

    Raises:
        ValidationFailed: the source may not be applied.
    """
    report = validate(wish)
    if not report.valid:
        raise ValidationFailed(report)
    return report


def _run(layer: _Layer, wish: Wish) -> LayerResult:
    problems = tuple(layer.check(wish))
    return LayerResult(
        layer=layer.name,
        errors=() if layer.only_warns else tuple(one for one in problems if one.severity == "error"),
        warnings=problems if layer.only_warns else tuple(one for one in problems if one.severity == "warning"),
        only_warns=layer.only_warns,
    )


def _findings(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [as_finding(problem) for problem in problems][:_MOST_FINDINGS]
