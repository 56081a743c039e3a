"""The text of a document, its lines, and how it is laid out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from catalog_core.sources.editing.nodes import Node

_BREAK = re.compile(r"\r\n|\n|\r")
_GAP = re.compile(r"(?:\s+|#[^\r\n]*)*")
"""Blanks, line ends and comments, where something else than a text may stand."""
_PROPERTY = re.compile(r"[&!]\S*")


class Edit(NamedTuple):
    """Characters from ``start`` to ``end`` that give way to ``text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How somebody likes to write documents.

    Attributes:
        newline: what ends a line.
        step: by how much a mapping is indented under its key, in columns.
        dash_indent: by how much a dash is indented under the key of its list, in columns.
        dash_gap: columns from a dash to what follows it.
        is_json: whether the whole document is written as JSON.
    """

    newline: str = "\n"
    step: int = 2
    dash_indent: int = 2
    dash_gap: int = 2
    is_json: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A text and its layout."""

    text: str
    layout: Layout

    def line_start(self, place: int) -> int:
        """Return where the line that holds ``place`` begins."""
        return max(self.text.rfind("\n", 0, place), self.text.rfind("\r", 0, place)) + 1

    def line_end(self, place: int) -> int:
        """Return where the line that holds ``place`` ends, its line break not counted."""
        found = _BREAK.search(self.text, place)
        return found.start() if found else len(self.text)

    def next_line(self, place: int) -> int:
        """Return where the line after the one that holds ``place`` begins; the end of the text if there is none."""
        found = _BREAK.search(self.text, place)
        return found.end() if found else len(self.text)

    def column(self, place: int) -> int:
        """Return how many characters stand before ``place`` in its line."""
        return place - self.line_start(place)

    def is_first_on_line(self, place: int) -> bool:
        """Whether only blanks stand before ``place`` in its line."""
        return not self.text[self.line_start(place) : place].strip()

    def rest_of_line(self, place: int) -> str:
        """Return what stands behind ``place`` in its line, without blanks around it."""
        return self.text[place : self.line_end(place)].strip()

    def skip_gap(self, place: int) -> int:
        """Return the place of the next character that is neither blank nor in a comment."""
        found = _GAP.match(self.text, place)
        return found.end() if found else place

    def after(self, sign: str, place: int) -> int | None:
        """Return where ``sign`` ends, if it is the next thing behind ``place``."""
        found = self.skip_gap(place)
        return found + len(sign) if self.text.startswith(sign, found) else None

    def dashes(self, sequence: Node) -> list[int]:
        """Return the places of the dashes of a list without brackets."""
        found: list[int] = []
        place = sequence.start
        for element in sequence.values:
            place = self.skip_gap(place)
            while (prefix := _PROPERTY.match(self.text, place)) and not found:  # anchor and tag of the list itself
                place = self.skip_gap(prefix.end())
            found.append(place)
            place = max(element.end, place + 1)
        return found

    def removal(self, start: int, end: int) -> Edit:
        """Return the edit that takes out all lines from the one that holds ``start`` to the one that holds ``end``."""
        first, behind = self.line_start(start), self.next_line(end)
        if behind == len(self.text) and first and self.line_end(end) == behind:  # the last line has no line break
            first -= len(self.layout.newline) if self.text[:first].endswith(self.layout.newline) else 1
        return Edit(first, behind, "")

    def insertion(self, place: int, lines: Iterable[str]) -> Edit:
        """Return the edit that puts lines below the one that holds ``place``."""
        newline = self.layout.newline
        behind = self.next_line(place)
        if behind == self.line_end(place):
            return Edit(behind, behind, "".join(newline + line for line in lines))
        return Edit(behind, behind, "".join(line + newline for line in lines))

    def edited(self, edits: Iterable[Edit]) -> str:
        """Return the text with the edits made; of edits at one place the first comes first."""
        return "".join(self._pieces(edits))

    def _pieces(self, edits: Iterable[Edit]) -> Iterator[str]:
        place = 0
        for edit in sorted(edits, key=lambda edit: edit.start):
            yield self.text[place : max(place, edit.start)]
            yield edit.text
            place = max(place, edit.end)
        yield self.text[place:]


def layout_of(text: str, root: Node) -> Layout:
    """Return how ``text``, whose outermost value is ``root``, is laid out."""
    found = _BREAK.search(text)
    newline = found.group() if found else "\n"
    sheet = Sheet(text=text, layout=Layout(newline=newline))
    step = _step(sheet, root)
    dash = next(_lists(sheet, root), None)
    return Layout(
        newline=newline,
        step=step,
        dash_indent=step if dash is None else dash[0],
        dash_gap=2 if dash is None else dash[1],
        is_json=root.is_flow,
    )


def _step(sheet: Sheet, root: Node) -> int:
    if root.is_flow:
        first = root.keys[0].start if root.keys else root.start
        return sheet.column(first) if sheet.is_first_on_line(first) and sheet.column(first) else 2
    for key, value in zip(root.keys, root.values, strict=False):  # a list has no keys
        if value.kind == "mapping" and value.is_block:
            return max(sheet.column(value.keys[0].start) - sheet.column(key.start), 1)
    return 2


def _lists(sheet: Sheet, node: Node) -> Iterator[tuple[int, int]]:
    """Yield indentation and gap of the dashes of each list below ``node``."""
    for index, value in enumerate(node.values):
        if value.kind == "sequence" and value.is_block and node.keys:
            dash = sheet.dashes(value)[0]
            gap = value.values[0].start - dash
            on_line = sheet.line_start(dash) == sheet.line_start(value.values[0].start)
            indent = sheet.column(dash) - sheet.column(node.keys[index].start)
            yield max(indent, 0), gap if on_line and gap > 1 else 2
        yield from _lists(sheet, value)
