"""Small documents, read as a whole, in which the position of everything is known."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

from yaml.events import DocumentEndEvent, DocumentStartEvent, Event, ScalarEvent, StreamEndEvent

from catalog_core.exceptions import InvalidDocument
from catalog_core.problems import Problem
from catalog_core.sources.formats.bytes_input import BytesInput
from catalog_core.sources.formats.faults import Fault, Path, path_text
from catalog_core.sources.formats.limits import CONFIGURATION_LIMITS, FormatLimits
from catalog_core.sources.formats.marks import Mark, Marks
from catalog_core.sources.formats.scalars import NULL_WORDS
from catalog_core.sources.formats.yaml_events import YamlEvents, place
from catalog_core.sources.formats.yaml_values import ValueBuilder


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document and the positions of what it holds.

    Attributes:
        value: the document as a JSON value.
        file: how people know it.
        faults: what is wrong at single places; always empty unless asked for.
    """

    value: Any
    file: str
    faults: tuple[Fault, ...]
    root: tuple[int, int]
    marks: Mapping[int, Marks]

    def position(self, path: Path) -> tuple[int, int]:
        """Return line and column, from 1, where the value at ``path`` begins, or the nearest value around it."""
        mark = self._mark(path)
        return (mark.line, mark.column) if mark else self._around(path)

    def key_position(self, path: Path) -> tuple[int, int]:
        """Return line and column, from 1, of the key that ``path`` ends in, or of the nearest value around it."""
        mark = self._mark(path)
        return (mark.key_line, mark.key_column) if mark else self._around(path)

    def text(self, path: Path) -> str | None:
        """Return the scalar at ``path`` as written, without its quotes: ``007`` for the number 7."""
        mark = self._mark(path)
        return mark.text if mark else None

    def problem(
        self, path: Path, message: str, rule: str, hint: str = "", *, at_key: bool = False, is_warning: bool = False
    ) -> Problem:
        """Return a problem with the value at ``path``, or with the key that leads to it."""
        line, column = self.key_position(path) if at_key else self.position(path)
        return Problem(
            message=message,
            rule=rule,
            hint=hint,
            file=self.file,
            line=line,
            column=column,
            path=path_text(path),
            severity="warning" if is_warning else "error",
        )

    def _around(self, path: Path) -> tuple[int, int]:
        return self.position(path[:-1]) if path else self.root

    def _mark(self, path: Path) -> Mark | None:
        value, mark = self.value, None
        for step in path:
            mark = self.marks.get(id(value), {}).get(step)
            if mark is None:
                return None
            value = value[step]
        return mark


def parse_document(
    content: bytes | BinaryIO, *, file: str, limits: FormatLimits = CONFIGURATION_LIMITS, tolerates_faults: bool = False
) -> Document:
    """Return the one YAML (or JSON) document in ``content``.

    Args:
        content: UTF-8 with or without a byte order mark, or UTF-16 with one.
        file: how people know the document, for messages.
        limits: what is too much.
        tolerates_faults: put what is wrong at single places, such as a duplicate key, into ``Document.faults``,
            instead of refusing the whole document because of it.

    Raises:
        InvalidDocument: it cannot be read, is empty, too large, or followed by a second document.
    """
    events = YamlEvents(BytesInput(content, file=file, max_bytes=limits.max_bytes))
    builder = ValueBuilder(events, limits, keeps_marks=True)
    events.next()
    first = _root_event(events)
    value = builder.node(first, 1)
    events.next()
    _refuse_second(events)
    if builder.faults and not tolerates_faults:
        raise InvalidDocument(fault.problem(file) for fault in builder.faults)
    return Document(value=value, file=file, faults=tuple(builder.faults), root=place(first), marks=builder.marks)


def empty_document(file: str) -> InvalidDocument:
    """Return the error for a document without content."""
    return InvalidDocument(
        [Problem(message="The file is empty.", rule="empty", hint="Fill it, or restore it from a backup.", file=file)]
    )


def is_empty_scalar(event: Any) -> bool:
    """Whether ``event`` stands for nothing at all, as between two document markers."""
    return is_null(event) and not event.value


def is_null(event: Any) -> bool:
    """Whether ``event`` is a null without a tag."""
    return isinstance(event, ScalarEvent) and event.tag is None and event.implicit[0] and event.value in NULL_WORDS


def _root_event(events: YamlEvents) -> Event:
    start = events.next()
    root = None if isinstance(start, StreamEndEvent) else events.next()
    if root is None or is_empty_scalar(root):
        raise empty_document(events.file)
    return root


def _refuse_second(events: YamlEvents) -> None:
    second: Event | None = None
    while not isinstance(event := events.next(), StreamEndEvent):
        if isinstance(event, DocumentStartEvent):
            second = event
        elif second and not isinstance(event, DocumentEndEvent) and not is_empty_scalar(event):
            hint = "Move it to a file of its own."
            raise events.fail(second, "A second document begins here; a file holds one.", "second-document", hint)
