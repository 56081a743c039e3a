"""Results as a table, a chart and JSON."""

import json
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path

from benchmarks.chart import bars
from benchmarks.results import Measurement


def write(folder: Path, found: Sequence[Measurement], machine: Mapping[str, str], *, full: bool) -> list[Path]:
    """Write ``results.md``, ``results.json`` and ``reading.svg``; return what was written."""
    folder.mkdir(parents=True, exist_ok=True)
    page, data = folder / "results.md", folder / "results.json"
    kind = "full" if full else "quick"
    about = "\n".join(f"- {name}: {value}" for name, value in machine.items())
    page.write_text(f"# Results of a {kind} run\n\n{about}\n\n{table(found)}", encoding="utf-8")
    content = {"machine": dict(machine), "run": kind, "results": [result.as_dict() for result in found]}
    data.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    written = [page, data]
    if rates := [result for result in found if result.unit == "requests/s"]:
        chart = folder / "reading.svg"
        chart.write_text(bars(rates), encoding="utf-8")
        written.append(chart)
    return written


def table(found: Sequence[Measurement]) -> str:
    """Return the results as Markdown, one table for each group."""
    parts = []
    for group, results in groupby(found, key=lambda result: result.group):
        rows = "".join(_row(result) for result in results)
        parts.append(
            f"## {group}\n\n| what | measured | to reach | reached | more |\n|---|---:|---:|---|---|\n{rows}\n"
        )
    return "\n".join(parts)


def _row(result: Measurement) -> str:
    target = "" if result.target is None else f"{result.sense} {_number(result.target)} {result.unit}"
    reached = {True: "yes", False: "**no**", None: ""}[result.reached]
    more = ", ".join(f"{name} {_number(value)}" for name, value in result.detail.items())
    note = " ".join(filter(None, (more, result.note)))
    return f"| {result.what} | {_number(result.value)} {result.unit} | {target} | {reached} | {note} |\n"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
