"""Reading the body of an answer, bounded after decompression."""

import zlib
from collections.abc import Callable, Iterable, Iterator

import httpx

from catalog_core.exceptions import SourceInvalid
from catalog_core.security.outgoing.budget import Budget, OutOfBytes

ACCEPTED_ENCODINGS = "gzip"
_PIECE = 64 * 1024
_GZIP = zlib.MAX_WBITS | 16


class BodyCutOff(Exception):
    """The body ended before its end."""


def read_body(
    chunks: Iterable[bytes], headers: httpx.Headers, budget: Budget, write: Callable[[bytes], object]
) -> None:
    """Hand the body that arrives as ``chunks`` on to ``write``, piece by piece, decompressed.

    Raises:
        OutOfBytes: it is longer than the budget has, compressed or not.
        BodyCutOff: a compressed body ends in its middle.
        SourceInvalid: it is compressed in a way that was not asked for, or is not what it says.
    """
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        raise SourceInvalid("The answer is compressed in a way that was not asked for; only gzip is read.")
    _refuse_announced(headers, budget)
    pieces = chunks if encoding in ("", "identity") else _unzipped(chunks, budget.bytes_left)
    for piece in pieces:
        budget.spend(len(piece))
        write(piece)


def _refuse_announced(headers: httpx.Headers, budget: Budget) -> None:
    """Stop before the first byte where the answer says itself that it is too long."""
    length = headers.get("content-length", "")
    if length.isdecimal() and len(length) < 20 and int(length) > budget.bytes_left:
        raise OutOfBytes


def _unzipped(chunks: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    """Decompress piece by piece, so that a small body that stands for a huge one never unfolds in memory (RFC 1952)."""
    unzip = zlib.decompressobj(_GZIP)
    received = 0
    for chunk in chunks:
        received += len(chunk)
        if received > max_bytes + _PIECE:  # compressed text that unfolds to nothing could go on for ever
            raise OutOfBytes
        pending = chunk
        while pending:
            if unzip.eof:  # the format allows several members in a row
                unzip = zlib.decompressobj(_GZIP)
            yield _piece(unzip, pending)
            pending = unzip.unconsumed_tail or unzip.unused_data
    while received and not unzip.eof:  # all was taken in, some of it may still have to come out
        if not (piece := _piece(unzip, b"")):
            raise BodyCutOff
        yield piece


def _piece(unzip: "zlib._Decompress", pending: bytes) -> bytes:
    try:
        return unzip.decompress(pending, _PIECE)
    except zlib.error as error:
        raise SourceInvalid("The answer says that it is gzip, but it cannot be decompressed.") from error
