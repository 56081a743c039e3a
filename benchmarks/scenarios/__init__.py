"""What is measured, in the order in which it is run."""

from collections.abc import Callable, Mapping

from benchmarks.results import Measurement
from benchmarks.scenarios import paging, reading, reconciling, refreshing, searching, starting, under_load
from benchmarks.scenarios.plan import Plan

SCENARIOS: Mapping[str, Callable[[Plan], list[Measurement]]] = {
    "reading": reading.measure,
    "refreshing": refreshing.measure,
    "reconciling": reconciling.measure,
    "starting": starting.measure,
    "paging": paging.measure,
    "searching": searching.measure,
    "load": under_load.measure,
}
