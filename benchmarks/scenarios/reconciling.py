"""One look of the reconciler at 1,000 sources in which nothing has changed, and at one that has."""

import json
from pathlib import Path

from benchmarks.catalogs import entity, write_sources
from benchmarks.preparing import manage, shell
from benchmarks.processes import cores
from benchmarks.results import Measurement
from benchmarks.scenarios.plan import Plan

GROUP = "Reconcile"
SOURCES = 1_000


def measure(plan: Plan) -> list[Measurement]:
    """Load 1,000 sources of one entity each, then look."""
    folder = plan.folder
    files = _files(folder)
    write_sources(folder / "sources.yaml", files)
    manage(folder, "migrate", "--verbosity", "0")
    manage(folder, "reconcile", "--wait")
    core, _ = cores()
    found = json.loads(shell(folder, "benchmarks.reconcile_often", str(files[7]), core=core).splitlines()[-1])
    plan.say(f"{SOURCES} sources, nothing changed: {found['idle_ms']:.1f} ms")
    name = f"{SOURCES:,} sources"
    return [
        Measurement(
            group=GROUP,
            what=f"{name}, nothing changed (median)",
            value=found["idle_ms"],
            unit="ms",
            target=20,
            sense="at most",
            detail={"CPU ms": found["idle_cpu_ms"], "queries": found["queries"], "first look ms": found["first_ms"]},
        ),
        Measurement(
            group=GROUP,
            what=f"{name}, nothing changed: writes",
            value=found["writes"],
            unit="",
            target=0,
            sense="at most",
        ),
        Measurement(
            group=GROUP,
            what=f"{name}, one file changed: refreshes",
            value=found["jobs"],
            unit="",
            target=1,
            sense="at most",
        ),
    ]


def _files(folder: Path) -> list[Path]:
    folder.mkdir(parents=True)
    files = []
    for number in range(SOURCES):
        file = folder / f"source-{number:04d}.json"
        file.write_text(json.dumps({"mcpservers": [entity(number)]}), encoding="utf-8")
        files.append(file)
    return files
