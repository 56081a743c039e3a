"""Asking pytest whether it finds the conformance tests of a plugin, which imports them."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from catalog_core.problems import Problem
from catalog_core.tools.gen.governance.conformance_tests import FOLDER

_SECONDS = 120
_NOTHING_COLLECTED = 5
_LINES_SHOWN = 5


def collection_problems(folder: Path) -> Iterator[Problem]:
    """Yield why pytest cannot collect the conformance tests of a plugin; nothing if it can.

    Args:
        folder: the folder of the plugin. The tests are imported in a process of its own.
    """
    command = [
        sys.executable,
        "-m",
        "pytest",
        "--collect-only",
        "--quiet",
        "-p",
        "no:cacheprovider",
        str(folder / FOLDER),
    ]
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        message = f"pytest did not collect the tests within {_SECONDS} seconds."
        yield Problem(message=message, rule="not-collected", hint="Import less at the top of the tests.", file=FOLDER)
        return
    if run.returncode == _NOTHING_COLLECTED:
        yield Problem(message="pytest finds no test here.", rule="not-collected", file=FOLDER)
    elif run.returncode:
        said = [line for line in (run.stdout + run.stderr).splitlines() if line.startswith(("E  ", "ERROR"))]
        reason = " ".join(line.removeprefix("E ").strip() for line in said[:_LINES_SHOWN])
        message = f"pytest cannot collect the tests: {reason or f'it ended with code {run.returncode}'}"
        hint = "Run pytest --collect-only on the folder to see all of it."
        yield Problem(message=message, rule="not-collected", hint=hint, file=FOLDER)
