"""The parts of a server one by one, as an orchestrator runs them, and its database seen from outside."""

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.process.servers import PATIENCE_SECONDS, PROJECT, ask_as_operator, clean_environment, free_port, wait_until

_ENDS = {
    "sqlite": """
        CREATE TABLE ended (job TEXT, state TEXT);
        CREATE TRIGGER ended AFTER UPDATE OF state ON catalog_core_refreshjob
            WHEN NEW.state IN ('succeeded', 'failed', 'canceled')
            BEGIN INSERT INTO ended VALUES (NEW.id, NEW.state); END;
    """,
    "postgresql": """
        CREATE TABLE ended (job TEXT, state TEXT);
        CREATE FUNCTION note_end() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO ended VALUES (NEW.id, NEW.state); RETURN NEW; END $$;
        CREATE TRIGGER ended AFTER UPDATE OF state ON catalog_core_refreshjob FOR EACH ROW
            WHEN (NEW.state IN ('succeeded', 'failed', 'canceled')) EXECUTE FUNCTION note_end();
    """,
}
"""What has the database itself note each time that a job comes to an end."""


@dataclass
class Parts:
    """Web and worker processes on one data folder.

    Attributes:
        folder: where everything is kept that they write; ``sources.yaml`` stands in it too.
        environment: settings besides those that are needed anyway.
    """

    folder: Path
    environment: dict[str, str]
    port: int = field(default_factory=free_port)
    token: str = ""
    started: list[subprocess.Popen] = field(default_factory=list)

    @property
    def sources_file(self) -> Path:
        return self.folder / "sources.yaml"

    @property
    def log(self) -> str:
        return (self.folder / "logs" / "catalog.log").read_text()

    def prepare(self) -> None:
        """Make the database and issue a token for an operator."""
        self._manage("migrate", "--verbosity", "0")
        self.token = self._manage("token", "create", "test", "--role", "operator").strip()

    def start_web(self) -> None:
        """Start the web server and wait until it answers."""
        self._start("web", "--host", "127.0.0.1", "--port", str(self.port), "--workers", "1")
        wait_until(self._answers, "the web server answers")

    def start_worker(self) -> subprocess.Popen:
        """Start a worker, with a beat of its own."""
        return self._start("worker")

    def kill(self, process: subprocess.Popen) -> None:
        """Kill a process, at once and without a warning; then, as a container does, all that it has started."""
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_SECONDS)
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def stop(self) -> None:
        """Leave nothing behind."""
        for process in self.started:
            self.kill(process)

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Return status and JSON of the answer to a request by an operator."""
        return ask_as_operator(f"http://127.0.0.1:{self.port}", self.token, method, path, body)

    def get(self, path: str) -> Any:
        """Return the JSON of a page that has to be there."""
        status, body = self.call("GET", path)
        assert status == 200, body
        return body

    def note_ends_of_jobs(self) -> None:
        """Have the database note, in the table ``ended``, each time that a job comes to an end."""
        if url := self.environment.get("CATALOG_DATABASE_URL"):
            with pytest.importorskip("psycopg").connect(url) as connection:
                connection.execute(_ENDS["postgresql"])
        else:
            with closing(sqlite3.connect(self.folder / "catalog.sqlite3")) as connection:
                connection.executescript(_ENDS["sqlite"])

    def rows(self, query: str) -> list[tuple]:
        """Return what the database holds."""
        if url := self.environment.get("CATALOG_DATABASE_URL"):
            with pytest.importorskip("psycopg").connect(url) as connection:
                return connection.execute(query).fetchall()
        with closing(sqlite3.connect(f"file:{self.folder / 'catalog.sqlite3'}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()

    def _environment(self) -> dict[str, str]:
        return clean_environment(
            DJANGO_SETTINGS_MODULE="catalog_project.settings",
            CATALOG_DATA_DIR=str(self.folder),
            CATALOG_LOG_DIR=str(self.folder / "logs"),
            CATALOG_SOURCES=str(self.sources_file),
            **self.environment,
        )

    def _manage(self, *arguments: str) -> str:
        command = [sys.executable, str(PROJECT / "manage.py"), *arguments]
        ran = subprocess.run(command, env=self._environment(), cwd=self.folder, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def _start(self, part: str, *arguments: str) -> subprocess.Popen:
        module = f"catalog_core.tools.server.{part}"
        with (self.folder / f"{part}.output").open("ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", module, "--parent", str(os.getpid()), *arguments],
                env=self._environment(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def _answers(self) -> bool:
        try:
            return self.call("GET", "/livez")[0] == 200
        except OSError:
            return False
