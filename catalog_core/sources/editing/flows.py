"""Edits of collections in brackets."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog_core.sources.editing.nodes import Node
from catalog_core.sources.editing.sheet import Edit, Sheet
from catalog_core.sources.editing.writing import flow_text, json_lines, key_text


def replaced_value(sheet: Sheet, mapping: Node, index: int, new: Any) -> list[Edit]:
    """Return the edits that give another value to a key."""
    key, value = mapping.keys[index], mapping.values[index]
    text = flow_text(new, is_json=sheet.layout.is_json, style=value.style)
    if value.start < value.end:
        return [Edit(value.start, value.end, text)]
    colon = sheet.after(":", key.end)
    return [Edit(key.end, key.end, f": {text}") if colon is None else Edit(colon, colon, f" {text}")]


def replaced_element(sheet: Sheet, sequence: Node, index: int, new: Any) -> list[Edit]:
    """Return the edits that put something else in the place of an element."""
    element = sequence.values[index]
    return [Edit(element.start, element.end, flow_text(new, is_json=sheet.layout.is_json, style=element.style))]


def added_pairs(sheet: Sheet, mapping: Node, after: int, new: Mapping[str, Any]) -> list[Edit]:
    """Return the edits that put further keys behind the key at ``after``."""
    is_json = sheet.layout.is_json
    texts = [f"{key_text(key, is_json=is_json)}: {flow_text(value, is_json=is_json)}" for key, value in new.items()]
    return _added(sheet, mapping, after, texts)


def added_elements(sheet: Sheet, sequence: Node, after: int, new: Sequence[Any]) -> list[Edit]:
    """Return the edits that put elements behind the one at ``after``, or before all if that is -1."""
    model = sequence.values[max(after, 0)]
    return _added(sheet, sequence, after, [_element_text(sheet, model, value) for value in new])


def removed(sheet: Sheet, collection: Node, gone: Sequence[int]) -> list[Edit]:
    """Return the edits that take out entries of a mapping or elements of a list; at least one other stays."""
    edits = [_removed(sheet, *_span(collection, index)) for index in gone]
    last = len(collection.values) - 1
    if last in gone and sheet.after(",", _span(collection, last)[1]) is None:
        kept = max(index for index in range(last) if index not in gone)
        comma = sheet.after(",", _span(collection, kept)[1])
        if comma is not None:
            edits.append(Edit(comma - 1, comma, ""))
    return edits


def _span(collection: Node, index: int) -> tuple[int, int]:
    value = collection.values[index]
    if not collection.keys:
        return value.start, value.end
    key = collection.keys[index]
    return key.start, max(key.end, value.end if value.start < value.end else key.end)


def _added(sheet: Sheet, collection: Node, after: int, texts: Sequence[str]) -> list[Edit]:
    start, end = _span(collection, max(after, 0))
    breaks_lines = sheet.is_first_on_line(start)
    gap = sheet.layout.newline + " " * sheet.column(start) if breaks_lines else " "
    if after < 0:
        return [Edit(start, start, "".join(f"{text},{gap}" for text in texts))]
    comma = sheet.after(",", end)
    behind = comma if comma is not None and sheet.line_end(end) >= comma else end
    if breaks_lines and sheet.rest_of_line(behind).startswith("#"):  # the comment belongs to the entry before
        line_end = sheet.line_end(behind)
        text = "".join(f"{gap}{text}," for text in texts)
        edits = [Edit(line_end, line_end, text if comma is not None else text[:-1])]
        return edits if comma is not None else [Edit(end, end, ","), *edits]
    return [Edit(end, end, "".join(f",{gap}{text}" for text in texts))]


def _element_text(sheet: Sheet, model: Node, value: Any) -> str:
    """Return an element as its neighbour is written: on one line, or on several where that is JSON."""
    has_lines = sheet.next_line(model.start) <= model.end and sheet.is_first_on_line(model.start)
    if not (sheet.layout.is_json and has_lines):
        return flow_text(value, is_json=sheet.layout.is_json)
    indent = sheet.layout.newline + " " * sheet.column(model.start)
    return indent.join(json_lines(value, sheet.layout.step))


def _removed(sheet: Sheet, start: int, end: int) -> Edit:
    comma = sheet.after(",", end)
    on_line = comma is not None and comma <= sheet.line_end(end)
    behind = comma if comma is not None and on_line else end
    rest = sheet.rest_of_line(behind)
    if sheet.is_first_on_line(start) and (not rest or rest.startswith("#")):
        return sheet.removal(start, behind)
    if comma is None:
        while start and sheet.text[start - 1] in " \t":
            start -= 1
    blanks = len(sheet.text[behind:]) - len(sheet.text[behind:].lstrip(" \t")) if comma is not None else 0
    return Edit(start, behind + blanks, "")
