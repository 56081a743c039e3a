"""One process of the server, with everything that it starts in turn."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

FIRST_PAUSE_SECONDS = 1.0
LONGEST_PAUSE_SECONDS = 30.0
HEALTHY_AFTER_SECONDS = 60.0


class Child:
    """A process in a session of its own, so that a signal from the terminal reaches the supervisor only.

    Args:
        name: what people call it.
        module: the module that it runs.
        arguments: the arguments of that module; ``--parent`` is added.
        environment: its environment.
        inherited: descriptors that it keeps open.
    """

    def __init__(
        self,
        name: str,
        module: str,
        arguments: Sequence[str] = (),
        *,
        environment: Mapping[str, str],
        inherited: Sequence[int] = (),
    ) -> None:
        self.name = name
        self._command = [sys.executable, "-m", module, *arguments, "--parent", str(os.getpid())]
        self._environment = dict(environment)
        self._inherited = tuple(inherited)
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._pause_seconds = FIRST_PAUSE_SECONDS
        self._start_again_at: float | None = None

    def start(self, *, stdout: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        """Start the process.

        Args:
            stdout: as for :class:`subprocess.Popen`. What matters goes to the log; the console gets the error output.
        """
        self._started = time.monotonic()
        self._start_again_at = None
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            pass_fds=self._inherited,
            start_new_session=True,
        )
        return self._process

    @property
    def is_started(self) -> bool:
        """Whether the process was started, whether or not it runs still."""
        return self._process is not None

    def wait(self) -> None:
        """Wait until the process has ended."""
        if self._process:
            self._process.wait()

    def end(self) -> str | None:
        """Return how the process ended, in words; ``None`` while it runs."""
        status = self._process.poll() if self._process else 0
        if status is None:
            return None
        return f"was killed by {_signal_name(-status)}" if status < 0 else f"ended with status {status}"

    def keep_running(self) -> str | None:
        """Start the process again after a pause if it has ended; each failure in a row doubles the pause.

        Returns:
            What to tell people, once for each end of the process.
        """
        if (how := self.end()) is None:
            return None
        now = time.monotonic()
        if self._start_again_at is None:
            self.kill()  # what it started is of no use without it
            if now - self._started > HEALTHY_AFTER_SECONDS:
                self._pause_seconds = FIRST_PAUSE_SECONDS
            self._start_again_at = now + self._pause_seconds
            message = f"{self.name} {how}; starting it again in {self._pause_seconds:.0f} s"
            self._pause_seconds = min(2 * self._pause_seconds, LONGEST_PAUSE_SECONDS)
            return message
        if now >= self._start_again_at:
            self.start()
        return None

    def ask_to_stop(self) -> None:
        """Ask the process to finish what it is doing and end."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def kill(self) -> None:
        """End the process and all that it started, at once; harmless where nothing is left."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS forbids it where all are ended already
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
