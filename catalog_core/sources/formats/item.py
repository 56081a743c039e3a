"""One item of a data file, and the errors that files of either format share."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from catalog_core.exceptions import InvalidDocument
from catalog_core.problems import Problem
from catalog_core.sources.formats.scalars import shortened


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of the list in a data file.

    Attributes:
        value: the entry as a JSON value, usually a mapping. If it has problems, as much of it as could be built: enough
            to find out which one it is, and not to be used further.
        file: how people know the file.
        index: its place among the items of the file, from 0.
        line: where it begins, from 1.
        column: where it begins, from 1.
        key_lines: the line of each of its own keys, from 1; empty where unknown, as for JSON.
        problems: why it cannot be used, though the items around it can.
    """

    value: Any
    file: str
    index: int
    line: int
    column: int
    key_lines: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def missing_key(file: str, keys: Sequence[str], found: Iterable[str], line: int) -> InvalidDocument:
    """Return the error for a mapping that is neither a list of items under ``key`` nor an item."""
    message = f'The mapping has neither the key "{keys[0]}", which holds the list of items, nor a "name" of its own.'
    hint = _closest(keys, [shortened(name) for name in found])
    return InvalidDocument([Problem(message=message, rule="missing-key", hint=hint, file=file, line=line)])


def not_a_list(file: str, key: str, line: int, column: int) -> InvalidDocument:
    """Return the error for ``key`` with something else than a list."""
    message = f'"{key}" has to be a list of items.'
    hint = 'Begin each item with "- ".'
    return InvalidDocument(
        [Problem(message=message, rule="wrong-type", hint=hint, file=file, line=line, column=column, path=key)]
    )


def not_items(file: str, key: str, line: int, column: int, *, bare_list: bool = False) -> InvalidDocument:
    """Return the error for a document that is neither a mapping nor an accepted list."""
    what = "a list" if bare_list else "neither a mapping nor a list"
    message = f'The document is {what}; it has to be a mapping in which "{key}" holds the items.'
    return InvalidDocument([Problem(message=message, rule="wrong-type", file=file, line=line, column=column)])


def second_list(file: str, key: str, line: int, column: int) -> InvalidDocument:
    """Return the error for ``key`` that stands twice."""
    message = f'The key "{key}" stands twice in one mapping.'
    hint = "Make one list of the two."
    return InvalidDocument(
        [Problem(message=message, rule="duplicate-key", hint=hint, file=file, line=line, column=column, path=key)]
    )


def _closest(keys: Sequence[str], found: list[str]) -> str:
    for key in keys:
        if close := get_close_matches(key, found, n=1, cutoff=0.6):
            return f'Did you mean "{key}" where it says "{close[0]}"?'
    return f"Found are: {', '.join(found[:12])}." if found else ""
