"""The folder of one server: made at the first start, and used by one server at a time."""

import errno
import fcntl
import os
import time
from pathlib import Path

import click

LOCK_FILE = "server.lock"
PATIENCE_SECONDS = 10.0


class FolderLock:
    """The right to use a data folder.

    The processes of the server inherit the lock, and the system takes it back when the last of them is gone. So it
    cannot be left behind, and whoever holds it knows that nothing of an earlier server is at work any more.
    """

    def __init__(self, folder: Path) -> None:
        """Take the lock.

        Raises:
            ClickException: the folder cannot be used, or another server uses it.
        """
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.descriptor = os.open(folder / LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise click.ClickException(f"The data folder {folder} cannot be used: {error.strerror}.") from error
        self._acquire()
        os.ftruncate(self.descriptor, 0)
        os.pwrite(self.descriptor, str(os.getpid()).encode(), 0)

    def _acquire(self) -> None:
        """Take the lock; where its server is gone, wait for the rest of its processes to notice."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not self._try():
            holder = os.pread(self.descriptor, 20, 0).decode()
            if _is_running(holder) or time.monotonic() > give_up:
                raise click.ClickException(
                    f"The data folder {self._folder} is in use by the catalog-server with process id {holder or '?'}. "
                    "Stop that one, or give this one a folder of its own with --data-dir."
                )
            time.sleep(0.1)

    def _try(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                return False
            raise click.ClickException(f"The data folder {self._folder} cannot be locked: {error.strerror}.") from error
        return True


def _is_running(pid: str) -> bool:
    if not pid.isdigit() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it runs, for another user
        return True
    return True
