"""How long searches and lists over all kinds take in a large library: the first answer to each of many questions."""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.contenders import this_server
from benchmarks.library import write_library
from benchmarks.preparing import analyze_postgres, manage, shell
from benchmarks.processes import Running, cores, fetch
from benchmarks.questions import lists, searches
from benchmarks.results import Measurement
from benchmarks.scenarios.plan import Plan
from benchmarks.scenarios.refreshing import databases, on

SEARCHED = {False: 20_000, True: 1_000_000}
LISTED = {False: 20_000, True: 120_000}
"""How many assets in a quick and in a full run."""
ASKED = {False: 40, True: 100}
"""How many questions of each sort are measured."""
_WARMING = 5
"""So many more are asked before, of each sort: a server that has just started compiles its statements first."""

Questions = Callable[[int], Mapping[str, Sequence[str]]]


def measure(plan: Plan) -> list[Measurement]:
    """Fill a library twice on each database: a large one for searches, one of the size that is aimed at for lists."""
    found: list[Measurement] = []
    for database in databases():
        folder = plan.folder / database
        for what, count, questions, target in (
            ("searches", SEARCHED[plan.full], searches, 150.0),
            ("lists", LISTED[plan.full], lists, 50.0),
        ):
            with on(database):
                _fill(plan, folder / what, count)
                found += _ask(plan, folder / what, database, count, questions, target)
    return found


def _fill(plan: Plan, folder: Path, count: int) -> None:
    folder.mkdir(parents=True)
    write_library(folder, count)
    manage(folder, "migrate", "--verbosity", "0")
    shell(folder, "benchmarks.overlay_library", str(folder))
    began = time.perf_counter()
    manage(folder, "reconcile", "--wait")
    analyze_postgres()
    plan.say(f"{count:,} assets loaded in {time.perf_counter() - began:.0f} s")


def _ask(
    plan: Plan, folder: Path, database: str, count: int, questions: Questions, target_ms: float
) -> list[Measurement]:
    found = []
    with this_server(folder, core=cores()[0]) as server:
        server.come_to_rest()
        for sort, paths in questions(_WARMING + ASKED[plan.full]).items():
            times = [_milliseconds(server, path) for path in paths][_WARMING:]
            p95 = statistics.quantiles(times, n=20)[-1]
            plan.say(f"{database}: {sort}: median {statistics.median(times):.1f} ms, p95 {p95:.1f} ms")
            found.append(
                Measurement(
                    group=f"Searching and listing, {database}, {count:,} assets",
                    what=f"{sort}: p95",
                    value=p95,
                    unit="ms",
                    target=target_ms,
                    sense="at most",
                    detail={"median ms": statistics.median(times), "slowest ms": max(times)},
                )
            )
    return found


def _milliseconds(server: Running, path: str) -> float:
    began = time.perf_counter()
    fetch(f"{server.url}{path}")
    return (time.perf_counter() - began) * 1000
