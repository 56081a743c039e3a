"""The items of a YAML data file, one by one."""

from collections.abc import Iterator, Mapping
from typing import Any

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from catalog_core.problems import Problem
from catalog_core.sources.formats.bytes_input import BytesInput
from catalog_core.sources.formats.document import empty_document, is_empty_scalar, is_null
from catalog_core.sources.formats.faults import Path
from catalog_core.sources.formats.item import Item, missing_key, not_a_list, not_items, second_list
from catalog_core.sources.formats.limits import FormatLimits
from catalog_core.sources.formats.marks import key_lines
from catalog_core.sources.formats.yaml_events import YamlEvents, place
from catalog_core.sources.formats.yaml_values import OpenMapping, ValueBuilder


class YamlItems:
    """Reads the items of every document in a YAML stream.

    Iterating raises InvalidDocument where the rest cannot be read; items before that place were already given out.
    """

    def __init__(
        self, source: BytesInput, *, keys: tuple[str, ...], limits: FormatLimits, accept_bare_list: bool
    ) -> None:
        self._file = source.file
        self._keys = keys
        self._accept_bare_list = accept_bare_list
        self._events = YamlEvents(source)
        self._builder = ValueBuilder(self._events, limits)
        self._index = 0

    def __iter__(self) -> Iterator[Item]:
        is_empty = True
        while not isinstance(event := self._events.next(), StreamEndEvent):
            if not isinstance(event, DocumentStartEvent):
                continue
            self._builder.forget_anchors()
            root = self._events.next()
            if not is_empty_scalar(root):
                is_empty = False
                yield from self._document(root)
        if is_empty:
            raise empty_document(self._file)

    def _document(self, root: Event) -> Iterator[Item]:
        if isinstance(root, MappingStartEvent):
            yield from self._mapping(root)
        elif isinstance(root, SequenceStartEvent) and self._accept_bare_list:
            yield from self._list((), depth=2)
        else:
            raise not_items(self._file, self._keys[0], *place(root), bare_list=isinstance(root, SequenceStartEvent))

    def _mapping(self, root: MappingStartEvent) -> Iterator[Item]:
        """Give the items under the key; what stands before it is built, as it may turn out to be an item itself."""
        mapping = self._builder.open_mapping(root, 1, marked=True)
        lists: set[str] = set()
        while not isinstance(event := self._events.next(), MappingEndEvent):
            if isinstance(event, ScalarEvent) and event.value in self._keys:
                if event.value in lists:
                    raise second_list(self._file, event.value, *place(event))
                lists.add(event.value)
                self._builder.faults.clear()
                mapping.value.clear()
                yield from self._value(event.value)
            elif lists and isinstance(event, ScalarEvent):
                self._builder.skip(self._events.next())
            else:
                self._builder.add_entry(mapping, event)
        if not lists:
            yield self._whole(mapping)
        self._builder.faults.clear()

    def _value(self, key: str) -> Iterator[Item]:
        event = self._events.next()
        if isinstance(event, SequenceStartEvent) and event.anchor is None:
            yield from self._list((key,), depth=3)
        elif isinstance(event, AliasEvent | SequenceStartEvent):
            yield from self._built_list(event, key)
        elif not is_null(event):
            raise not_a_list(self._file, key, *place(event))

    def _list(self, path: Path, depth: int) -> Iterator[Item]:
        position = 0
        while not isinstance(event := self._events.next(), SequenceEndEvent):
            yield self._item(event, (*path, position), depth)
            position += 1

    def _item(self, event: Event, path: Path, depth: int) -> Item:
        if isinstance(event, MappingStartEvent) and event.anchor is None:
            mapping = self._builder.open_mapping(event, depth, marked=True)
            while not isinstance(entry := self._events.next(), MappingEndEvent):
                self._builder.add_entry(mapping, entry)
            return self._finished(self._builder.close_mapping(mapping), event, path, key_lines(mapping.marks))
        return self._finished(self._builder.node(event, depth), event, path, {})

    def _whole(self, mapping: OpenMapping) -> Item:
        value = self._builder.close_mapping(mapping)
        if "name" not in value:
            raise missing_key(self._file, self._keys, value, place(mapping.start)[0])
        return self._finished(value, mapping.start, (), key_lines(mapping.marks))

    def _built_list(self, event: Event, key: str) -> Iterator[Item]:
        """Give the items of a list that is an alias, or that an alias may name later; it is built as a whole."""
        value = self._builder.node(event, 2)
        if not isinstance(value, list):
            raise not_a_list(self._file, key, *place(event))
        problems = self._problems((key,))
        for entry in value:
            yield self._made(entry, event, problems, {})

    def _finished(self, value: Any, event: Event, path: Path, lines: Mapping[str, int]) -> Item:
        self._builder.marks.clear()
        return self._made(value, event, self._problems(path), lines)

    def _problems(self, path: Path) -> tuple[Problem, ...]:
        problems = tuple(fault.problem(self._file, path) for fault in self._builder.faults)
        self._builder.faults.clear()
        return problems

    def _made(self, value: Any, event: Event, problems: tuple[Problem, ...], lines: Mapping[str, int]) -> Item:
        line, column = place(event)
        index, self._index = self._index, self._index + 1
        return Item(
            value=value,
            file=self._file,
            index=index,
            line=line,
            column=column,
            key_lines=lines,
            problems=problems,
        )
