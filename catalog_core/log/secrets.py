"""The secrets that are in use right now, so that nothing that is written meanwhile holds them.

Patterns find a credential by what stands around it. This finds it by its value, wherever somebody has echoed it: an
upstream that quotes the request in its answer, or a library in the text of an exception.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote

HIDDEN = "***"
LEAST_CHARACTERS = 6
"""Shorter secrets are not looked for in texts: they would occur in many by accident."""

_in_use: ContextVar[frozenset[str] | None] = ContextVar("secrets_in_use", default=None)


@contextmanager
def secrets_forgotten_afterwards() -> Iterator[None]:
    """Keep the secrets that come into use inside out of sight, until the end. Also a decorator."""
    token = _in_use.set(_in_use.get() or frozenset())
    try:
        yield
    finally:
        _in_use.reset(token)


def keep_out_of_sight(secrets: Iterable[str]) -> None:
    """Have :func:`without_secrets_in_use` hide these from now on, as they are and as they stand in addresses.

    Outside of :func:`secrets_forgotten_afterwards` nothing is remembered, as nothing would ever be forgotten.
    """
    known = _in_use.get()
    if known is None:
        return
    long = {secret for secret in secrets if len(secret) >= LEAST_CHARACTERS}
    _in_use.set(known | long | {quote(secret, safe="") for secret in long})


def without_secrets_in_use(text: str) -> str:
    """Return ``text`` with every secret that is in use replaced by ``***``."""
    for secret in sorted(_in_use.get() or (), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return text
