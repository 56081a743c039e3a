"""Changes from several processes, with a reconciler that never rests and a process that is killed again and again."""

import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connection

SCRIPT = Path(__file__).with_name("concurrent_changes.py")
PROJECT = Path(__file__).parents[3]


@pytest.mark.process
@pytest.mark.django_db(transaction=True)
def test_no_change_is_lost_or_undone_whoever_reconciles_at_the_same_moment(tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "catalog_project.settings",
        "PYTHONPATH": str(PROJECT),
        "CATALOG_DATA_DIR": str(tmp_path / "data"),
        "CATALOG_DATABASE_URL": _database(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(tmp_path), "25"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=280,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    outcome = json.loads(done.stdout.splitlines()[-1])
    for name, wish in outcome["wished"].items():
        assert outcome["file"].get(name) == wish, name
    assert outcome["file"] == outcome["database"]
    assert outcome["comment"]
    assert outcome["newest"]
    assert outcome["settled"]
    assert "Traceback" not in done.stderr, done.stderr[-4000:]


def _database(folder: Path) -> str:
    """Return a database that processes share: a new file, or the test's own where that is on a server."""
    if connection.vendor == "sqlite":
        return f"sqlite:///{folder / 'catalog.sqlite3'}"
    parts = connection.settings_dict
    access = f"{quote(parts['USER'])}:{quote(parts['PASSWORD'])}@" if parts["USER"] else ""
    return f"postgres://{access}{parts['HOST']}:{parts['PORT'] or 5432}/{parts['NAME']}"
