"""The items of a JSON or JSON Lines data file, one by one."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from catalog_core.sources.formats.bytes_input import BytesInput
from catalog_core.sources.formats.document import empty_document
from catalog_core.sources.formats.faults import Fault, Path
from catalog_core.sources.formats.item import Item, missing_key, not_a_list, not_items, second_list
from catalog_core.sources.formats.json_text import JsonScanner, JsonText, size_faults
from catalog_core.sources.formats.limits import FormatLimits
from catalog_core.sources.formats.scalars import shortened


class JsonItems:
    """Reads the items of one JSON document.

    Iterating raises InvalidDocument where the rest cannot be read; items before that place were already given out.
    """

    def __init__(
        self, source: BytesInput, *, keys: tuple[str, ...], limits: FormatLimits, accept_bare_list: bool
    ) -> None:
        self._text = JsonText(source, limits)
        self._list_keys = keys
        self._accept_bare_list = accept_bare_list

    def __iter__(self) -> Iterator[Item]:
        first = self._text.peek()
        line, column = self._text.position()
        if not first:
            raise empty_document(self._text.file)
        if first == "{":
            yield from self._object(line, column)
        elif first == "[" and self._accept_bare_list:
            yield from self._list((), depth=2)
        else:
            self._text.value(1)
            raise not_items(self._text.file, self._list_keys[0], line, column, bare_list=first == "[")
        if self._text.peek():
            raise self._text.error(self._text.at, "text after the end of the document")

    def _object(self, line: int, column: int) -> Iterator[Item]:
        others: dict[str, Any] = {}
        faults: list[Fault] = []
        lists: set[str] = set()
        for key in self._keys():
            place = self._text.position()
            if key not in self._list_keys:
                value, value_faults = self._text.value(2)
                if not lists:
                    faults += _located(value_faults, key, place)
                    faults += [_duplicate(key, place)] if key in others else []
                    others[key] = value
                continue
            if key in lists:
                raise second_list(self._text.file, key, *place)
            lists.add(key)
            others.clear()
            yield from self._value(key)
        if not lists:
            if "name" not in others:
                raise missing_key(self._text.file, self._list_keys, others, line)
            yield _item(others, self._text.file, 0, (line, column), (), faults)

    def _keys(self) -> Iterator[str]:
        """Give the keys of the object that begins here; each value has to be read before the next key."""
        self._text.take("{")
        if self._text.peek() == "}":
            self._text.take("}")
            return
        while True:
            if self._text.peek() != '"':
                raise self._text.error(self._text.at, "a key in double quotes expected")
            key, _ = self._text.value(2)
            self._text.take(":")
            self._text.peek()
            yield key
            if self._text.take(",}") == "}":
                return

    def _value(self, key: str) -> Iterator[Item]:
        place = self._text.position()
        if self._text.peek() == "[":
            yield from self._list((key,), depth=3)
        elif self._text.value(2)[0] is not None:
            raise not_a_list(self._text.file, key, *place)

    def _list(self, path: Path, depth: int) -> Iterator[Item]:
        self._text.take("[")
        if self._text.peek() == "]":
            self._text.take("]")
            return
        index = 0
        while True:
            self._text.peek()
            place = self._text.position()
            value, faults = self._text.value(depth)
            yield _item(value, self._text.file, index, place, (*path, index), faults)
            index += 1
            if self._text.take(",]") == "]":
                return


class JsonLines:
    """Reads one item from each line (https://jsonlines.org); a bad line is an item with problems."""

    def __init__(self, source: BytesInput, *, limits: FormatLimits) -> None:
        self._source = source
        self._limits = limits
        self._scanner = JsonScanner()

    def __iter__(self) -> Iterator[Item]:
        index = 0
        for number, line in enumerate(iter(self._source.readline, b""), start=1):
            content = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if not content.strip():
                continue
            value, faults = self._decoded(content)
            yield _item(value, self._source.file, index, (number, 1), (index,), faults)
            index += 1
        if index == 0:
            raise empty_document(self._source.file)

    def _decoded(self, line: bytes) -> tuple[Any, list[Fault]]:
        try:
            text = line.decode().strip()
            value, end = self._scanner.scan(text, 0)
        except UnicodeDecodeError as error:
            return None, [Fault(f"Byte {error.start + 1} of the line is not UTF-8.", "encoding", "Save it as UTF-8.")]
        except json.JSONDecodeError as error:
            message = f"The line is not JSON: {error.msg}."
            return None, [Fault(message, "json-syntax", "Write one JSON object on one line.", column=error.colno)]
        except RecursionError:
            return None, [Fault("Nested far too deep.", "too-deep", "Make the structure flatter.")]
        if end != len(text):
            message = "More text follows after the value in this line."
            return None, [Fault(message, "json-syntax", "Write one JSON object on one line.", column=end + 1)]
        return value, [*self._scanner.faults, *size_faults(value, self._limits, 1)]


def _item(value: Any, file: str, index: int, place: tuple[int, int], path: Path, faults: Iterable[Fault]) -> Item:
    line, column = place
    located = (replace(fault, line=fault.line or line, column=fault.column or column) for fault in faults)
    problems = tuple(fault.problem(file, path) for fault in located)
    return Item(value=value, file=file, index=index, line=line, column=column, problems=problems)


def _located(faults: Iterable[Fault], key: str, place: tuple[int, int]) -> list[Fault]:
    line, column = place
    return [replace(fault, line=line, column=column, steps=[key]) for fault in faults]


def _duplicate(key: str, place: tuple[int, int]) -> Fault:
    message = f'The key "{shortened(key)}" stands twice in one object.'
    return Fault(message, "duplicate-key", "Remove one of the two.", *place, steps=[key])
