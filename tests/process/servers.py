"""Real server processes: starting them, looking at them, and leaving none behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

PATIENCE_SECONDS = 60
PROJECT = Path(__file__).parents[2]
COMMAND = [sys.executable, "-m", "catalog_core.tools.server"]


def wait_until(condition: Callable[[], object], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Return as soon as ``condition`` holds; fail if it does not within a time that is generous on any machine."""
    give_up = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up:
            pytest.fail(f"waited {seconds} s in vain: {what}")
        time.sleep(0.1)


@dataclass(frozen=True)
class Process:
    """One line of ``ps``."""

    pid: int
    parent: int
    command: str


def running_processes() -> dict[int, Process]:
    """Return all processes of this machine that still do something."""
    listing = subprocess.run(["ps", "-ww", "-eo", "pid=,ppid=,stat=,args="], capture_output=True, text=True, check=True)
    found = {}
    for line in listing.stdout.splitlines():
        pid, parent, state, command = line.split(maxsplit=3)
        if not state.startswith("Z"):
            found[int(pid)] = Process(int(pid), int(parent), command)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def clean_environment(**variables: str) -> dict[str, str]:
    """Return the environment without any setting of the server, but for ``variables``."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CATALOG_")}
    path = os.pathsep.join([str(PROJECT), *filter(None, [kept.get("PYTHONPATH")])])
    return {**kept, "PYTHONPATH": path, **variables}


@dataclass
class RunningServer:
    """A server that was started by a test.

    Attributes:
        base_url: where it answers, without a slash at the end.
        data_dir: its data folder; give it to the next server to start again on what this one has left.
    """

    process: subprocess.Popen
    base_url: str
    data_dir: Path
    output_file: Path
    known: dict[int, Process] = field(default_factory=dict)

    @property
    def output(self) -> str:
        """What the console has shown so far."""
        return self.output_file.read_text()

    @property
    def log(self) -> str:
        """The log file."""
        return (self.data_dir / "logs" / "catalog.log").read_text()

    def tree(self) -> dict[int, Process]:
        """Return the server's processes that run now; remembers them, so that orphans can be found later."""
        running = running_processes()
        members = {self.process.pid} & running.keys()
        while grown := {pid for pid, process in running.items() if process.parent in members} - members:
            members |= grown
        tree = {pid: running[pid] for pid in members}
        self.known |= tree
        return tree

    def survivors(self) -> list[Process]:
        """Return those of the processes seen so far that still run."""
        running = running_processes()
        return [
            process for pid, process in self.known.items() if pid in running and running[pid].command == process.command
        ]

    def pids(self, part: str) -> list[int]:
        """Return the processes of one part: ``supervisor``, ``web``, ``web worker`` or ``worker``."""
        supervisor = self.process.pid
        tree = self.tree()
        web = [p.pid for p in tree.values() if ".server.web" in p.command and p.parent == supervisor]
        return {
            "supervisor": [supervisor],
            "web": web,
            "web worker": [p.pid for p in tree.values() if p.parent in web and ".server.web" in p.command],
            "worker": [p.pid for p in tree.values() if ".server.worker" in p.command and p.parent == supervisor],
        }[part]

    def answers(self) -> bool:
        """Say whether the server answers requests, whatever it answers."""
        try:
            with urllib.request.urlopen(f"{self.base_url}/livez", timeout=5):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False

    def ask(self, path: str, seconds: float = PATIENCE_SECONDS) -> tuple[int, Any]:
        """Return status and JSON body of the answer to a GET of ``path``."""
        try:
            with urllib.request.urlopen(f"{self.base_url}{path}", timeout=seconds) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    def wait_until_ready(self) -> None:
        """Wait until the command says that the server runs."""

        def ready() -> bool:
            if self.process.poll() is not None:
                pytest.fail(f"the server ended with status {self.process.returncode}:\n{self.output}")
            return "is running" in self.output and self.answers()

        wait_until(ready, "the server is ready")
        self.tree()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask the server to stop, as Ctrl-C or a service manager would; return its exit status."""
        self.tree()
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE_SECONDS)

    def kill_everything(self) -> None:
        """Leave nothing behind, whatever state the server is in."""
        self.tree()
        self.process.kill()
        self.process.wait()
        for process in self.survivors():
            try:
                os.kill(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


def ask_as_operator(base_url: str, token: str, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    """Return status and JSON of the answer to a request by an operator."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{base_url}{path}", content, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def token_of(server: RunningServer) -> str:
    """Return a new token of an operator."""
    command = [sys.executable, str(PROJECT / "manage.py"), "token", "create", "test", "--role", "operator"]
    environment = clean_environment(CATALOG_DATA_DIR=str(server.data_dir))
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


StartServer = Callable[..., RunningServer]


@contextmanager
def running_servers(folder: Path, sources_file: Path) -> Iterator[StartServer]:
    """Give a function that starts servers, and stop them all in the end.

    Called as ``server(data_dir=..., sources=[...], options=[...], wait=True, **environment)``. Every argument may be
    left out: a server then gets a new data folder, and ``sources_file``. Variables of the environment that begin with
    ``CATALOG_`` are not inherited.

    Args:
        folder: where the servers keep what they write.
        sources_file: the configuration of servers that are given no other.
    """
    started: list[RunningServer] = []

    def start(
        data_dir: Path | None = None,
        sources: list[Path] | None = None,
        options: list[str] | None = None,
        wait: bool = True,
        command: list[str] | None = None,
        **environment: str,
    ) -> RunningServer:
        port = free_port()
        data_dir = data_dir or folder / f"data-{len(started)}"
        output_file = folder / f"output-{len(started)}"
        arguments = ["--listen", f"127.0.0.1:{port}", "--data-dir", str(data_dir), "--workers", "2", *(options or [])]
        for file in sources or [sources_file]:
            arguments += ["--sources", str(file)]
        with output_file.open("wb") as output:
            process = subprocess.Popen(
                [*(command or COMMAND), *arguments],
                cwd=folder,
                env=clean_environment(**environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        running = RunningServer(process, f"http://127.0.0.1:{port}", data_dir, output_file)
        started.append(running)
        if wait:
            running.wait_until_ready()
        return running

    try:
        yield start
    finally:
        for running in started:
            running.kill_everything()
