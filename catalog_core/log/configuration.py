"""The setting ``LOGGING``, built from what operators choose."""

from pathlib import Path
from typing import Any, Literal

LOG_FORMATS = ("text", "json")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def logging_configuration(*, level: str, style: str, folder: Path | None, access_log: bool = True) -> dict[str, Any]:
    """Return a mapping for :func:`logging.config.dictConfig`.

    Args:
        level: the lowest level that is logged.
        style: ``text`` for people, ``json`` for programs.
        folder: where ``catalog.log`` is kept. The console then shows warnings and worse only; without a folder it
            shows everything.
        access_log: whether each answered request is logged.

    Raises:
        ValueError: ``level`` or ``style`` is unknown.
    """
    if level not in LOG_LEVELS:
        raise ValueError(f"the log level {level!r} is unknown; known are {', '.join(LOG_LEVELS)}")
    if style not in LOG_FORMATS:
        raise ValueError(f"the log format {style!r} is unknown; known are {', '.join(LOG_FORMATS)}")
    handlers = {"console": _console("WARNING" if folder else "DEBUG", style)}
    if folder:
        handlers["file"] = _file(folder, style)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"request_id": {"()": "catalog_core.log.request.RequestIdFilter"}},
        "formatters": {
            "text": {"()": "catalog_core.log.formatters.TextFormatter"},
            "json": {"()": "catalog_core.log.formatters.JsonLinesFormatter"},
        },
        "handlers": handlers,
        "root": {"level": level, "handlers": list(handlers)},
        "loggers": _loggers(level, access_log),
    }


def _console(level: str, style: str) -> dict[str, Any]:
    return {"class": "logging.StreamHandler", "level": level, "formatter": style, "filters": ["request_id"]}


def _file(folder: Path, style: str) -> dict[str, Any]:
    return {
        "()": "catalog_core.log.files.SharedRotatingFileHandler",
        "filename": str(folder / "catalog.log"),
        "formatter": style,
        "filters": ["request_id"],
    }


def _loggers(level: str, access_log: bool) -> dict[str, Any]:
    """Return the loggers that differ from the root.

    Those of Django and of the web server come with handlers of their own, which are taken away. What libraries tell at
    INFO (each outgoing request with its full address, each task received and done) is noise, or worse.
    """
    quiet: Literal["DEBUG", "WARNING"] = "DEBUG" if level == "DEBUG" else "WARNING"
    own: dict[str, Any] = {"handlers": [], "propagate": True}
    return {
        "django": own,
        "django.server": own,
        "_granian": own,
        "catalog_core.access": {"level": "INFO" if access_log else "WARNING"},
        **{name: {"level": quiet} for name in ("celery", "httpcore", "httpx", "kombu", "amqp")},
    }
