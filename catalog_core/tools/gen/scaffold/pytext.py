"""Python as a formatter would leave it: calls and texts that fit the line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WIDTH = 120
"""Longest line, in characters."""


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a call.

    Attributes:
        code: a finished expression; empty if ``text`` is given.
        keyword: its name, if it has one.
        text: a text, which may be broken over several lines.
    """

    code: str = ""
    keyword: str = ""
    text: str = ""

    def __str__(self) -> str:
        value = self.code or quoted(self.text)
        return f"{self.keyword}={value}" if self.keyword else value

    def lines(self, indent: int) -> list[str]:
        """Return the argument on lines of its own, with a comma at the end."""
        pad = " " * indent
        line = f"{pad}{self},"
        if len(line) <= WIDTH or not self.text:
            return [line]
        head = f"{self.keyword}=(" if self.keyword else "("
        pieces = [f"{pad}    {quoted(piece)}" for piece in _pieces(self.text, WIDTH - indent - 10)]
        return [f"{pad}{head}", *pieces, f"{pad}),"]


def call(head: str, arguments: Iterable[Argument], *, indent: int) -> str:
    """Return ``head(arguments)``, on one line where it fits, without indentation before the first line."""
    given = list(arguments)
    flat = ", ".join(str(argument) for argument in given)
    if indent + len(f"{head}({flat})") <= WIDTH:
        return f"{head}({flat})"
    pad = " " * indent
    if indent + 4 + len(flat) <= WIDTH:
        return f"{head}(\n{pad}    {flat}\n{pad})"
    lines = [line for argument in given for line in argument.lines(indent + 4)]
    return "\n".join([f"{head}(", *lines, f"{pad})"])


def assignment(name: str, text: str, *, indent: int) -> str:
    """Return ``name = "text"``, broken over several lines where it does not fit, without leading indentation."""
    flat = f"{name} = {quoted(text)}"
    if indent + len(flat) <= WIDTH:
        return flat
    pad = " " * indent
    pieces = [f"{pad}    {quoted(piece)}" for piece in _pieces(text, WIDTH - indent - 6)]
    return "\n".join([f"{name} = (", *pieces, f"{pad})"])


def sequence(entries: Iterable[str], *, indent: int) -> str:
    """Return a tuple with one entry to a line, or on one line if it has one only; each entry is finished code."""
    given = list(entries)
    if not given:
        return "()"
    pad = " " * indent
    if len(given) == 1 and "\n" not in given[0] and len(given[0]) <= WIDTH - indent - 30:
        return f"({given[0]},)"
    return "\n".join(["(", *(f"{pad}    {entry}," for entry in given), f"{pad})"])


def quoted(text: str) -> str:
    """Return a text as a Python literal in ASCII, quoted as formatters quote.

    >>> print(quoted("plain"), quoted('say "yes"'), quoted("caf\\u00e9"))
    "plain" 'say "yes"' "caf\\xe9"
    """
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(_escaped(text, quote)) + quote


def sentence(text: str) -> str:
    """Return a text for a docstring or comment: one line of plain ASCII, ending in a full stop."""
    line = " ".join(text.replace("\\", "/").replace('"', "'").split())
    plain = line.encode("ascii", "ignore").decode().strip()
    return plain if plain.endswith((".", "!", "?")) or not plain else f"{plain}."


def _escaped(text: str, quote: str) -> Iterator[str]:
    named = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\\": "\\\\", quote: f"\\{quote}"}
    for letter in text:
        if letter in named:
            yield named[letter]
        elif " " <= letter <= "~":
            yield letter
        else:
            code = ord(letter)
            yield f"\\U{code:08x}" if code > 0xFFFF else f"\\u{code:04x}" if code > 0xFF else f"\\x{code:02x}"


def _pieces(text: str, width: int) -> Iterator[str]:
    """Give a text in pieces of at most ``width`` characters, broken after spaces where there are any."""
    while len(quoted(text)) - 2 > width:
        fits = next(length for length in range(min(width, len(text)), 0, -1) if len(quoted(text[:length])) - 2 <= width)
        cut = text.rfind(" ", 0, fits) + 1 or fits
        yield text[:cut]
        text = text[cut:]
    if text:
        yield text
