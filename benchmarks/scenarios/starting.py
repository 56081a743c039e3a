"""From the command to the first answer, what the server costs while nobody asks, and what a new plugin costs."""

import statistics
import sys
import time
from pathlib import Path

from benchmarks.contenders import this_server
from benchmarks.preparing import make_catalog
from benchmarks.processes import run
from benchmarks.results import Measurement
from benchmarks.scenarios.plan import Plan

GROUP = "Start and rest"
STORED = 8_700


def measure(plan: Plan) -> list[Measurement]:
    """Start several times on a filled database; then rest."""
    make_catalog(plan.folder, STORED)
    starts, idle, memory = [], 0.0, 0.0
    for number in range(3):
        with this_server(plan.folder, workers=1) as server:
            starts.append(server.start_seconds)
            if number == 2:
                server.come_to_rest()  # the first reconcile is over
                before, began = server.cpu_seconds(), time.perf_counter()
                time.sleep(60 if plan.full else 30)
                idle = (server.cpu_seconds() - before) / (time.perf_counter() - began) * 100
                memory = server.memory_mb()
    plan.say(f"ready after {min(starts):.2f} s; at rest {idle:.2f} % of a core, {memory:.0f} MB")
    init = _init_seconds(plan.folder)
    return [
        _at_most("start to ready (median of 3)", statistics.median(starts), "s", 2.0),
        _at_most("CPU at rest, all processes", idle, "% of a core", 1.0),
        _at_most("memory at rest, all processes (proportional)", memory, "MB", 250),
        _at_most("catalog-gen init of a plugin (median of 3)", init, "s", 1.0),
    ]


def _at_most(what: str, value: float, unit: str, target: float) -> Measurement:
    return Measurement(group=GROUP, what=what, value=value, unit=unit, target=target, sense="at most")


def _init_seconds(folder: Path) -> float:
    times = []
    for number in range(3):
        target = str(folder / f"widgets{number}")
        began = time.perf_counter()
        run([sys.executable, "-m", "catalog_core.tools.gen", "init", f"widgets{number}", "--output", target])
        times.append(time.perf_counter() - began)
    return statistics.median(times)
