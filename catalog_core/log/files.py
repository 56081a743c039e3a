"""Log files that several processes share and rotate."""

import fcntl
import logging
import os
from logging.handlers import WatchedFileHandler
from pathlib import Path


class SharedRotatingFileHandler(WatchedFileHandler):
    """Appends to a file that other processes append to as well, and moves it away once it is large.

    The handlers of the standard library rotate safely within one process only. Here each record is one append, every
    process notices when another has moved the file, and a lock beside the file decides who moves it.

    Args:
        filename: the file; its folder is made if need be. Older ones are called ``<filename>.1``, ``.2`` and so on.
        max_bytes: size from which on the file is moved away.
        backups: how many older files are kept.
    """

    def __init__(self, filename: Path | str, *, max_bytes: int = 10_000_000, backups: int = 3) -> None:
        self._path = Path(filename)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._max_bytes = max_bytes
        self._backups = backups
        super().__init__(self._path, encoding="utf-8", delay=True)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the record; then make room if the file has become too large."""
        super().emit(record)
        try:
            if self._is_full():
                self._rotate()
        except OSError:  # a full or vanished disk must not stop what is being logged about
            self.handleError(record)

    def _is_full(self) -> bool:
        return self.stream is not None and os.fstat(self.stream.fileno()).st_size >= self._max_bytes

    def _rotate(self) -> None:
        with self._path.with_name(f"{self._path.name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.reopenIfNeeded()  # another process may have been faster
            if not self._is_full():
                return
            for number in range(self._backups - 1, 0, -1):
                if (older := self._backup(number)).exists():
                    older.replace(self._backup(number + 1))
            self._path.replace(self._backup(1))
            self.reopenIfNeeded()

    def _backup(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")
