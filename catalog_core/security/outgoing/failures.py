"""What went wrong with a request, in words for people.

The texts name the host and the status. They never hold the rest of the address, a header or a piece of the answer: any
of these may be, or repeat, a credential.
"""

import re
import ssl
import time
from datetime import UTC
from email.utils import parsedate_to_datetime

import httpcore
import httpx

from catalog_core.exceptions import SourceError, SourceInvalid, SourceUnavailable

LONGEST_PAUSE_SECONDS = 24 * 3600.0
"""The longest pause that another server can ask for, in seconds: without a bound one bad header would stop a source."""

_TRY_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_REASONS = {
    401: "it wants credentials; check the token or headers of the source",
    403: "it refuses access; check the token or headers of the source and what they permit",
    404: "nothing is found at this address; check it",
    407: "a proxy on the way wants credentials",
    410: "what was at this address is gone for good",
}


def refused_status(status: int, headers: httpx.Headers, place: str) -> SourceError:
    """Return the error for an answer that is neither a document nor a redirect."""
    pause = retry_after_seconds(headers)
    if status == 429 or (status == 403 and pause is not None):
        return SourceUnavailable(
            f"{place} answered {status}: it was asked too often; it is asked again later.", retry_after_seconds=pause
        )
    if status in _TRY_LATER or status >= 500:
        return SourceUnavailable(
            f"{place} answered {status}: it has trouble of its own; it is asked again later.", retry_after_seconds=pause
        )
    reason = _REASONS.get(status, "that is not a document; check the address")
    return SourceInvalid(f"{place} answered {status}: {reason}.")


def failed_connection(error: Exception, place: str) -> SourceError:
    """Return the error for a request that got no answer, or only a part of one."""
    if isinstance(error, httpcore.LocalProtocolError):
        return SourceInvalid(
            f"The request to {place} cannot be sent: a header of the source holds forbidden characters."
        )
    if isinstance(error.__context__, ssl.SSLError):
        return SourceUnavailable(
            f"No encrypted connection to {place}: its certificate or protocol is not accepted. "
            "Check that the address is right and the certificate valid."
        )
    if isinstance(error, httpcore.ConnectTimeout):
        return SourceUnavailable(f"{place} did not accept a connection in time.")
    if isinstance(error, httpcore.ConnectError):
        return SourceUnavailable(f"{place} refuses connections or cannot be reached.")
    if isinstance(error, httpcore.TimeoutException):
        return SourceUnavailable(f"{place} stopped answering.")
    return SourceUnavailable(f"The connection to {place} broke before the answer was complete.")


def retry_after_seconds(headers: httpx.Headers) -> float | None:
    """Return for how many seconds the server wants to be left alone; ``None`` if it does not say.

    Understood are ``Retry-After`` with seconds or a date (RFC 9110, 10.2.3), and, where it is absent, the seconds until
    the quota is renewed in ``RateLimit`` (``t=``) or ``RateLimit-Reset``. The result is at most
    ``LONGEST_PAUSE_SECONDS``.
    """
    text = headers.get("retry-after", "").strip()
    seconds = _as_seconds(text)
    if seconds is None and not text:
        quota = re.search(r"(?:^|[;,\s])(?:t|reset)=(\d+)", headers.get("ratelimit", ""))
        seconds = _as_seconds(quota[1] if quota else headers.get("ratelimit-reset", "").strip())
    return None if seconds is None else min(max(seconds, 0.0), LONGEST_PAUSE_SECONDS)


def _as_seconds(text: str) -> float | None:
    if re.fullmatch(r"[0-9]{1,18}", text):
        return float(text)
    try:
        date = parsedate_to_datetime(text)
    except ValueError:
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - time.time()
