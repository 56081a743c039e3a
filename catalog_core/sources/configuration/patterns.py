"""Which entities of a source are taken, by patterns on their names."""

from collections.abc import Iterable


class NamePatterns:
    """The ``includedItems`` and ``excludedItems`` of a source.

    ``*`` stands for any run of characters, also none; everything else for itself, in upper or lower case. A pattern is
    about the whole name. Blanks around it do not count. Without included patterns every name is included; what is
    excluded is excluded whatever else holds.

    Raises:
        ValueError: a pattern is blank.
    """

    def __init__(self, included: Iterable[str] = (), excluded: Iterable[str] = ()) -> None:
        self._included = tuple(_Pattern(text) for text in included)
        self._excluded = tuple(_Pattern(text) for text in excluded)

    def allows(self, name: str) -> bool:
        """Return whether an entity of this name is taken, in time linear in the length of the name."""
        folded = name.casefold()
        if self._included and not any(pattern.matches(folded) for pattern in self._included):
            return False
        return not any(pattern.matches(folded) for pattern in self._excluded)


class _Pattern:
    """One pattern, split at its wildcards.

    Looking for each part after the one before it is enough, as the earliest place leaves most room for the rest; so
    there is no backtracking, which is what makes regular expressions slow on hostile patterns.
    """

    def __init__(self, text: str) -> None:
        if not text.strip():
            raise ValueError("A pattern is blank; it would match nothing.")
        self._first, *self._middle = text.strip().casefold().split("*")
        self._last = self._middle.pop() if self._middle else None

    def matches(self, folded: str) -> bool:
        """Return whether the pattern is about the whole of ``folded``, a name in folded case."""
        if self._last is None:
            return folded == self._first
        end = len(folded) - len(self._last)
        if not (folded.startswith(self._first) and folded.endswith(self._last)):
            return False
        at = len(self._first)
        for part in self._middle:
            at = folded.find(part, at, end)
            if at < 0:
                return False
            at += len(part)
        return at <= end
