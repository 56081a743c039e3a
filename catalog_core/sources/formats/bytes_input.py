"""The bytes of one document: counted, bounded, and able to say which line a place is in."""

import io
from typing import BinaryIO

from catalog_core.exceptions import InvalidDocument
from catalog_core.problems import Problem

_PIECE_BYTES = 64 * 1024


class BytesInput:
    """Hands out a document piece by piece and keeps the last two pieces, to explain errors with.

    Args:
        content: the document, or a stream of it.
        file: how people know the document, for messages.
        max_bytes: the most that is read, in bytes.

    Raises:
        InvalidDocument: the document is larger than ``max_bytes``; from a stream this shows while reading.
    """

    def __init__(self, content: bytes | BinaryIO, *, file: str, max_bytes: int) -> None:
        self.file = file
        self._max_bytes = max_bytes
        self._stream = io.BytesIO(content) if isinstance(content, bytes) else content
        self._tail = b""
        self._tail_offset = 0
        self._tail_line = 0
        self._last_piece_bytes = 0
        if isinstance(content, bytes) and len(content) > max_bytes:
            raise self._too_large()

    def read(self, size: int = -1) -> bytes:
        """Return at most ``size`` bytes, fewer at the end, none after it."""
        piece = self._stream.read(_PIECE_BYTES if size < 0 else size)
        kept = self._last_piece_bytes
        dropped = self._tail[: len(self._tail) - kept]
        self._tail_line += dropped.count(b"\n")
        self._tail_offset += len(dropped)
        self._tail = self._tail[len(dropped) :] + piece
        self._last_piece_bytes = len(piece)
        if self.count > self._max_bytes:
            raise self._too_large()
        return piece

    def readline(self) -> bytes:
        """Return the next line with its end, or nothing after the last one."""
        line = self._stream.readline(self._max_bytes - self.count + 1)
        self._tail_offset += len(line)
        if self.count > self._max_bytes:
            raise self._too_large()
        return line

    @property
    def count(self) -> int:
        """How many bytes were handed out."""
        return self._tail_offset + len(self._tail)

    @property
    def line_count(self) -> int:
        """How many lines were handed out, the last one counted whether or not it is complete."""
        complete = self._tail_line + self._tail.count(b"\n")
        return complete if self._tail.endswith(b"\n") else complete + 1

    def line_of(self, offset: int) -> int | None:
        """Return the line, counted from 1, that holds the byte at ``offset``; ``None`` if that was read long ago."""
        place = offset - self._tail_offset
        return None if place < 0 else self._tail_line + self._tail.count(b"\n", 0, place) + 1

    def line_text(self, line: int) -> str:
        """Return what stands in ``line``, counted from 1; empty if it was read long ago."""
        place = line - 1 - self._tail_line
        lines = self._tail.split(b"\n")
        return lines[place].decode(errors="replace") if 0 <= place < len(lines) else ""

    def _too_large(self) -> InvalidDocument:
        return InvalidDocument(
            [
                Problem(
                    message=f"The file is larger than {self._max_bytes} bytes.",
                    rule="too-large",
                    hint="Split it into several files, or have the limit raised.",
                    file=self.file,
                )
            ]
        )
