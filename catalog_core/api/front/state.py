"""What the database says about the catalogs as a whole, read again at short intervals by each process."""

import threading
import time
from collections.abc import Callable, Hashable

from django.db import Error, connection

from catalog_core.entities.generations import generation_tags
from catalog_core.plugins.models import PluginState
from catalog_core.sources.models import ConfigurationState

RECHECK_SECONDS = 0.4
"""How old the state may be that an answer is checked against. What a reader sees is never older than a second."""


ASSETS = "*"
"""Stands for all catalogs together; no plugin is called so."""


class CatalogStamps:
    """For each catalog a value that changes with everything that its readers see. Safe for threads.

    Args:
        clock: returns seconds; it only has to run evenly.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._stamps: dict[str, Hashable] = {}
        self._round = 0

    def current(self, catalog: str) -> Hashable | None:
        """Return the stamp of a catalog, or of the server as a whole for an empty name; ``None`` if it is not known.

        What is made of all catalogs has the stamp of ``ASSETS``.

        The whole has another stamp after each reading, because plugins may say other things of themselves at any time.
        """
        if self._clock() - self._read_at > RECHECK_SECONDS:
            with self._lock:
                if self._clock() - self._read_at > RECHECK_SECONDS:
                    self._read()
        return self._stamps.get(catalog, ()) if catalog else self._stamps.get("")

    def expire(self) -> None:
        """Have the state read again before it is used the next time."""
        with self._lock:  # a reading that is under way may have begun before the change
            self._read_at = float("-inf")

    def _read(self) -> None:
        began = self._clock()  # what changes while we read belongs to the next reading
        try:
            stamps = _read_stamps()
        except Error:
            connection.close()  # broken, or closed by the other side; the next reading opens another
            self._stamps = {}
            return
        self._round += 1
        stamps[ASSETS] = tuple(sorted(stamps.items()))
        # What has not changed stays the same object, which is compared faster than an equal one.
        same = {name: known for name, stamp in stamps.items() if (known := self._stamps.get(name)) == stamp}
        self._stamps = {**stamps, **same, "": self._round}
        self._read_at = began


def _read_stamps() -> dict[str, Hashable]:
    """Return the stamp of each catalog; three small queries."""
    states = dict(PluginState.objects.values_list("name", "serving"))
    tags = generation_tags()
    version = ConfigurationState.objects.values_list("version", "applied_at").first()
    return {name: (tags.get(name), states.get(name), version) for name in states.keys() | tags.keys()}
