"""What tests of ``catalog-gen`` share: running it, and reading what it wrote."""

import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from catalog_core.tools.gen.cli import main
from catalog_core.tools.gen.scaffold.properties import TYPE_NAMES

PROJECT = Path(__file__).parents[3]
ALL_TYPES = [f"--field={name}Value:{name}" for name in TYPE_NAMES] + ["--field=things:array[object]"]
"""Options that give a kind a property of every type."""


def gen(*arguments: object) -> Result:
    """Run the command within this process; an exception that escapes it fails the test."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def wrote(*arguments: object) -> Result:
    """Run the command, which has to succeed."""
    result = gen(*arguments)
    assert result.exit_code == 0, result.output
    return result


def files_in(folder: Path) -> dict[str, str]:
    """Return the text of every file below a folder, by path."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def run(*command: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program with the project on its path, and without settings of the server but those given."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CATALOG_", "DJANGO_"))}
    path = os.pathsep.join([str(PROJECT), *filter(None, [environment.pop("PYTHONPATH", "")])])
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**kept, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def python(*arguments: object, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the project on its path."""
    return run(sys.executable, *arguments, cwd=cwd, **environment)
