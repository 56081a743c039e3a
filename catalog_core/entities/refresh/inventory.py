"""The names of a source while it is compared: what is stored under each, and where each was seen first.

This is all that a refresh keeps in memory of every entity, so it is kept small: one entry for each name, which holds
the digest that is stored until the name is seen, and from then on the place where that was.
"""

from collections.abc import Iterator

_LINE_BITS = 40
_NO_LINE = 0


class Inventory:
    """What is known of the names of a source."""

    def __init__(self) -> None:
        self._known: dict[str, bytes | int] = {}
        self._files: list[str] = []
        self._numbers: dict[str, int] = {}

    def add_stored(self, name: str, digest: str, file: str, *, is_stale: bool) -> None:
        """Note an entity that is stored, with its digest in hexadecimal digits and the file that it came from."""
        self._known[name] = self._stored(digest, file, is_stale=is_stale)

    def is_as_stored(self, name: str, digest: str, file: str) -> bool:
        """Say whether this is what is stored under a name that was not seen yet, and not marked stale."""
        known = self._known.get(name)
        return isinstance(known, bytes) and known == self._stored(digest, file, is_stale=False)

    def may_be_as_stored(self, name: str) -> bool:
        """Say whether anything is stored under a name that was not seen yet."""
        return isinstance(self._known.get(name), bytes)

    def see(self, name: str, file: str, line: int | None) -> None:
        """Note the place where a name was seen first."""
        self._known[name] = self._number(file) << _LINE_BITS | (line or _NO_LINE)

    def place(self, name: str) -> tuple[str, int | None] | None:
        """Return file and line where a name was seen first; nothing if it was not seen."""
        known = self._known.get(name)
        if not isinstance(known, int):
            return None
        return self._files[known >> _LINE_BITS], known & ((1 << _LINE_BITS) - 1) or None

    def seen(self) -> Iterator[str]:
        """Yield the names that were seen."""
        return (name for name, known in self._known.items() if isinstance(known, int))

    def unseen(self) -> Iterator[tuple[str, str]]:
        """Yield the stored names that were not seen, each with the file that the entity came from."""
        for name, known in self._known.items():
            if isinstance(known, bytes):
                yield name, self._files[int.from_bytes(known[:4])]

    def _stored(self, digest: str, file: str, *, is_stale: bool) -> bytes:
        return self._number(file).to_bytes(4) + (b"-" if is_stale else b"+") + bytes.fromhex(digest)

    def _number(self, file: str) -> int:
        number = self._numbers.get(file)
        if number is None:
            number = self._numbers[file] = len(self._files)
            self._files.append(file)
        return number
