"""The nodes of a YAML document with their places in its text, so that one can be exchanged and the rest left alone."""

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamStartEvent,
)

from catalog_core.sources.formats.bytes_input import BytesInput
from catalog_core.sources.formats.yaml_events import YamlEvents

Kind = Literal["scalar", "alias", "mapping", "sequence"]

_MAX_DEPTH = 100
_KEEPS_LINES = re.compile(r"[|>][1-9]?\+")


@dataclass(slots=True)
class Node:
    """One value of a document.

    Attributes:
        kind: what it is.
        start: where it begins in the text, its anchor and tag included, in characters from 0.
        end: where its last character ends; blank lines and comments that follow it are not part of it.
        is_flow: whether it is a collection in brackets.
        style: for a scalar its quote, or ``|`` or ``>``; empty if it has none.
        text: for a scalar what it says.
        keys: for a mapping its keys.
        values: for a mapping what belongs to the keys, for a list its elements.
    """

    kind: Kind
    start: int
    end: int
    is_flow: bool = False
    style: str = ""
    text: str = ""
    keys: list["Node"] = field(default_factory=list)
    values: list["Node"] = field(default_factory=list)

    @property
    def is_block(self) -> bool:
        """Whether it needs lines of its own: a collection without brackets, or a text after ``|`` or ``>``."""
        if self.kind == "scalar":
            return self.style in ("|", ">")
        return self.kind in ("mapping", "sequence") and not self.is_flow

    def pairs(self) -> dict[str, int]:
        """Return where each key of a mapping stands among its keys; of a key that stands twice the first counts."""
        found: dict[str, int] = {}
        for index, key in enumerate(self.keys):
            if key.kind == "scalar" and not _is_merge(key):
                found.setdefault(key.text, index)
        return found


def read_nodes(content: bytes, text: str, *, file: str, max_bytes: int) -> Node:
    """Return the root of the one document in ``content``, which is known to be readable.

    Args:
        content: the document.
        text: the same, decoded and without a byte order mark; nodes refer to it.
        file: for messages.
        max_bytes: largest size of the document, in bytes.

    Raises:
        InvalidDocument: it is nested more than 100 levels deep.
    """
    events = YamlEvents(BytesInput(content, file=file, max_bytes=max_bytes))
    event = events.next()
    while isinstance(event, StreamStartEvent | DocumentStartEvent):
        event = events.next()
    return _Composer(events, text).node(event, 1)


@dataclass(slots=True)
class _Composer:
    events: YamlEvents
    text: str

    def node(self, event: Any, depth: int) -> Node:
        if depth > _MAX_DEPTH:
            raise self.events.fail(event, f"Nested more than {_MAX_DEPTH} levels deep.", "too-deep")
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if isinstance(event, AliasEvent):
            return Node("alias", *_span(event))
        return self._mapping(event, depth) if isinstance(event, MappingStartEvent) else self._sequence(event, depth)

    def _scalar(self, event: Any) -> Node:
        start, end = _span(event)
        style = event.style or ""
        written = self.text[start:end]
        if style in ("|", ">") and _KEEPS_LINES.search(written.split("\n", 1)[0]):
            end = start + len(written.removesuffix("\n").removesuffix("\r"))  # its blank lines belong to it
        else:
            end = start + len(written.rstrip())
        return Node("scalar", start, end, style=style, text=event.value)

    def _mapping(self, start: Any, depth: int) -> Node:
        node = Node("mapping", start.start_mark.index, 0, is_flow=bool(start.flow_style))
        while not isinstance(event := self.events.next(), MappingEndEvent):
            node.keys.append(self.node(event, depth + 1))
            node.values.append(self.node(self.events.next(), depth + 1))
        return self._closed(node, event)

    def _sequence(self, start: Any, depth: int) -> Node:
        node = Node("sequence", start.start_mark.index, 0, is_flow=bool(start.flow_style))
        while not isinstance(event := self.events.next(), SequenceEndEvent):
            node.values.append(self.node(event, depth + 1))
        return self._closed(node, event)

    def _closed(self, node: Node, event: Event) -> Node:
        end: Any = event.end_mark
        node.end = end.index if node.is_flow or not node.values else node.values[-1].end
        return node


def _span(event: Any) -> tuple[int, int]:
    return event.start_mark.index, event.end_mark.index


def _is_merge(key: Node) -> bool:
    return key.text == "<<" and not key.style
