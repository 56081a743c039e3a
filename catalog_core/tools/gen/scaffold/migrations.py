"""The next migration of a plugin: what Django would write, worked out on a copy of the app.

Nothing of the plugin runs but its models, and its folder is not touched.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from catalog_core.tools.gen.scaffold.writing import write_all

_HEADER = "# Written by catalog-gen; the form is that of Django's migration writer.\n# ruff: noqa\n# fmt: off\n"
_PACKAGE_INIT = '__path__ = __import__("pkgutil").extend_path(__path__, __name__)\n'


class MigrationImpossible(ValueError):
    """No migration can be worked out; the text says why."""


@dataclass(frozen=True, slots=True)
class PlannedMigration:
    """A migration that is to be written: its path below the app's folder, and its text."""

    path: str
    text: str


def plan_migration(app: Path | None, package: str, files: Mapping[str, str]) -> PlannedMigration | None:
    """Return the migration that brings the tables of an app to its models; nothing if they are there.

    Args:
        app: the folder of the app; ``None`` for one that does not exist yet.
        package: its dotted name.
        files: files of the app that are to be other than in its folder, by path.

    Raises:
        MigrationImpossible: the models cannot be imported, or a change needs a decision.
    """
    with tempfile.TemporaryDirectory(prefix="catalog-gen-") as folder:
        root = Path(folder)
        staged = _stage(root, app, package, files)
        answer = _ask(root, package)
        if not answer:
            return None
        name, text = answer["name"], answer["text"]
        if (staged / "migrations" / f"{name}.py").exists():
            raise MigrationImpossible(f"the migration {name} exists already.")
        return PlannedMigration(f"migrations/{name}.py", _HEADER + text)


def _stage(root: Path, app: Path | None, package: str, files: Mapping[str, str]) -> Path:
    *parents, last = package.split(".")
    place = root
    for parent in parents:
        place = place / parent
        write_all(place, {"__init__.py": _PACKAGE_INIT})
    place = place / last
    if app is not None:
        shutil.copytree(app, place, ignore=shutil.ignore_patterns("__pycache__", "tests", "docs", "data", ".*"))
    write_all(place, files)
    return place


def _ask(root: Path, package: str) -> dict[str, str]:
    """Work in a process of its own: Django can be configured only once in each."""
    command = [sys.executable, "-B", "-m", "catalog_core.tools.gen.scaffold.migration_process", str(root), package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        answer: dict[str, str] = json.loads(done.stdout)
        return answer
    reason = done.stderr.strip().rpartition("\n")[2]
    raise MigrationImpossible(reason or "the models could not be imported.")
