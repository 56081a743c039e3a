"""What providers that read over HTTP have in common."""

from catalog_core.security.outgoing import OutgoingClient, RequestLimits
from catalog_core.sources.providers.base import ReadLimits, ReadRequest


def request_limits(limits: ReadLimits) -> RequestLimits:
    """Return the limits of a reading as those of its requests."""
    return RequestLimits(
        max_bytes=limits.max_bytes,
        total_seconds=limits.total_seconds,
        request_seconds=limits.request_seconds,
        max_redirects=limits.max_redirects,
    )


def outgoing_client(request: ReadRequest) -> OutgoingClient:
    """Return a client that keeps to the limits of ``request``; to be used in a ``with`` statement."""
    return OutgoingClient(
        limits=request_limits(request.limits), allowed_hosts=request.allowed_hosts, cancelled=request.cancelled
    )
