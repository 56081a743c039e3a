"""Edits of collections that stand on lines of their own."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog_core.sources.editing.nodes import Node
from catalog_core.sources.editing.sheet import Edit, Sheet
from catalog_core.sources.editing.writing import block_parts, element_lines, pair_lines


def replaced_value(sheet: Sheet, mapping: Node, index: int, new: Any) -> list[Edit]:
    """Return the edits that give another value to a key."""
    key = mapping.keys[index]
    colon = sheet.after(":", key.end)
    if colon is None:
        return []
    head, below = block_parts(new, sheet.column(key.start), sheet.layout, style=mapping.values[index].style)
    return _replaced(sheet, mapping.values[index], colon, head, below)


def replaced_element(sheet: Sheet, sequence: Node, index: int, new: Any) -> list[Edit]:
    """Return the edits that put something else behind a dash."""
    dash = sheet.dashes(sequence)[index]
    element = sequence.values[index]
    head, below = block_parts(new, sheet.column(dash), sheet.layout, after_dash=True, style=element.style)
    return _replaced(sheet, element, dash + 1, head, below)


def added_pairs(sheet: Sheet, mapping: Node, after: int, new: Mapping[str, Any]) -> Edit:
    """Return the edit that puts further keys below the key at ``after``."""
    column = sheet.column(mapping.keys[0].start)
    lines = [line for key, value in new.items() for line in pair_lines(key, value, column, sheet.layout)]
    return sheet.insertion(_extent(mapping, after), lines)


def removed_pairs(sheet: Sheet, mapping: Node, gone: Sequence[int]) -> list[Edit]:
    """Return the edits that take out keys with their values; at least one other key stays."""
    edits = []
    leading = _leading(gone)
    if leading and not sheet.is_first_on_line(mapping.keys[0].start):  # they begin behind a dash, which stays
        end = sheet.line_end(_extent(mapping, leading - 1))
        following = mapping.keys[leading].start
        if not sheet.text[end:following].strip():
            end = following
        edits.append(Edit(mapping.keys[0].start, end, ""))
        gone = [index for index in gone if index >= leading]
    edits += [sheet.removal(mapping.keys[index].start, _extent(mapping, index)) for index in gone]
    return edits


def added_elements(sheet: Sheet, sequence: Node, after: int, new: Sequence[Any]) -> Edit | None:
    """Return the edit that puts elements below the one at ``after``, or before all if that is -1."""
    dashes = sheet.dashes(sequence)
    column = sheet.column(dashes[0])
    lines = [line for value in new for line in element_lines(value, column, sheet.layout)]
    if after >= 0:
        return sheet.insertion(_extent_with_comments(sheet, sequence.values[after], column), lines)
    if not sheet.is_first_on_line(dashes[0]):
        return None
    place = sheet.line_start(dashes[0])
    return Edit(place, place, "".join(line + sheet.layout.newline for line in lines))


def removed_elements(sheet: Sheet, sequence: Node, gone: Sequence[int]) -> list[Edit] | None:
    """Return the edits that take out elements; at least one other stays."""
    dashes = sheet.dashes(sequence)
    if not all(sheet.is_first_on_line(dashes[index]) for index in gone):
        return None
    column = sheet.column(dashes[0])
    return [
        sheet.removal(dashes[index], _extent_with_comments(sheet, sequence.values[index], column)) for index in gone
    ]


def _replaced(sheet: Sheet, value: Node, sign_end: int, head: str, below: list[str]) -> list[Edit]:
    """Return the edits that put ``head`` behind a key or dash instead of ``value``, and lines below it."""
    newline = sheet.layout.newline
    if value.is_block:
        comment = sheet.rest_of_line(sign_end) if sheet.line_end(sign_end) <= value.start else ""
        parts = [part for part in (head, comment) if part]
        text = "".join(f" {part}" for part in parts) + "".join(newline + line for line in below)
        return [Edit(sign_end, value.end, text)]
    if value.start == value.end:
        edits = [Edit(sign_end, sign_end, f" {head}" if head else "")]
    elif head:
        edits = [Edit(value.start, value.end, head)]
    else:
        edits = [Edit(sign_end, value.end, "")]
    line_end = sheet.line_end(value.end)
    return [*edits, Edit(line_end, line_end, "".join(newline + line for line in below))] if below else edits


def _extent(mapping: Node, index: int) -> int:
    """Return where an entry of a mapping ends; a key without value ends with its colon, or a little before it."""
    return max(mapping.keys[index].end, mapping.values[index].end)


def _extent_with_comments(sheet: Sheet, element: Node, column: int) -> int:
    """Return where an element ends, with the comment lines below it that are indented as what belongs to it."""
    place = element.end
    while (below := sheet.next_line(place)) < len(sheet.text):
        line = sheet.text[below : sheet.line_end(below)]
        if not line.lstrip().startswith("#") or len(line) - len(line.lstrip()) <= column:
            break
        place = below
    return place


def _leading(gone: Sequence[int]) -> int:
    """Return how many of the first keys are among those that go."""
    count = 0
    while count in gone:
        count += 1
    return count
