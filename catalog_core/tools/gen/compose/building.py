"""Proving a server project: it is installed, checked, packed and started once."""

import json
import os
import signal
import socket
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import catalog_core

_NOT_HANDED_ON = ("CATALOG_", "PYTHON")
"""How variables begin that would make the new server another one than its folder says."""

_READY_SECONDS = 180
"""How long the server may take to serve all plugins."""
_STOP_SECONDS = 30
_CORE_FOLDER = str(Path(catalog_core.__file__).parents[1])


class BuildFailed(ValueError):
    """A step did not succeed; the text says which, and what it said at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """A server project that is to be proved.

    Attributes:
        project: its folder.
        module: the package of its settings.
        plugins: names of the plugins that it has to serve.
        local_projects: folders of plugins that are installed from there.
        is_offline: take the packages of the environment that runs this, and download nothing.
        tell: is told what is being done.
    """

    project: Path
    module: str
    plugins: tuple[str, ...]
    local_projects: tuple[Path, ...]
    is_offline: bool
    tell: Callable[[str], None]

    def run(self) -> None:
        """Carry out all steps.

        Raises:
            BuildFailed: one of them did not succeed.
        """
        self.tell("making a virtual environment")
        self._command(
            "virtual environment", [sys.executable, "-m", "venv", "--clear", "--without-pip", str(self._venv)]
        )
        if self.is_offline:
            self._see_this_environment()
        self.tell("building wheels")
        (self.project / "wheels").mkdir(exist_ok=True)
        for folder in self.local_projects:
            self._pip("wheel", "--no-deps", "--wheel-dir", "wheels", str(folder.resolve()))
        self._pip("wheel", "--no-deps", "--wheel-dir", "dist", ".")
        self.tell("installing")
        wheels = sorted(str(path) for path in (self.project / "wheels").glob("*.whl"))
        if self.is_offline:
            self._pip("install", "--no-deps", *wheels, "--editable", ".")
        else:
            self._pip("install", "--find-links", "wheels", "--editable", ".")
        self.tell("checking")
        self._command("manage.py check", [self._python, "manage.py", "check"], CATALOG_STRICT_PLUGINS="1")
        self.tell("starting the server once")
        self._start_once()

    @property
    def _venv(self) -> Path:
        return self.project / ".venv"

    @property
    def _python(self) -> str:
        return str(self._venv.absolute() / "bin" / "python")

    def _see_this_environment(self) -> None:
        """Let the new environment see what is installed in the one that runs this."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        file = self._venv / "lib" / version / "site-packages" / "_environment.pth"
        file.write_text("\n".join(_package_folders()) + "\n", encoding="utf-8")

    def _pip(self, what: str, *arguments: str) -> None:
        offline = ("--no-build-isolation", "--no-index") if self.is_offline else ()
        base = [sys.executable, "-m", "pip", "--python", self._python, "--disable-pip-version-check", what]
        self._command(f"pip {what}", [*base, *offline, *arguments])

    def _command(self, what: str, command: list[str], **environment: str) -> None:
        done = subprocess.run(
            command, cwd=self.project, env=self._environment(environment), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise BuildFailed(f"{what} failed:\n{_last_lines(done.stdout + done.stderr)}")

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_HANDED_ON)}
        return {**kept, "DJANGO_SETTINGS_MODULE": f"{self.module}.settings", "PYTHONDONTWRITEBYTECODE": "1", **more}

    def _start_once(self) -> None:
        port = _free_port()
        command = [self._python, "-m", "catalog_core.tools.server", "--listen", f"127.0.0.1:{port}"]
        log = self.project / ".catalog" / "first-start.log"
        log.parent.mkdir(exist_ok=True)
        with log.open("wb") as output:
            server = subprocess.Popen(
                command, cwd=self.project, env=self._environment({}), stdout=output, stderr=subprocess.STDOUT
            )
        try:
            problem = _wait_for(server, f"http://127.0.0.1:{port}", set(self.plugins))
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        if problem:
            raise BuildFailed(f"{problem}\n{_last_lines(log.read_text(errors='replace'))}")


def _package_folders() -> list[str]:
    """Return where this process finds packages besides the standard library."""
    library = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"), str(Path.cwd())}
    found = [entry for entry in sys.path if Path(entry).is_dir() and not entry.endswith("lib-dynload")]
    return list(dict.fromkeys([*(entry for entry in found if entry and entry not in library), _CORE_FOLDER]))


def _wait_for(server: "subprocess.Popen[bytes]", address: str, wanted: set[str]) -> str:
    """Wait until the server serves exactly the plugins wanted; return what is wrong if it does not."""
    give_up = time.monotonic() + _READY_SECONDS
    problem = "The server did not answer in time."
    while time.monotonic() < give_up and server.poll() is None:
        if (entries := _plugins(address)) is not None:
            problem = _difference(entries, wanted)
            if not problem:
                return ""
        time.sleep(0.3)
    return problem if server.poll() is None else f"The server ended with status {server.returncode}."


def _plugins(address: str) -> list[dict[str, Any]] | None:
    try:
        with urllib.request.urlopen(f"{address}/api/plugins", timeout=5) as answer:  # noqa: S310 - our own server
            found: list[dict[str, Any]] = json.load(answer)["plugins"]
            return found
    except (OSError, urllib.error.URLError, ValueError, KeyError):
        return None


def _difference(entries: Iterable[Mapping[str, Any]], wanted: set[str]) -> str:
    found = {str(entry["name"]): entry for entry in entries}
    if found.keys() != wanted:
        return f"The server has the plugins {', '.join(sorted(found))} and not {', '.join(sorted(wanted))}."
    bad = [name for name, entry in sorted(found.items()) if not _serves(entry)]
    return f"These plugins do not serve: {', '.join(bad)}." if bad else ""


def _serves(entry: Mapping[str, Any]) -> bool:
    status = entry.get("status") or {}
    return bool(entry.get("healthy") and status.get("initialized") and status.get("serving"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _last_lines(text: str) -> str:
    return "\n".join(text.strip().splitlines()[-20:])
