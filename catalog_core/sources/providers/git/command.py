"""Running ``git`` so that it does what it is told, for a bounded time, whatever somebody's configuration says."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from catalog_core.exceptions import SourceInvalid
from catalog_core.security.outgoing import Budget

OLDEST_VERSION = (2, 37)
"""The first version that can be told the address of a host; an older one would look it up again, unchecked."""

_TICK_SECONDS = 0.05
_LONGEST_ANSWER_BYTES = 64 * 1024 * 1024
_LONGEST_COMPLAINT_BYTES = 64 * 1024

_ALWAYS = (
    ("protocol.allow", "never"),
    ("core.hooksPath", os.devnull),
    ("credential.helper", ""),
    ("submodule.recurse", "false"),
    ("gc.auto", "0"),
    ("maintenance.auto", "false"),
    (
        "fetch.unpackLimit",
        "1",
    ),  # keep what arrives as one file, however small: thousands of small ones are slow to weigh
)


class GitFailed(Exception):
    """``git`` ended with an error; ``complaint`` is what it said, not fit to be shown as it is."""

    def __init__(self, exit_code: int, complaint: str) -> None:
        self.exit_code = exit_code
        self.complaint = complaint
        super().__init__(f"git ended with exit code {exit_code}")


class TooLarge(Exception):
    """``git`` answers or stores more than is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Git:
    """The ``git`` command, within a budget.

    Attributes:
        work_dir: where it runs and what it takes for the home folder.
        config: settings for every run. They travel in the environment, where other users of the machine cannot see
            them, so credentials may be among them.
        budget: time that is left.
    """

    work_dir: Path
    config: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    budget: Budget

    def run(self, *arguments: str, watch: Callable[[], None] = lambda: None) -> bytes:
        """Return what ``git`` prints; see :meth:`run_into`."""
        with tempfile.TemporaryFile(dir=self.work_dir) as output:
            self.run_into(output, *arguments, watch=watch)
            output.seek(0)
            return output.read()

    def run_into(
        self,
        output: IO[bytes],
        *arguments: str,
        stdin: IO[bytes] | int = subprocess.DEVNULL,
        max_bytes: int = _LONGEST_ANSWER_BYTES,
        watch: Callable[[], None] = lambda: None,
    ) -> None:
        """Run ``git`` with its output going to a file.

        Files instead of pipes: there is nothing to deadlock on, and the output of a run that goes wild stays on disk.

        Args:
            output: what is printed.
            arguments: the command line; never a credential, as other users of the machine can see it.
            stdin: where ``git`` reads from.
            max_bytes: how much may be printed, in bytes.
            watch: called every now and then while ``git`` runs; what it raises ends the run.

        Raises:
            GitFailed: it ended with an error.
            TooLarge: it prints too much.
            OutOfTime: the budget has no time left.
            RefreshSuperseded: the work was cancelled.
        """
        with tempfile.TemporaryFile(dir=self.work_dir) as complaint:
            exit_code = self._supervise(arguments, stdin, output, complaint, max_bytes, watch)
            complaint.seek(0)
            text = complaint.read(_LONGEST_COMPLAINT_BYTES).decode("utf-8", "replace")
        if exit_code:
            raise GitFailed(exit_code, text)

    def _supervise(
        self,
        arguments: Iterable[str],
        stdin: IO[bytes] | int,
        output: IO[bytes],
        complaint: IO[bytes],
        max_bytes: int,
        watch: Callable[[], None],
    ) -> int:
        executable = git_executable()
        with subprocess.Popen(
            [executable, *arguments],
            stdin=stdin,
            stdout=output,
            stderr=complaint,
            cwd=self.work_dir,
            env=self._environment(executable),
            start_new_session=True,  # git starts others to do its work: as a group they can be ended together
        ) as process:
            try:
                while True:
                    try:
                        process.wait(timeout=min(_TICK_SECONDS, self.budget.next_wait()))
                    except subprocess.TimeoutExpired:
                        watch()
                    _weigh(output, max_bytes)
                    _weigh(complaint, _LONGEST_ANSWER_BYTES)
                    if process.returncode is not None:
                        return process.returncode
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)

    def _environment(self, executable: str) -> dict[str, str]:
        """Return the whole environment of ``git``: nothing of the server's own gets through."""
        settings = (*_ALWAYS, *self.config)
        environment = {
            "PATH": os.pathsep.join((os.path.dirname(executable), os.defpath)),
            "HOME": str(self.work_dir),
            "LC_ALL": "C",  # messages are recognised by their words
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(self._global_config()),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_ASKPASS": "",
            "GIT_NO_REPLACE_OBJECTS": "1",
            "GIT_CONFIG_COUNT": str(len(settings)),
        }
        for number, (key, value) in enumerate(settings):
            environment[f"GIT_CONFIG_KEY_{number}"] = key
            environment[f"GIT_CONFIG_VALUE_{number}"] = value
        return environment

    def _global_config(self) -> Path:
        """Return a configuration that lets repositories of other owners be read.

        This one setting has to be in a file: for a repository on the same disk ``git`` starts itself a second time and
        passes no settings on. Which folders may be read is checked before, and nothing in a repository is run.
        """
        path = self.work_dir / "gitconfig"
        if not path.exists():
            path.write_text("[safe]\n\tdirectory = *\n")
        return path


def git_executable() -> str:
    """Return the path of ``git``.

    Raises:
        SourceInvalid: it is not installed.
    """
    if (found := shutil.which("git")) is None:
        raise SourceInvalid("Sources of type git need the git command, which this server does not have; install git.")
    return found


def require_version(git: Git) -> None:
    """Raise SourceInvalid if the installed ``git`` is older than ``OLDEST_VERSION``."""
    text = git.run("version").decode("utf-8", "replace")
    found = re.search(r"(\d+)\.(\d+)", text)
    if found is None or (int(found[1]), int(found[2])) < OLDEST_VERSION:
        wanted = ".".join(map(str, OLDEST_VERSION))
        raise SourceInvalid(f"Sources of type git need git {wanted} or newer on this server; upgrade it.")


def _weigh(stream: IO[bytes], max_bytes: int) -> None:
    if os.fstat(stream.fileno()).st_size > max_bytes:
        raise TooLarge
