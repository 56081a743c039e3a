"""What is measured, in the order in which it is run."""

from collections.abc import Callable, Mapping

from benchmarks.results import Measurement
from benchmarks.scenarios import reading
from benchmarks.scenarios.plan import Plan

SCENARIOS: Mapping[str, Callable[[Plan], list[Measurement]]] = {
    "reading": reading.measure,
}
