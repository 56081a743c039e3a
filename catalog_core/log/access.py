"""The access log: one record for each answered request."""

import logging

logger = logging.getLogger("catalog_core.access")


def log_access(*, method: str, path: str, status: int, seconds: float, size_bytes: int | None) -> None:
    """Log one answered request; costs next to nothing where the access log is off.

    Args:
        method: the method of the request.
        path: its path, without the query: that may hold what only caller and server should know.
        status: the status of the answer.
        seconds: how long it took to answer.
        size_bytes: size of the body as sent; ``None`` if it is streamed.
    """
    if not logger.isEnabledFor(logging.INFO):
        return
    milliseconds = round(seconds * 1000, 1)
    logger.info(
        "%s %s %d %.1f ms %s B",
        method,
        path,
        status,
        milliseconds,
        "-" if size_bytes is None else size_bytes,
        extra={"method": method, "path": path, "status": status, "duration_ms": milliseconds, "bytes": size_bytes},
    )
