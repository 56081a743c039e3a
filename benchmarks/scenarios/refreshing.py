"""What a refresh costs: the first load, a change of 1 %, nothing new; in time, rows written and memory."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.catalogs import write_catalog, write_sources
from benchmarks.contenders import has_postgres_driver
from benchmarks.preparing import drop_postgres, fresh_postgres, manage, shell
from benchmarks.processes import cores
from benchmarks.results import Measurement
from benchmarks.scenarios.plan import Plan

GROUP = "Refresh of one source, JSON"
_WORKER = "benchmarks.refresh_once"
_DATABASE = "catalog_benchmark"
ENTITIES = {False: 10_000, True: 100_000}
"""How many entities in a quick and in a full run."""


def measure(plan: Plan) -> list[Measurement]:
    """Load, change and look again, on SQLite and, where it answers, on PostgreSQL; then the formats."""
    count = ENTITIES[plan.full]
    found: list[Measurement] = []
    for database in databases():
        with on(database):
            found += _one(plan, plan.folder / database, database, count, "json")
    for form in ("jsonl", "yaml"):
        some = count if form == "jsonl" else count // 10
        rows = _one(plan, plan.folder / form, "SQLite", some, form)
        found += [replace(row, group=f"Refresh of one source, {form}", target=None) for row in rows]
    return found


def databases() -> tuple[str, ...]:
    """Return the databases that can be measured; ``BENCHMARK_POSTGRES`` names a server of PostgreSQL."""
    return ("SQLite", "PostgreSQL") if os.environ.get("BENCHMARK_POSTGRES") and has_postgres_driver() else ("SQLite",)


@contextmanager
def on(database: str) -> Iterator[None]:
    """Have the server use that database, a new one, until the block ends."""
    if database == "SQLite":
        yield
        return
    os.environ["BENCHMARK_DATABASE_URL"] = fresh_postgres(_DATABASE)
    try:
        yield
    finally:
        del os.environ["BENCHMARK_DATABASE_URL"]
        drop_postgres(_DATABASE)


def _one(plan: Plan, folder: Path, database: str, count: int, form: str) -> list[Measurement]:
    folder.mkdir(parents=True)
    file = folder / f"catalog.{form}"
    write_catalog(file, count)
    write_sources(folder / "sources.yaml", [file])
    manage(folder, "migrate", "--verbosity", "0")
    manage(folder, "reconcile")
    first = _refresh(folder)
    again = _refresh(folder)
    write_catalog(file, count, changed=frozenset(range(0, count, 100)))
    changed = _refresh(folder)
    plan.say(f"{form} on {database}: first {first['seconds']:.1f} s, 1 % {changed['seconds']:.1f} s")
    return list(_results(database, count, first, again, changed))


def _refresh(folder: Path) -> dict[str, float]:
    """Refresh in a process of its own and return what that cost."""
    core, _ = cores()
    found: dict[str, float] = json.loads(shell(folder, _WORKER, core=core).splitlines()[-1])
    return found


def _results(
    database: str, count: int, first: dict[str, float], again: dict[str, float], changed: dict[str, float]
) -> Iterator[Measurement]:
    size = first["file_mb"]
    scale = count / 100_000
    rows = [
        ("first load, beyond reading", count / _beyond_reading(first), "entities/s", 10_000, "at least", first),
        ("first load, all in all", count / first["seconds"], "entities/s", None, "at least", first),
        ("nothing new", again["seconds"] * 1000, "ms", None, "at most", again),
        ("nothing new: statements that write entities", again["written"], "", 0, "at most", again),
        ("1 % changed, beyond reading", _beyond_reading(changed), "s", 1.5, "at most", changed),
        ("1 % changed: rows written", changed["written"] / count * 100, "%", 1.0, "at most", changed),
        ("peak memory of the first load", first["peak_mb"], "MB", 3 * size + 200, "at most", first),
        ("peak memory with 1 % changed", changed["peak_mb"], "MB", 3 * size + 200, "at most", changed),
    ]
    for what, value, unit, target, sense, source in rows:
        yield Measurement(
            group=GROUP,
            what=f"{database}, {count:,} entities: {what}",
            value=value,
            unit=unit,
            target=target,
            sense=sense,  # type: ignore[arg-type]  # one of the two words, as the rows above have them
            detail={
                "seconds": source["seconds"],
                "store": source["store_seconds"],
                "CPU": source["cpu_seconds"],
                "own memory MB": source["own_peak_mb"],
            },
            note=f"file of {size:.0f} MB" + ("" if scale == 1 else f"; {scale:g} of the size that the target is for"),
        )


def _beyond_reading(measured: dict[str, float]) -> float:
    """Return the seconds that were not spent on parsing, translating and comparing; the commit is among them."""
    return measured["seconds"] - measured["parse_seconds"]
