"""JSON (RFC 8259) read piece by piece, strictly, with positions.

The scanner of the standard library is used rather than orjson: it keeps integers of any size, and shows duplicate keys,
which orjson swallows. It takes less than twice the time; most of either goes into making dictionaries.
"""

import codecs
import json
import math
import re
from typing import Any

from catalog_core.exceptions import InvalidDocument
from catalog_core.problems import Problem
from catalog_core.sources.formats.bytes_input import BytesInput
from catalog_core.sources.formats.faults import Fault
from catalog_core.sources.formats.limits import FormatLimits
from catalog_core.sources.formats.scalars import shortened

_FIRST_PIECE_BYTES = 64 * 1024
_LONGEST_CUT_NUMBER_END = 3
"""A piece may end within ``1.5e+|3``; then up to this many characters follow what looks like a whole number."""
_BLANKS = re.compile(r"[ \t\n\r]*")
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")


class JsonScanner:
    """Decodes one value at a time and notes what is wrong in it but leaves its end clear."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_float=self._float, parse_constant=self._constant
        )
        self._patient_decoder = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_float=self._float,
            parse_constant=self._constant,
            parse_int=self._integer,
        )

    def scan(self, text: str, start: int) -> tuple[Any, int]:
        """Return the value that begins at ``start`` and where it ends; ``faults`` tells what is wrong with it.

        Raises:
            json.JSONDecodeError: there is no complete value.
            RecursionError: it is nested far too deep.
        """
        self.faults.clear()
        try:
            value, end = self._decoder.raw_decode(text, start)
        except json.JSONDecodeError:
            raise
        except ValueError:  # an integer of more digits than Python converts
            self.faults.clear()
            value, end = self._patient_decoder.raw_decode(text, start)
        if _SURROGATE_ESCAPE.search(text, start, end):
            value = self._with_whole_characters(value)
        return value, end

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) != len(pairs):
            message = f'The key "{shortened(_first_repeated(pairs))}" stands twice in one object.'
            self.faults.append(Fault(message, "duplicate-key", "Remove one of the two."))
        return result

    def _float(self, text: str) -> float | None:
        value = float(text)
        if math.isfinite(value):
            return value
        self.faults.append(Fault(f"The number {shortened(text)} is too large.", "bad-number"))
        return None

    def _constant(self, text: str) -> None:
        self.faults.append(Fault(f"{text} has no place in JSON.", "bad-number", "Write null, or text in quotes."))

    def _integer(self, text: str) -> int | None:
        try:
            return int(text)
        except ValueError:
            self.faults.append(Fault(f"A number of {len(text)} digits is too long.", "bad-number"))
            return None

    def _with_whole_characters(self, value: Any) -> Any:
        text = json.dumps(value, ensure_ascii=False)
        try:
            text.encode()
        except UnicodeEncodeError:
            message = "A \\u escape stands for half of a character."
            self.faults.append(Fault(message, "bad-character", "Write both halves, or the character itself."))
            return json.loads(text.encode(errors="replace"))
        return value


def _first_repeated(pairs: list[tuple[str, Any]]) -> str:
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return key
        seen.add(key)
    return ""


class JsonText:
    """A JSON document that is read on as far as needed; ``at`` is where reading stands in ``text``."""

    def __init__(self, source: BytesInput, limits: FormatLimits) -> None:
        self.file = source.file
        self.text = ""
        self.at = 0
        self._source = source
        self._limits = limits
        self._scanner = JsonScanner()
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._is_complete = False
        self._line = 1
        self._line_start = 0
        self._counted = 0

    def peek(self) -> str:
        """Return the next character that is not blank, without reading past it; empty at the end."""
        while True:
            match = _BLANKS.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text) or not self._fill():
                return self.text[self.at : self.at + 1]

    def take(self, wanted: str) -> str:
        """Read past the next character that is not blank, which is one of ``wanted``, and return it."""
        found = self.peek()
        if not found or found not in wanted:
            raise self.error(
                self.at, f"{' or '.join(map(repr, wanted))} expected" + (f", found {found!r}" if found else "")
            )
        self.at += 1
        return found

    def value(self, depth: int) -> tuple[Any, tuple[Fault, ...]]:
        """Return the next value and what is wrong with it though its end is clear.

        Args:
            depth: how deep the value would lie if it were an object or a list, from 1.

        Raises:
            InvalidDocument: there is no value here.
        """
        self.peek()
        while True:
            try:
                value, end = self._scanner.scan(self.text, self.at)
            except json.JSONDecodeError as error:
                if not self._fill():
                    raise self.error(error.pos, error.msg, unterminated="Unterminated" in error.msg) from error
                continue
            except RecursionError:
                raise self._failure(self.at, "Nested far too deep.", "too-deep", "Make it flatter.") from None
            may_go_on = isinstance(value, int | float) and len(self.text) - end <= _LONGEST_CUT_NUMBER_END
            if not (may_go_on and self._fill()):
                break
        start, self.at = self.at, end
        return value, (*self._scanner.faults, *self._size_faults(value, self.text[start:end], depth))

    def position(self, at: int | None = None) -> tuple[int, int]:
        """Return line and column, from 1, of ``at``, or of where reading stands."""
        at = self.at if at is None else at
        lines = self.text.count("\n", self._counted, at)
        if lines:
            self._line += lines
            self._line_start = self.text.rindex("\n", self._counted, at) + 1
        self._counted = max(self._counted, at)
        return self._line, at - self._line_start + 1

    def error(self, at: int, message: str, *, unterminated: bool = False) -> InvalidDocument:
        """Return the error for text that is not JSON at ``at``."""
        if unterminated or not self.text[at:].strip():
            message = f"The file ends in the middle of something: {message}."
            return self._failure(at, message, "truncated", "Is the file truncated, or a bracket or quote missing?")
        hint = "Check commas, quotes and brackets at this place and just before it."
        return self._failure(at, f"This is not JSON: {message}.", "json-syntax", hint)

    def _failure(self, at: int, message: str, rule: str, hint: str) -> InvalidDocument:
        line, column = self.position(at)
        return InvalidDocument(
            [Problem(message=message, rule=rule, hint=hint, file=self.file, line=line, column=column)]
        )

    def _size_faults(self, value: Any, text: str, depth: int) -> list[Fault]:
        limits = self._limits
        brackets = text.count("[") + text.count("{")
        # each value but the first follows a bracket or a comma, so these bounds hold without looking at the values
        is_small = brackets < limits.max_depth - depth and brackets + text.count(",") < limits.max_values
        return [] if is_small else size_faults(value, limits, depth)

    def _fill(self) -> bool:
        """Drop what was read, add at least as much as is left, and say whether there was anything."""
        if self._is_complete:
            return False
        self.position()
        self.text = self.text[self.at :]
        self._line_start -= self.at
        self._counted -= self.at
        self.at = 0
        piece = self._source.read(max(_FIRST_PIECE_BYTES, len(self.text)))
        self._is_complete = not piece
        try:
            self.text += self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            raise not_utf8(error, self._source) from error
        return True


def size_faults(value: Any, limits: FormatLimits, depth: int) -> list[Fault]:
    """Return what is too deep or too much about ``value``, which lies at ``depth``, from 1."""
    level, values = [value], 1
    while level := [entry for entry in level if isinstance(entry, dict | list)]:
        if depth > limits.max_depth:
            message = f"Nested more than {limits.max_depth} levels deep."
            return [Fault(message, "too-deep", "Make the structure flatter.")]
        level = [entry for part in level for entry in (part.values() if isinstance(part, dict) else part)]
        values += len(level)
        depth += 1
    if values > limits.max_values:
        return [Fault(f"More than {limits.max_values} values.", "too-many-values", "Split the file.")]
    return []


def not_utf8(error: UnicodeDecodeError, source: BytesInput) -> InvalidDocument:
    """Return the error for the last piece read from ``source``, which does not decode."""
    offset = source.count - len(error.object) + error.start
    problem = Problem(
        message=f"Byte {offset + 1} is not UTF-8: {error.reason}.",
        rule="encoding",
        hint="Save the file as UTF-8.",
        file=source.file,
        line=source.line_of(offset),
    )
    return InvalidDocument([problem])
