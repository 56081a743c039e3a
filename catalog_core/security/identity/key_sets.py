"""The keys that signed tokens are checked against now: read again when a file changes or a fetched set is old.

Each process keeps its own copy. A copy is a cache only: what it can show for too long, for at most
:data:`FRESH_SECONDS`, is a key that its owner has withdrawn.
"""

import logging
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from rest_framework.exceptions import APIException

from catalog_core.conf import CatalogSettings
from catalog_core.exceptions import CatalogError
from catalog_core.security.identity.key_files import (
    MAX_BYTES,
    UnusableKey,
    VerificationKey,
    parse_jwks,
    read_jwks_file,
    read_key_file,
)
from catalog_core.security.identity.startup import is_address
from catalog_core.security.outgoing import OutgoingClient, RequestLimits

logger = logging.getLogger(__name__)

FRESH_SECONDS = 600.0
"""How long a fetched set is used before it is fetched again."""
USABLE_SECONDS = 3600.0
"""How long it is used while it cannot be fetched again."""
PAUSE_SECONDS = 30.0
"""Least time between two attempts to fetch, so that made-up key ids and dead servers cost little."""
_FETCH_SECONDS = 5.0

Keys = tuple[VerificationKey, ...]
P = TypeVar("P", Path, str)


class KeysUnavailable(APIException):
    """No signed token can be checked at the moment: the keys could not be had."""

    status_code = 503
    default_code = "identity_unavailable"
    default_detail = "The keys that signed tokens are checked against cannot be had at the moment; try again later."


def current_keys(settings: CatalogSettings, *, wanted_id: str = "") -> Keys:
    """Return the keys that signatures are checked against.

    Args:
        settings: say where the keys are.
        wanted_id: the key id of a token; a fetched set without it is fetched again, as keys may have been renewed.

    Raises:
        KeysUnavailable: there are none.
    """
    try:
        if settings.jwt_public_key_path:
            return _from_file(settings.jwt_public_key_path, read_key_file)
        if not is_address(settings.jwt_jwks):
            return _from_file(settings.jwt_jwks, read_jwks_file)
    except UnusableKey as error:
        logger.error("signed tokens: %s", error)
        raise KeysUnavailable from error
    return _fetched(settings.jwt_jwks, settings.allowed_hosts_outgoing).keys(wanted_id)


def _from_file(path: P, read: Callable[[P], Keys]) -> Keys:
    try:
        status = Path(path).stat()
        version = (status.st_mtime_ns, status.st_size, status.st_ino)
    except OSError:
        version = None  # reading it says why
    return _read(path, version, read)


@lru_cache(maxsize=8)
def _read(path: P, version: object, read: Callable[[P], Keys]) -> Keys:
    return read(path)


class FetchedKeys:
    """A key set of another server, fetched when it is needed and kept for a while.

    One thread at a time fetches; meanwhile the others use what is there.

    Args:
        url: where the set is.
        allowed_hosts: hosts that may be called although their addresses are not public.
        clock: tells the time in seconds.
    """

    def __init__(self, url: str, allowed_hosts: frozenset[str], clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._allowed_hosts = allowed_hosts
        self._clock = clock
        self._lock = threading.Lock()
        self._keys: Keys = ()
        self._fetched_at = -USABLE_SECONDS
        self._tried_at = -PAUSE_SECONDS
        self._failing = False

    def keys(self, wanted_id: str = "") -> Keys:
        """Return the keys, fetched anew where that is due.

        Raises:
            KeysUnavailable: there are none, and they cannot be fetched.
        """
        # whoever has no key at all can only wait for the thread that fetches
        if self._is_due(wanted_id) and self._lock.acquire(blocking=not self._keys):
            try:
                if self._is_due(wanted_id):
                    self._fetch()
            finally:
                self._lock.release()
        if not self._keys or self._age() >= USABLE_SECONDS:
            raise KeysUnavailable
        return self._keys

    def _age(self) -> float:
        return self._clock() - self._fetched_at

    def _is_due(self, wanted_id: str) -> bool:
        if self._clock() - self._tried_at < PAUSE_SECONDS:
            return False
        unknown = bool(wanted_id) and all(key.kid != wanted_id for key in self._keys)
        return unknown or self._age() >= FRESH_SECONDS

    def _fetch(self) -> None:
        self._tried_at = self._clock()
        limits = RequestLimits(
            max_bytes=MAX_BYTES, total_seconds=_FETCH_SECONDS, request_seconds=_FETCH_SECONDS, max_redirects=2
        )
        try:
            with OutgoingClient(limits=limits, allowed_hosts=self._allowed_hosts) as client:
                self._keys = parse_jwks(client.get(self._url, {"Accept": "application/json"}).body)
        except (CatalogError, UnusableKey) as error:
            if not self._failing:
                logger.warning("CATALOG_JWT_JWKS: the key set cannot be fetched: %s", error)
            self._failing = True
            return
        if self._failing:
            logger.info("CATALOG_JWT_JWKS: the key set can be fetched again")
        self._failing = False
        self._fetched_at = self._clock()


_fetched = lru_cache(maxsize=8)(FetchedKeys)
