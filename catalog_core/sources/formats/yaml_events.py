"""The events of a YAML document, with errors that say what to do."""

import re
from typing import Any

import yaml
from yaml.events import Event
from yaml.reader import ReaderError

from catalog_core.exceptions import InvalidDocument
from catalog_core.problems import Problem
from catalog_core.sources.formats.bytes_input import BytesInput

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml where PyYAML was built with it; the same events, some ten times slower, where it was not."""

_TAG_DIRECTIVE = re.compile(rb"%\x00?T\x00?A\x00?G")
_MAX_TAG_DIRECTIVES = 1000
"""libyaml compares each directive with all before it, in one call that nothing can interrupt."""

_HINTS = (
    ("mapping values are not allowed", 'Put quotes around a value that holds ": ", and check the indentation.'),
    ("cannot start any token", "Put quotes around a value that begins with @, %, ` or another special character."),
    ("unknown escape character", "In double quotes a backslash begins an escape: double it, or use single quotes."),
    ("could not find expected ':'", "A colon is missing after a key, or a quote was not closed."),
    ("incompatible YAML document", "Remove the %YAML line, or let it say 1.1 or 1.2."),
)
_DEFAULT_HINT = "Check the indentation and the quotes at this line and just above it."


class YamlEvents:
    """The events of one YAML stream, one by one.

    Raises:
        InvalidDocument: from the constructor and from :meth:`next`, where the bytes are not YAML.
    """

    def __init__(self, source: BytesInput, *, loader: Any = _LOADER) -> None:
        self.file = source.file
        self._source = source
        self._tag_directives = 0
        try:
            self._loader = loader(self)
        except yaml.YAMLError as error:  # the loader without libyaml reads the first bytes here
            raise InvalidDocument([_problem(error, source)]) from error
        self._get_event = self._loader.get_event

    @property
    def bytes_read(self) -> int:
        """How much of the document was read, in bytes; some of it may still have to become events."""
        return self._source.count

    def next(self) -> Event:
        """Return the next event; not to be called after the end of the stream."""
        try:
            event: Event = self._get_event()
        except (yaml.YAMLError, ValueError, OverflowError) as error:  # the last two: escapes that are no character
            raise InvalidDocument([_problem(error, self._source)]) from error
        return event

    def read(self, size: int) -> bytes:
        """Return the next bytes; the loader asks for them."""
        piece = self._source.read(size)
        self._tag_directives += len(_TAG_DIRECTIVE.findall(piece))
        if self._tag_directives > _MAX_TAG_DIRECTIVES:
            message = f"More than {_MAX_TAG_DIRECTIVES} %TAG directives."
            raise InvalidDocument([Problem(message=message, rule="too-many-tags", file=self.file)])
        return piece

    def fail(self, event: Event, message: str, rule: str, hint: str = "") -> InvalidDocument:
        """Return the error that condemns the document from the place of ``event`` on."""
        line, column = place(event)
        problem = Problem(message=message, rule=rule, hint=hint, file=self.file, line=line, column=column)
        return InvalidDocument([problem])


def place(event: Any) -> tuple[int, int]:
    """Return line and column of the beginning of ``event``, both counted from 1."""
    mark = event.start_mark
    return mark.line + 1, mark.column + 1


def _problem(error: Exception, source: BytesInput) -> Problem:
    if isinstance(error, ReaderError):
        return _reader_problem(error, source)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return Problem(message=f"The file is not YAML: {error}", rule="yaml-syntax", file=source.file)
    text = source.line_text(mark.line + 1)
    if "\t" in text[: len(text) - len(text.lstrip())]:
        return _tab_problem(mark.line + 1, source)
    message, rule, hint = _explanation(error, mark, source)
    line = min(mark.line + 1, source.line_count)  # libyaml ends every file with a line of its own
    return Problem(message=message, rule=rule, hint=hint, file=source.file, line=line, column=mark.column + 1)


def _explanation(error: Any, mark: Any, source: BytesInput) -> tuple[str, str, str]:
    within = ""
    if error.context and error.context_mark:
        within = f" {error.context}, which begins in line {min(error.context_mark.line + 1, source.line_count)}"
    if "end of stream" in error.problem or mark.line >= source.line_count:
        return (
            f"The file ends in the middle of something: {error.problem}{within}.",
            "truncated",
            "Is the file truncated, or a closing quote or bracket missing?",
        )
    hint = next((hint for words, hint in _HINTS if words in error.problem), _DEFAULT_HINT)
    return f"This is not YAML: {error.problem}{within}.", "yaml-syntax", hint


def _tab_problem(line: int, source: BytesInput) -> Problem:
    return Problem(
        message="The line is indented with a tab, which YAML does not allow.",
        rule="tab",
        hint="Use spaces.",
        file=source.file,
        line=line,
        column=source.line_text(line).index("\t") + 1,
    )


def _reader_problem(error: ReaderError, source: BytesInput) -> Problem:
    position = int(error.position)
    if "characters are not allowed" in error.reason:
        message = f"The character U+{error.character:04X} at byte {position + 1} is not allowed in YAML."
        rule, hint = "control-character", "Remove it, or write it as an escape in double quotes."
    else:
        message = f"Byte {position + 1} is not UTF-8: {error.reason}."
        rule, hint = "encoding", "Save the file as UTF-8."
    line = source.line_of(position)
    return Problem(message=message, rule=rule, hint=hint, file=source.file, line=line)
