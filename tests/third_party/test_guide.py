"""Every command of the guide for authors is executed, in its order, where nothing is installed but the server."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.process.servers import free_port, wait_until
from tests.third_party.environments import PROJECT, Environment

GUIDE = PROJECT / "docs" / "writing-a-plugin.md"
TOOLS = {
    "catalog-conformance": "-m catalog_core.tools.conformance --wait 60",
    "catalog-gen": "-m catalog_core.tools.gen",
    "catalog-server": "-m catalog_core.tools.server",
    "pytest": "-m pytest -p no:cacheprovider",
}
INSERTED = "catalog_plugin_lamps/catalog.yaml"

pytestmark = pytest.mark.process


class Reader:
    """Somebody who follows the guide."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "work"
        self.folder.mkdir()
        self.environment = Environment.make(folder / "venv")
        self.port = free_port()
        self.server: subprocess.Popen | None = None
        self.test_runs_left = GUIDE.read_text().count("$ pytest -q\n")
        self.is_first_test_run = True
        bin_folder = self.environment.python.parent
        for name, arguments in TOOLS.items():
            self._tool(bin_folder / name, f'"{self.environment.python}" {arguments} "$@"')
        pip = f'"{sys.executable}" -m pip --disable-pip-version-check --python "{self.environment.python}" "$@"'
        self._tool(bin_folder / "pip", f"{pip} --no-deps --no-build-isolation --no-index")
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("CATALOG_", "DJANGO_", "PYTHON"))
        }
        self.variables = {
            **kept,
            "PATH": f"{bin_folder}{os.pathsep}{kept['PATH']}",
            "CATALOG_DATA_DIR": str(folder / "data"),
        }

    def _tool(self, path: Path, command: str) -> None:
        path.write_text(f"#!/bin/sh\nexec {command}\n")
        path.chmod(0o755)

    def follow(self, command: str) -> None:
        if command.startswith("cd "):
            self.folder /= command.removeprefix("cd ")
        elif command.startswith("catalog-server"):
            self._serve(f"exec {command} --listen 127.0.0.1:{self.port}")
        else:
            self._run(command.replace("127.0.0.1:8080", f"127.0.0.1:{self.port}"))

    def insert(self, lines: str) -> None:
        path = self.folder / INSERTED
        path.write_text(path.read_text().replace("    properties:\n", f"    properties:\n{lines}", 1))

    def stop(self) -> None:
        if self.server:
            self.server.terminate()
            self.server.wait(60)

    def _serve(self, command: str) -> None:
        with (self.folder / "server.log").open("wb") as log:
            self.server = subprocess.Popen(
                ["sh", "-c", command], cwd=self.folder, env=self.variables, stdout=log, stderr=subprocess.STDOUT
            )
        log = self.folder / "server.log"
        wait_until(lambda: self.server.poll() is not None or "is running" in log.read_text(), "the server runs")
        assert self.server.poll() is None, log.read_text()

    def _shorter(self, command: str) -> str:
        """Leave out the contract, which takes most of the time, but for the first and the last run of the tests."""
        self.test_runs_left -= 1
        shortened = command if self.is_first_test_run or not self.test_runs_left else f'{command} -k "not contract"'
        self.is_first_test_run = False
        return shortened

    def _run(self, command: str) -> None:
        if command == "pytest -q":
            command = self._shorter(command)
        if command.startswith("curl "):
            command = command.replace("curl ", "curl --silent --show-error --fail --retry 5 --retry-all-errors ")
        variables = self.variables | ({"CATALOG_DATA_DIR": f"{self.folder}-tests"} if "pytest" in command else {})
        done = subprocess.run(
            ["sh", "-c", command], cwd=self.folder, env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"


@pytest.fixture
def reader(tmp_path):
    made = Reader(tmp_path)
    yield made
    made.stop()


def test_whoever_follows_the_guide_gets_a_plugin_and_a_server(reader):
    executed = []
    for language, block in re.findall(r"```(\w+)\n(.*?)```", GUIDE.read_text(), re.DOTALL):
        if language == "console":
            for command in re.findall(r"^\$ (.*)$", block, re.MULTILINE):
                reader.follow(command)
                executed.append(command.split()[0])
        elif block.startswith(" "):
            reader.insert(block)
        elif language == "yaml":
            (reader.folder / "server.yaml").write_text(block)
    assert set(executed) >= {*TOOLS, "pip", "curl"}


def test_every_command_of_the_tool_is_told():
    from catalog_core.tools.gen.cli import COMMANDS

    told = GUIDE.read_text()
    assert [name for name in COMMANDS if f"catalog-gen {name}" not in told] == ["index", "compat-matrix"]
