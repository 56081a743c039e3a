"""Sources that were looked at and had not moved, remembered with the way to look again.

Most looks find nothing. What a look needs (checked properties, the request, the provider) depends on a few columns of
the source only; as long as the database gives the same texts for these, asking whether the source moved is all that is
left to do. Forgetting costs time and nothing else: every process has watches of its own.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from catalog_core.sources.models import Source

Watch = Callable[[], bool]
"""Says whether a source seems to have moved; never raises for one that is missing."""
Mark = tuple[Any, ...]
"""All that a look at a source depends on. Where it is the same, so is the look."""

_MARKED_BY = (
    "pk",
    "plugin",
    "type",
    "origin",
    "spec_digest",
    "read_digest",
    "translation",
    "error_code",
)
_MARKED_BY_TEXT = ("properties", "cursor", "rejected", "last_refresh_at")
"""What is compared as the text that the database has; nothing is decoded."""


class Watches:
    """The watches of one process, by primary key."""

    def __init__(self) -> None:
        self._watches: dict[int, tuple[Mark, Watch]] = {}
        self._circumstances: object = None

    def unmoved(self, marks: dict[int, Mark], circumstances: object) -> set[int]:
        """Return the sources that are as they were at the last look, and have not moved; forget all others.

        Args:
            marks: the marks of all sources that are to be looked at.
            circumstances: what looks at all of them depend on, such as the settings.
        """
        known = self._watches if circumstances == self._circumstances else {}
        self._circumstances = circumstances
        self._watches = {pk: known[pk] for pk, mark in marks.items() if pk in known and known[pk][0] == mark}
        moved = [pk for pk, (_, watch) in self._watches.items() if watch()]
        for pk in moved:
            del self._watches[pk]
        return set(self._watches)

    def remember(self, pk: int, mark: Mark, watch: Watch) -> None:
        """Look at a source in this way for as long as it has this mark."""
        self._watches[pk] = (mark, watch)


def marks_of(sources: QuerySet[Source]) -> dict[int, Mark]:
    """Return the mark of each source by its key; one query."""
    texts = [Cast(column, TextField()) for column in _MARKED_BY_TEXT]
    return {row[0]: row for row in sources.order_by().values_list(*_MARKED_BY, *texts)}
