"""Lists that are held in memory while nothing changes.

Whoever walks through a catalog asks for each page once, so keeping answers helps nobody, and each page costs a
statement of its own. A list that is read so is fetched as a whole, once its pages have cost as much as that (the rule
for renting skis: at worst it is done twice). What is held belongs to one view of the catalog and goes with it, at the
next change.
"""

import threading
import weakref
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from catalog_core.conf import catalog_settings
from catalog_core.entities.prepared import PreparedList

_ROW_BYTES = 300
"""What a row costs besides its document: bookkeeping and the id that it is found by; measured, rounded up."""
_SAMPLE_ROWS = 50
"""So many rows say how large the others are, about."""
_VALUE_BYTES = 60
"""What a value of a column costs in each row: its place, and two references."""
_DISTINCT_BYTES = 200
"""What each different value of a column costs besides."""

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


class Rent:
    """Adds up what was paid piece by piece for something that has a price as a whole. Safe for threads."""

    def __init__(self, price: int) -> None:
        self._left = price
        self._lock = threading.Lock()

    def pay(self, amount: int) -> bool:
        """Add a piece; return whether it is the one that made all of them dearer than the whole."""
        with self._lock:
            before, self._left = self._left, self._left - amount
            return before >= 0 > self._left


@dataclass(frozen=True, slots=True)
class HeldColumn:
    """The values of one column of a held list.

    Attributes:
        values: the value of each row, in the order of the list; ``None`` where it has none.
        places: at which places of the list each value stands, in ascending order.
    """

    values: Sequence[Any]
    places: Mapping[Any, Sequence[int]]


class HeldList:
    """A list of a catalog, without any condition, in the order of its names. Safe for threads.

    Args:
        prepared: the list.
        size: how many rows it has, about.
    """

    def __init__(self, prepared: PreparedList, size: int) -> None:
        self._prepared = prepared
        self.size = size
        self._rent = Rent(size)
        self._filling = threading.Lock()
        self._was_tried = False
        self._rows: list[Row] | None = None
        self._places: dict[str, int] = {}
        self._columns: dict[str, HeldColumn] = {}

    def rows(self, values: Sequence[Any], after: Row | None, limit: int) -> list[Row]:
        """Return rows as :meth:`PreparedList.rows` does: from memory, if they are there."""
        if self._rows is not None:
            place = self.place_behind(after)
            if place is not None:
                return self._rows[place : place + limit]
        rows = self._prepared.rows(values, after, limit)
        if rows and self._rows is None and self._rent.pay(len(rows)):
            self.hold()
        return rows

    def count(self, values: Sequence[Any]) -> int:
        """Return how many entries there are, as the database says."""
        return self._prepared.count(values)

    def place_behind(self, after: Row | None) -> int | None:
        """Return the place where a page begins that follows ``after``.

        ``None`` if that row has gone since the page token was made; then only the database knows where it stood.
        """
        return 0 if after is None else self._places.get(after[-1].hex)

    def at(self, places: Iterable[int]) -> list[Row]:
        """Return the rows at these places of a list that is held."""
        rows = self._rows or []
        return [rows[place] for place in places]

    def hold(self) -> bool:
        """Fetch the list, unless there is no room for it; return whether it is held."""
        with self._filling:
            if not self._was_tried:
                self._was_tried = True
                self._fill()
        return self._rows is not None

    def column(self, name: str) -> HeldColumn | None:
        """Return the values of a column of the list, which is held; ``None`` if there is no room for them."""
        with self._filling:
            if name not in self._columns and (column := self._fetched_column(name)):
                self._columns[name] = column
        return self._columns.get(name)

    def _fill(self) -> None:
        sample = self._prepared.rows((), None, _SAMPLE_ROWS)
        size = sum(map(_row_bytes, sample)) * self.size // max(len(sample), 1)
        if size > ROOM.left:
            return
        rows = self._prepared.all_rows()
        if ROOM.take(sum(map(_row_bytes, rows)), self):
            self._places = {_hex(row[1]): place for place, row in enumerate(rows, start=1)}
            self._rows = rows

    def _fetched_column(self, name: str) -> HeldColumn | None:
        values: list[Any] = [None] * len(self._places)
        distinct: dict[Any, Any] = {}
        for key, value in self._prepared.values_of(name):
            place = self._places.get(_hex(key))  # a row that was added meanwhile has none
            if place is not None and value not in (None, ""):
                values[place - 1] = distinct.setdefault(value, value)
        if not ROOM.take(_VALUE_BYTES * len(values) + sum(map(_distinct_bytes, distinct)), self):
            return None
        places: defaultdict[Any, list[int]] = defaultdict(list)
        for place, value in enumerate(values):
            if value is not None:
                places[value].append(place)
        return HeldColumn(values, places)


def _row_bytes(row: Row) -> int:
    return len(row[0]) + _ROW_BYTES


def _distinct_bytes(value: Any) -> int:
    return _DISTINCT_BYTES + (len(value) if isinstance(value, str) else 0)


def _hex(key: Any) -> str:
    """Return the id of a row, which SQLite gives as hexadecimal digits."""
    return key if isinstance(key, str) else str(key.hex)
