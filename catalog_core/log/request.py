"""Which request a log record belongs to."""

import logging
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
