"""Which request a log record belongs to."""

import itertools
import logging
import os
import secrets
from contextvars import ContextVar

request_id: ContextVar[str] = ContextVar("request_id", default="-")
"""The id of the request, or of the task, that is being worked on; ``-`` outside of any."""


class RequestIdFilter(logging.Filter):
    """Adds the attribute ``request_id`` to every record; keeps out none."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Set the attribute, unless whoever logged has set it."""
        if not hasattr(record, "request_id"):
            record.request_id = request_id.get()
        return True


class RequestIds:
    """Makes ids that no request has had before: a random beginning for each process, and a number. Safe for threads."""

    def __init__(self) -> None:
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def new(self) -> str:
        """Return a new id: 32 hexadecimal digits."""
        return f"{self._beginning}{next(self._numbers):012x}"

    def _begin(self) -> None:
        self._beginning = secrets.token_hex(10)
        self._numbers = itertools.count()


request_ids = RequestIds()
