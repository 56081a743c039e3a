"""What one piece of work may still cost: time, bytes, and whether anybody still wants it."""

import time
from collections.abc import Callable

from catalog_core.exceptions import RefreshSuperseded

POLL_SECONDS = 0.2
"""How long waiting for the outside goes on, in seconds, before time and cancellation are looked at again."""


class OutOfTime(Exception):
    """The time allowed for the whole work is over; whoever knows what was being done tells people."""


class OutOfBytes(Exception):
    """More bytes came than are allowed; whoever knows where they came from tells people."""


class Budget:
    """Counts down what is left for one piece of work, from the moment it is made.

    Args:
        total_seconds: time for everything, in seconds.
        max_bytes: bytes for everything, after decompression.
        cancelled: returns true once the work should stop; asked at most every ``POLL_SECONDS``, as it may cost a query.
    """

    def __init__(self, *, total_seconds: float, max_bytes: int, cancelled: Callable[[], bool] = lambda: False) -> None:
        self.total_seconds = total_seconds
        self.max_bytes = max_bytes
        self.bytes_left = max_bytes
        self._cancelled = cancelled
        self._deadline = time.monotonic() + total_seconds
        self._asked = float("-inf")

    def seconds_left(self) -> float:
        """Return the seconds that are left, more than zero.

        Raises:
            OutOfTime: none are left.
            RefreshSuperseded: the work was cancelled.
        """
        now = time.monotonic()
        if now - self._asked >= POLL_SECONDS:
            self._asked = now
            if self._cancelled():
                raise RefreshSuperseded("The reading was cancelled.")
        if now >= self._deadline:
            raise OutOfTime
        return self._deadline - now

    def next_wait(self) -> float:
        """Return for how many seconds to wait before looking here again; raises as :meth:`seconds_left` does."""
        return min(POLL_SECONDS, self.seconds_left())

    def spend(self, count: int) -> None:
        """Take ``count`` bytes away.

        Raises:
            OutOfBytes: fewer are left.
        """
        if count > self.bytes_left:
            raise OutOfBytes
        self.bytes_left -= count
