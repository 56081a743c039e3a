"""Lists that are held in memory while nothing changes.

Whoever walks through a catalog asks for each page once, so keeping answers helps nobody, and each page costs a
statement of its own. A list that is read so is fetched as a whole, once its pages have cost as much as that (the rule
for renting skis: at worst it is done twice). What is held belongs to one view of the catalog and goes with it, at the
next change.
"""

import threading
import weakref
from collections.abc import Sequence
from typing import Any

from catalog_core.conf import catalog_settings
from catalog_core.entities.prepared import PreparedList

_ROW_BYTES = 300
"""What a row costs besides its document: bookkeeping and the id that it is found by; measured, rounded up."""

Row = tuple[Any, ...]


class Room:
    """The memory that all held lists of this process share, as large as that for answers. Safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # a list may be found to be garbage, and give its bytes back, within take
        self._taken = 0

    @property
    def left(self) -> int:
        """How many bytes are free."""
        return catalog_settings().answer_cache_bytes - self._taken

    def take(self, size: int, owner: object) -> bool:
        """Set bytes aside for as long as ``owner`` lives; return whether there are so many."""
        with self._lock:
            if size > self.left:
                return False
            self._taken += size
        weakref.finalize(owner, self._give_back, size)
        return True

    def _give_back(self, size: int) -> None:
        with self._lock:
            self._taken -= size


ROOM = Room()


class HeldList:
    """A list of a catalog, without any condition, in the order of its names. Safe for threads.

    Args:
        prepared: the list.
        size: how many rows it has, about.
    """

    def __init__(self, prepared: PreparedList, size: int) -> None:
        self._prepared = prepared
        self._size = size
        self._fetched = 0
        self._filling = threading.Lock()
        self._rows: list[Row] | None = None
        self._places: dict[str, int] = {}

    def rows(self, after: Row | None, limit: int) -> list[Row]:
        """Return rows as :meth:`PreparedList.rows` does: from memory, if they are there."""
        if self._rows is not None:
            place = 0 if after is None else self._places.get(after[-1].hex)
            if place is not None:  # else the row has gone since the token was made, and only its place is left
                return self._rows[place : place + limit]
        rows = self._prepared.rows((), after, limit)
        if self._rows is None:
            self._note(rows)
        return rows

    def _note(self, rows: Sequence[Row]) -> None:
        self._fetched += len(rows)
        if rows and self._fetched > self._size and self._filling.acquire(blocking=False):  # for good, if it fails
            size = sum(_row_bytes(row) for row in rows) * self._size // len(rows)
            if size <= ROOM.left:
                self._fill()

    def _fill(self) -> None:
        rows = self._prepared.all_rows()
        if ROOM.take(sum(map(_row_bytes, rows)), self):
            self._places = {_hex(row[1]): place for place, row in enumerate(rows, start=1)}
            self._rows = rows


def _row_bytes(row: Row) -> int:
    return len(row[0]) + _ROW_BYTES


def _hex(key: Any) -> str:
    """Return the id of a row, which SQLite gives as hexadecimal digits."""
    return key if isinstance(key, str) else str(key.hex)
