"""Bytes that are written once, piece by piece, and then read: in memory while they are few, else in a file.

The file has no name and nobody else can open it; the system takes it back when it is closed, also when the process is
killed.
"""

import hashlib
import io
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

HELD_BYTES = 1024 * 1024
"""So many bytes stay in memory."""
_BUFFER_BYTES = 256 * 1024


class Spool:
    """Takes bytes to its end, and then gives them back as often as anybody likes.

    Args:
        folder: where the file is made, if it comes to that; made itself where it is missing.
        held_bytes: how many bytes stay in memory.
        on_write: told the size of each piece that is written, in bytes.
    """

    def __init__(
        self, folder: Path, *, held_bytes: int = HELD_BYTES, on_write: Callable[[int], None] = lambda size: None
    ) -> None:
        self.size = 0
        self._folder = folder
        self._held_bytes = held_bytes
        self._on_write = on_write
        self._held = bytearray()
        self._file: BinaryIO | None = None
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """The SHA-256 of everything that was written, in hexadecimal digits."""
        return self._digest.hexdigest()

    @property
    def is_held(self) -> bool:
        """Whether everything is in memory."""
        return self._file is None

    def write(self, piece: bytes) -> None:
        """Add bytes at the end."""
        self.size += len(piece)
        self._on_write(len(piece))
        self._digest.update(piece)
        if self._file is None and self.size > self._held_bytes:
            self._folder.mkdir(parents=True, exist_ok=True)
            file = tempfile.TemporaryFile(dir=self._folder, buffering=_BUFFER_BYTES)  # noqa: SIM115 - closed with the spool
            self._file = cast(BinaryIO, file)
            weakref.finalize(self, self._file.close)
            self._file.write(self._held)
            self._held = bytearray()
        if self._file is None:
            self._held += piece
        else:
            self._file.write(piece)

    def content(self) -> "bytes | Spool":
        """Return the bytes if they are in memory, else the spool."""
        return self if self._file else bytes(self._held)

    def open(self) -> BinaryIO:
        """Return everything that was written, from its start; for one reader at a time, who does not close it."""
        if self._file is None:
            return io.BytesIO(self._held)
        self._file.seek(0)
        return self._file
