"""Patterns for paths inside a source, such as ``agents/**/*.yaml``.

``*`` and ``?`` stand for any characters and any one character of a file or folder name, ``[abc]``, ``[a-z]`` and
``[!abc]`` for one of a set, and ``**`` alone between slashes for any number of folders, none included. As in a shell,
names that begin with a dot are matched only by a pattern that begins with a dot itself: so the folder ``.github`` is
not taken for content. A pattern that ends in ``*.yaml`` matches the ending ``.yml`` as well.
"""

import fnmatch
from collections.abc import Sequence
from dataclasses import dataclass

from catalog_core.exceptions import SourceInvalid

MAX_PATTERN_LENGTH = 1024
_ANY_FOLDERS = "**"


@dataclass(frozen=True, slots=True)
class PathPattern:
    """A pattern, ready to match; made by :func:`parse_pattern`."""

    parts: tuple[str, ...]

    def matches(self, path: str) -> bool:
        """Say whether the whole of ``path``, relative and with slashes, is matched."""
        names = path.split("/")
        if self.parts[-1].endswith("*.yaml") and names[-1].endswith(".yml"):
            names[-1] = names[-1].removesuffix(".yml") + ".yaml"
        return _match(names, self.parts)


def parse_pattern(text: str) -> PathPattern:
    """Return the pattern that ``text`` stands for.

    Raises:
        SourceInvalid: it is empty or too long, leads out of the source, or has a ``[`` without ``]``.
    """
    if len(text) > MAX_PATTERN_LENGTH:
        raise SourceInvalid(f"The path pattern is longer than {MAX_PATTERN_LENGTH} characters.")
    parts = [part for part in text.strip().split("/") if part not in ("", ".")]
    if not parts:
        raise SourceInvalid("The path pattern is empty; **/*.yaml stands for all YAML files.")
    if ".." in parts:
        raise SourceInvalid(
            f'The path pattern "{text}" holds ".."; it starts at the top of the source and stays in it.'
        )
    for part in parts:
        _refuse_open_set(part, text)
    return PathPattern(tuple(part.replace("[^", "[!") for part in parts))


def _refuse_open_set(part: str, text: str) -> None:
    begin = part.find("[")
    while begin >= 0:
        inner = begin + 2 if part[begin + 1 : begin + 2] in ("!", "^") else begin + 1
        end = part.find("]", inner + 1)  # a "]" right at the start of a set belongs to it
        if end < 0:
            raise SourceInvalid(f'The path pattern "{text}" has a "[" without "]"; write [[] for the character itself.')
        begin = part.find("[", end)


def _match(names: Sequence[str], parts: Sequence[str]) -> bool:
    """Compare name by name; at a mismatch let the last ``**`` take one folder more.

    Going back to the last ``**`` only is enough, as with ``*`` in a single name, and keeps the cost at the product of
    both lengths whatever the pattern.
    """
    name = part = 0
    retry: tuple[int, int] | None = None
    while name < len(names):
        if part < len(parts) and parts[part] == _ANY_FOLDERS:
            retry = (name, part)
            part += 1
        elif part < len(parts) and _match_name(names[name], parts[part]):
            name, part = name + 1, part + 1
        elif retry is not None and not names[retry[0]].startswith("."):
            retry = (retry[0] + 1, retry[1])
            name, part = retry[0], retry[1] + 1
        else:
            return False
    return all(rest == _ANY_FOLDERS for rest in parts[part:])


def _match_name(name: str, part: str) -> bool:
    if name.startswith(".") and not part.startswith("."):
        return False
    return fnmatch.fnmatchcase(name, part)
