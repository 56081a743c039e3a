"""``python -m benchmarks``: measure this server beside others on this machine; ``make bench`` calls it."""

import shutil
import sys
import tempfile
import time
from pathlib import Path

import click

from benchmarks import report
from benchmarks.load.wrk import check_installed
from benchmarks.machine import machine
from benchmarks.processes import BenchmarkError
from benchmarks.results import Measurement
from benchmarks.scenarios import SCENARIOS, Plan

RESULTS = Path(__file__).with_name("results")


@click.command()
@click.option("--full", is_flag=True, help="Longer measurements and a million entities; takes about 40 minutes.")
@click.option("--only", multiple=True, type=click.Choice(list(SCENARIOS)), help="Measure only this; may be repeated.")
@click.option("--keep", is_flag=True, help="Keep the folder of the run: databases, logs, catalogs.")
@click.option("--output", type=click.Path(path_type=Path), default=RESULTS, help="Where the results go.")
def main(full: bool, only: tuple[str, ...], keep: bool, output: Path) -> None:
    """Measure, and write a table, a chart and all figures as JSON."""
    try:
        check_installed()
    except BenchmarkError as error:
        raise click.ClickException(str(error)) from error
    folder = Path(tempfile.mkdtemp(prefix="benchmarks-"))
    found: list[Measurement] = []
    try:
        for name in only or SCENARIOS:
            found += _measure(name, folder, full)
    finally:
        if keep:
            click.echo(f"everything is kept in {folder}")
        else:
            shutil.rmtree(folder, ignore_errors=True)
    if found:
        written = report.write(output, found, machine(), full=full)
        click.echo(f"\n{report.table(found)}\nwritten: {', '.join(file.name for file in written)}")


def _measure(name: str, folder: Path, full: bool) -> list[Measurement]:
    """Run one scenario; one that cannot be run is said and leaves the others alone."""
    scenario, seconds = SCENARIOS[name], 10.0 if full else 3.0
    click.echo(f"\n== {name}")
    began = time.monotonic()
    try:
        found = scenario(Plan(folder=folder / name, full=full, seconds=seconds, say=_say))
    except BenchmarkError as error:
        click.echo(f"   left out: {error}", err=True)
        return []
    click.echo(f"   {time.monotonic() - began:.0f} s")
    return found


def _say(text: str) -> None:
    click.echo(f"   {text}")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
