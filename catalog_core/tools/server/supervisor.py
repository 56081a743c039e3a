"""Starting the processes of the server, keeping them running, and ending them all."""

import contextlib
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from types import FrameType

import click

from catalog_core.tools.server.child import Child
from catalog_core.tools.server.options import Address

LOOK_SECONDS = 0.2
READY_SECONDS = 90.0
STOP_SECONDS = 8.0


class Supervisor:
    """Runs a few children until it is told to stop.

    It is told by SIGINT, SIGTERM or SIGHUP, or by the end of its own parent. A second signal cuts the farewell short.

    Args:
        end_with_parent: whether to stop when the process that started this one has ended.
    """

    def __init__(self, *, end_with_parent: bool) -> None:
        self._signals = 0
        self._parent_pid = os.getppid() if end_with_parent else None
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._note_signal)

    def _note_signal(self, number: int, frame: FrameType | None) -> None:
        self._signals += 1

    @property
    def stopping(self) -> bool:
        """Whether the server is to end."""
        return self._signals > 0 or (self._parent_pid is not None and os.getppid() != self._parent_pid)

    def start_and_listen(self, child: Child) -> str:
        """Start a child and return the first line that it prints; it goes on running.

        Raises:
            ClickException: it ended before.
            Abort: the server is to end.
        """
        output = child.start(stdout=subprocess.PIPE).stdout
        if output is None:
            raise ValueError("the process was started without a pipe")
        with output:
            line = b""
            while not line.endswith(b"\n"):
                if self.stopping:
                    self.stop([child])
                    raise click.Abort
                if not select.select([output], [], [], LOOK_SECONDS / 4)[0]:
                    continue
                if not (piece := os.read(output.fileno(), 4096)):
                    child.wait()
                    raise click.ClickException(f"The {child.name} process {child.end()}; see above for the reason.")
                line += piece
        return line.decode()

    def run(self, children: Sequence[Child], address: Address, on_ready: Callable[[], None]) -> None:
        """Start the children and keep them running until the server is to end; then end them.

        Args:
            children: what is to run; some may have been started before.
            address: where the server answers once it is ready.
            on_ready: called once when it is.

        Raises:
            ClickException: a child ended before the server was ready, or it did not get ready in time.
        """
        try:
            for child in children:
                if not child.is_started:
                    child.start()
            self._wait_until_ready(children, address)
            if not self.stopping:
                on_ready()
            while not self.stopping:
                for child in children:
                    if message := child.keep_running():
                        say(message)
                time.sleep(LOOK_SECONDS)
            say("stopping")
        finally:
            self.stop(children)

    def _wait_until_ready(self, children: Sequence[Child], address: Address) -> None:
        give_up = time.monotonic() + READY_SECONDS
        while not self.stopping and not _answers(address):
            for child in children:
                if (how := child.end()) is not None:
                    raise click.ClickException(f"The {child.name} process {how} before the server was ready.")
            if time.monotonic() > give_up:
                raise click.ClickException(f"Nothing answers at {address} after {READY_SECONDS:.0f} s; see the log.")
            time.sleep(LOOK_SECONDS / 4)

    def stop(self, children: Sequence[Child]) -> None:
        """End all children: ask them, wait, and then end what is left by force."""
        for child in children:
            child.ask_to_stop()
        give_up = time.monotonic() + STOP_SECONDS
        while any(child.end() is None for child in children) and time.monotonic() < give_up and self._signals < 2:
            time.sleep(LOOK_SECONDS / 4)
        for child in children:
            child.kill()


def say(message: str) -> None:
    """Print one line for whoever looks at the console; where nobody can any more, the server goes on."""
    with contextlib.suppress(OSError):
        click.echo(f"catalog-server: {message}")


def check_free(address: Address) -> None:
    """Make sure that the server will be able to listen.

    Raises:
        ClickException: it will not, with the reason.
    """
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(where)
            probe.listen(1)
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {address}: {error.strerror}. Choose another address with --listen HOST:PORT."
        ) from error


def _answers(address: Address) -> bool:
    try:
        with socket.create_connection((address.local_host, address.port), timeout=1):
            return True
    except OSError:
        return False
