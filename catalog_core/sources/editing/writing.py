"""Values as text: on one line in brackets, or on lines of their own."""

import json
from collections.abc import Iterator
from typing import Any

from catalog_core.sources.editing.scalars import escaped, literal_lines, quoted, scalar_text
from catalog_core.sources.editing.sheet import Layout

_LONGEST_INLINE = 100
"""Lists that would be longer than so many characters get lines of their own."""


def flow_text(value: Any, *, is_json: bool = False, style: str = "") -> str:
    """Return any value on one line, collections in brackets."""
    if isinstance(value, dict):
        pairs = (f"{key_text(key, is_json=is_json)}: {flow_text(one, is_json=is_json)}" for key, one in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow_text(one, is_json=is_json) for one in value) + "]"
    return scalar_text(value, is_json=is_json, style=style)


def json_text(value: Any) -> str:
    """Return a value as JSON on one line that readers of YAML understand as well.

    Raises:
        TypeError: it is no JSON value.
        ValueError: the same, or a number that JSON cannot hold.
    """
    return escaped(json.dumps(value, ensure_ascii=False, allow_nan=False))


def json_lines(value: Any, step: int) -> list[str]:
    """Return a value as JSON on several lines, the first of them not indented."""
    return escaped(json.dumps(value, ensure_ascii=False, indent=step, allow_nan=False)).split("\n")


def key_text(key: str, *, is_json: bool = False) -> str:
    """Return a key of a mapping as text."""
    return quoted(key) if is_json or key == "<<" else scalar_text(key)


def block_parts(
    value: Any, column: int, layout: Layout, *, after_dash: bool = False, style: str = ""
) -> tuple[str, list[str]]:
    """Return what stands behind a key or a dash, and the lines below it.

    Args:
        value: any value.
        column: where the key or the dash stands in its line, from 0.
        layout: how the document is written.
        after_dash: whether it is a dash.
        style: the quote that a text had before.
    """
    indent = column + (layout.dash_gap if after_dash else layout.step)
    if isinstance(value, str) and (literal := literal_lines(value)):
        return literal[0], [" " * indent + line if line else "" for line in literal[1]]
    if isinstance(value, dict) and value:
        lines = _mapping_lines(value, indent, layout)
        return (lines[0][indent:], lines[1:]) if after_dash else ("", lines)
    if isinstance(value, list) and not after_dash and not _fits_on_line(value):
        dash = column + layout.dash_indent
        return "", [line for one in value for line in element_lines(one, dash, layout)]
    return flow_text(value, style=style), []


def pair_lines(key: str, value: Any, column: int, layout: Layout) -> list[str]:
    """Return the lines of one entry of a mapping."""
    head, below = block_parts(value, column, layout)
    return [f"{' ' * column}{key_text(key)}:{' ' + head if head else ''}", *below]


def element_lines(value: Any, column: int, layout: Layout) -> list[str]:
    """Return the lines of one element of a list."""
    head, below = block_parts(value, column, layout, after_dash=True)
    return [f"{' ' * column}-{' ' * (layout.dash_gap - 1)}{head}", *below]


def _mapping_lines(value: dict[str, Any], column: int, layout: Layout) -> list[str]:
    return [line for key, one in value.items() for line in pair_lines(key, one, column, layout)]


def _fits_on_line(value: list[Any]) -> bool:
    if any(isinstance(one, dict | list) for one in value):
        return False
    return len(flow_text(value)) <= _LONGEST_INLINE and not any(_texts_with_lines(value))


def _texts_with_lines(value: list[Any]) -> Iterator[bool]:
    return ("\n" in one for one in value if isinstance(one, str))
