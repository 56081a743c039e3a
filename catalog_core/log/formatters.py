"""How a log record looks: one aligned line for people, or one JSON object for programs. Both hide credentials."""

import logging
from datetime import UTC, datetime
from typing import Any, ClassVar

from pythonjsonlogger.json import JsonFormatter

from catalog_core.log.redaction import redact, redact_value


def _timestamp(record: logging.LogRecord) -> str:
    """Return the time of a record as in RFC 3339, in UTC, to the millisecond."""
    time = datetime.fromtimestamp(record.created, UTC)
    return f"{time:%Y-%m-%dT%H:%M:%S}.{time.microsecond // 1000:03d}Z"


class TextFormatter(logging.Formatter):
    """Time, level, logger, process, message and request in columns."""

    def __init__(self) -> None:
        super().__init__(
            "{asctime} {levelname:<8} {name:<28} {process:>7} {message} [{request_id}]",
            style="{",
            defaults={"request_id": "-"},
        )

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """Return the time of the record."""
        return _timestamp(record)

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line, followed by its traceback if it has one."""
        return redact(super().format(record))


class JsonLinesFormatter(JsonFormatter):
    """One JSON object to a line; values given as ``extra`` are members of it."""

    FIELDS: ClassVar[tuple[str, ...]] = ("asctime", "levelname", "name", "process", "message", "request_id")

    def __init__(self) -> None:
        super().__init__(
            list(self.FIELDS),
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            json_default=str,
        )

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """Return the time of the record."""
        return _timestamp(record)

    def process_log_record(self, log_data: dict[str, Any]) -> dict[str, Any]:
        """Return the members of the object, credentials hidden; before they become JSON, so that it stays JSON."""
        return {name: redact_value(value, name) for name, value in super().process_log_record(log_data).items()}
