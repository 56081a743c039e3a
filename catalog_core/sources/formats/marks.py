"""Where the entries of mappings and lists stand."""

from collections.abc import Mapping
from typing import NamedTuple

from catalog_core.sources.formats.faults import Step


class Mark(NamedTuple):
    """Where an entry of a mapping or a list stands. Lines and columns count from 1.

    ``text`` is the value as written, for a scalar; ``None`` for anything else.
    """

    key_line: int
    key_column: int
    line: int
    column: int
    text: str | None


Marks = dict[Step, Mark]


def key_lines(marks: Mapping[Step, Mark] | None) -> dict[str, int]:
    """Return the line of each key of a marked mapping."""
    return {str(key): mark.key_line for key, mark in (marks or {}).items()}
