"""Signs of life of somebody who holds something, given beside the work."""

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import DatabaseError, connection

logger = logging.getLogger(__name__)

_BEATS = 10
"""Signs of life in the time after which one counts as dead."""


@contextmanager
def heartbeat(name: str, still_held: Callable[[], bool], lease_seconds: float) -> Iterator[threading.Event]:
    """Give signs of life while the body runs; yields an event that is set once what is held is lost.

    Args:
        name: what is held, for the log.
        still_held: gives one sign of life, and says whether it is held still.
        lease_seconds: after how long without a sign of life others may take over.
    """
    lost, done = threading.Event(), threading.Event()

    def beat() -> None:
        while not lost.is_set() and not done.wait(lease_seconds / _BEATS):
            try:
                if not still_held():
                    lost.set()
            except DatabaseError as error:  # busy or away; a lease outlives several beats
                logger.warning("%s: the heartbeat was missed: %s", name, error)
            finally:
                connection.close()

    thread = threading.Thread(target=beat, name=f"heartbeat of {name}", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        done.set()
        thread.join()
