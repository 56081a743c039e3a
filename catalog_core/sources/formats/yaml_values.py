"""Builds JSON values from YAML events.

From events rather than nodes, so that depth, number of values and the expansion of aliases are bounded while reading,
and an item is finished, and can be let go, before the next one is read.
"""

from dataclasses import dataclass, field
from typing import Any

from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    CollectionStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
)

from catalog_core.sources.formats.faults import Fault, Step
from catalog_core.sources.formats.limits import FormatLimits
from catalog_core.sources.formats.marks import Mark, Marks
from catalog_core.sources.formats.scalars import CORE_TAG_PREFIX, plain_scalar, shortened, tagged_scalar
from catalog_core.sources.formats.yaml_events import YamlEvents, place

_MERGE = object()
"""Stands for the key ``<<``, which is not a key of the mapping (https://yaml.org/type/merge.html)."""
_MAX_FAULTS = 100
"""More of them help nobody, and a hostile document could hold millions."""
_SKIPPED_DEPTH = 1000
"""Where even skipping stops: the time that libyaml needs grows with the square of the nesting of brackets."""


@dataclass(slots=True)
class OpenMapping:
    """A mapping of which not all entries are read yet."""

    start: MappingStartEvent
    depth: int
    value: dict[str, Any] = field(default_factory=dict)
    merges: list[tuple[Any, Event]] = field(default_factory=list)
    marks: Marks | None = None


@dataclass(frozen=True, slots=True)
class _Anchored:
    value: Any
    text: str | None
    values: int
    characters: int
    height: int
    is_faulty: bool


class ValueBuilder:
    """Turns events into values, and notes what is wrong without losing its place.

    Faults that leave the structure of the document clear (a duplicate key, an unknown tag, nesting that is too deep)
    are collected in ``faults``; the caller empties the list when it has dealt with them.

    Args:
        events: where to read on.
        limits: what is too much.
        keeps_marks: whether ``marks`` is filled for every mapping and list, by the identity of its value.
    """

    def __init__(self, events: YamlEvents, limits: FormatLimits, *, keeps_marks: bool = False) -> None:
        self.faults: list[Fault] = []
        self.marks: dict[int, Marks] = {}
        self._events = events
        self._next = events.next
        self._limits = limits
        self._max_values = limits.max_values
        self._keeps_marks = keeps_marks
        self._anchors: dict[str | None, _Anchored] = {}
        self._values = 0
        self._alias_characters = 0
        self._deepest = 0
        self._fault_count = 0
        self._end: Event | None = None

    def forget_anchors(self) -> None:
        """Begin a new document, in which anchors of the last one mean nothing."""
        self._anchors.clear()

    def node(self, event: Any, depth: int) -> Any:
        """Return the value that begins with ``event``; its end has been read afterwards.

        Args:
            event: the first event of the value.
            depth: how deep the value would lie if it were a mapping or a list, from 1.

        Raises:
            InvalidDocument: the rest of the document cannot be read, or a limit is exceeded.
        """
        self._values += 1
        if self._values > self._max_values:
            raise self._too_many_values(event)
        if type(event) is AliasEvent:
            return self._alias(event, depth)
        if event.anchor is not None:
            return self._anchored(event, depth)
        return self._content(event, depth)

    def open_mapping(self, event: MappingStartEvent, depth: int, *, marked: bool = False) -> OpenMapping:
        """Begin a mapping; ``marked`` asks for the positions of its entries."""
        self._check_tag(event, "map")
        self._deepest = max(self._deepest, depth)
        return OpenMapping(event, depth, marks={} if marked or self._keeps_marks else None)

    def add_entry(self, mapping: OpenMapping, key_event: Event) -> None:
        """Read the value that follows ``key_event`` and put both into ``mapping``."""
        key = self._key(key_event, mapping.depth)
        faults_before = len(self.faults)
        event = self._next()
        value = self.node(event, mapping.depth + 1)
        if key is _MERGE:
            mapping.merges.append((value, key_event))
            return
        if len(self.faults) > faults_before:
            self._locate(faults_before, key)
        if key in mapping.value:
            self._duplicate(mapping, key, key_event)
        else:
            mapping.value[key] = value
            if mapping.marks is not None:
                mapping.marks[key] = Mark(*place(key_event), *place(event), getattr(event, "value", None))

    def close_mapping(self, mapping: OpenMapping) -> dict[str, Any]:
        """Return the finished mapping, merge keys applied: own entries win over merged ones."""
        if len(mapping.merges) > 1:
            self._fault(mapping.merges[1][1], "The key << stands twice in one mapping.", "duplicate-key", "Use a list.")
        for value, event in mapping.merges[:1]:
            self._merge(mapping, value, event)
        if mapping.marks is not None:
            self.marks[id(mapping.value)] = mapping.marks
        return mapping.value

    def skip(self, event: Event) -> None:
        """Read past the value that begins with ``event`` without building it."""
        depth = 0
        while True:
            if isinstance(event, CollectionStartEvent):
                depth += 1
                if depth > _SKIPPED_DEPTH:
                    raise self._events.fail(event, *self._too_deep_words())
            elif isinstance(event, CollectionEndEvent):
                depth -= 1
            if depth == 0:
                self._end = event
                return
            event = self._next()

    def _content(self, event: Any, depth: int) -> Any:
        if type(event) is ScalarEvent:
            self._end = event
            return self._scalar(event)
        if depth > self._limits.max_depth:
            self._fault(event, *self._too_deep_words())
            return self.skip(event)
        if type(event) is MappingStartEvent:
            return self._mapping(event, depth)
        return self._sequence(event, depth)

    def _scalar(self, event: ScalarEvent) -> Any:
        try:
            if event.tag is not None:
                return tagged_scalar(event.value, event.tag)
            return plain_scalar(event.value) if event.implicit[0] else event.value
        except ValueError as error:
            rule = "bad-number" if event.tag is None else "bad-tag"
            hint = "Put the value in quotes" if event.tag is None else "Remove the tag"
            self._fault(event, str(error), rule, f"{hint} if it is meant as text.")
            return None

    def _mapping(self, start: MappingStartEvent, depth: int) -> dict[str, Any]:
        mapping = self.open_mapping(start, depth)
        while type(event := self._next()) is not MappingEndEvent:
            self.add_entry(mapping, event)
        self._end = event
        return self.close_mapping(mapping)

    def _sequence(self, start: Event, depth: int) -> list[Any]:
        self._check_tag(start, "seq")
        self._deepest = max(self._deepest, depth)
        result: list[Any] = []
        marks: Marks = {}
        while type(event := self._next()) is not SequenceEndEvent:
            faults_before = len(self.faults)
            result.append(self.node(event, depth + 1))
            if len(self.faults) > faults_before:
                self._locate(faults_before, len(result) - 1)
            if self._keeps_marks:
                marks[len(result) - 1] = Mark(*place(event), *place(event), getattr(event, "value", None))
        self._end = event
        if self._keeps_marks:
            self.marks[id(result)] = marks
        return result

    def _key(self, event: Any, depth: int) -> Any:
        if type(event) is ScalarEvent:
            if event.anchor is not None or event.tag is not None:
                self.node(event, depth)
            return _MERGE if event.value == "<<" and event.implicit[0] else event.value
        value = self.node(event, depth + 1)
        anchored = self._anchors.get(event.anchor) if type(event) is AliasEvent else None
        if anchored is not None and anchored.text is not None:
            return anchored.text
        if anchored is not None or isinstance(value, dict | list):
            self._fault(event, "A mapping or a list cannot be a key.", "bad-key", "Use text as the key.")
        return ""

    def _anchored(self, event: Any, depth: int) -> Any:
        values, characters, deepest = self._values - 1, self._alias_characters, self._deepest
        faults_before = self._fault_count
        self._deepest = depth - 1
        value = self._content(event, depth)
        end: Any = self._end
        self._anchors[event.anchor] = _Anchored(
            value=value,
            text=getattr(event, "value", None),
            values=self._values - values,
            characters=end.end_mark.index - event.start_mark.index + self._alias_characters - characters,
            height=self._deepest - depth + 1,
            is_faulty=self._fault_count > faults_before,
        )
        self._deepest = max(deepest, self._deepest)
        return value

    def _alias(self, event: Any, depth: int) -> Any:
        self._end = event
        anchored = self._anchors.get(event.anchor)
        if anchored is None:
            hint = "An anchor has to be complete before an alias names it."
            self._fault(event, f"The alias *{shortened(event.anchor)} names no anchor.", "unknown-alias", hint)
            return None
        self._values += anchored.values - 1
        self._alias_characters += anchored.characters
        if self._values > self._max_values:
            raise self._too_many_values(event)
        if self._alias_characters > self._limits.alias_characters(self._events.bytes_read):
            raise self._too_much_text(event)
        self._deepest = max(self._deepest, depth - 1 + anchored.height)
        if depth - 1 + anchored.height > self._limits.max_depth:
            self._fault(event, *self._too_deep_words())
        elif anchored.is_faulty:
            message = f"The alias *{shortened(event.anchor)} names a value that is faulty itself."
            self._fault(event, message, "faulty-alias")
        return anchored.value

    def _merge(self, mapping: OpenMapping, value: Any, event: Event) -> None:
        parts = value if isinstance(value, list) else [value]
        if not all(isinstance(part, dict) for part in parts):
            hint = "Let it name a mapping, or a list of mappings."
            self._fault(event, "The merge key << needs a mapping.", "bad-merge", hint)
            return
        for part in parts:
            for key, merged in part.items():
                mapping.value.setdefault(key, merged)
                if mapping.marks is not None:
                    mapping.marks.setdefault(key, Mark(*place(event), *place(event), None))

    def _duplicate(self, mapping: OpenMapping, key: str, event: Event) -> None:
        first = (mapping.marks or {}).get(key)
        before = f", first in line {first.key_line}" if first else ""
        message = f'The key "{shortened(key)}" stands twice in one mapping{before}.'
        faults_before = len(self.faults)
        self._fault(event, message, "duplicate-key", "Remove one of the two.")
        self._locate(faults_before, key)

    def _check_tag(self, event: Any, name: str) -> None:
        if event.tag not in (None, "!", CORE_TAG_PREFIX + name):
            tag = shortened(event.tag.replace(CORE_TAG_PREFIX, "!!"))
            self._fault(event, f"The tag {tag} is not known here.", "bad-tag", "Remove the tag.")

    def _fault(self, event: Event, message: str, rule: str, hint: str = "") -> None:
        self._fault_count += 1
        if len(self.faults) < _MAX_FAULTS:
            self.faults.append(Fault(message, rule, hint, *place(event)))

    def _locate(self, first: int, step: Step) -> None:
        for fault in self.faults[first:]:
            fault.steps.append(step)

    def _too_deep_words(self) -> tuple[str, str, str]:
        limit = self._limits.max_depth
        return f"Nested more than {limit} levels deep.", "too-deep", "Make the structure flatter."

    def _too_many_values(self, event: Event) -> Exception:
        message = f"More than {self._limits.max_values} values, aliases expanded."
        return self._events.fail(event, message, "too-many-values", "Split the file, or write fewer aliases.")

    def _too_much_text(self, event: Event) -> Exception:
        allowed = self._limits.alias_characters(self._events.bytes_read)
        message = f"Aliases stand for more than {allowed} characters."
        return self._events.fail(event, message, "too-many-aliases", "Write fewer aliases, or shorter anchored values.")
