"""One thing that is wrong, told so that somebody can mend it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal

_ENDS = (".", "?", "!", ":")
Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, where, and what to do about it.

    Attributes:
        message: one sentence for people, without secrets, without absolute paths.
        rule: a stable word for programs, such as ``unknown-key`` or ``duplicate-name``.
        hint: what to do, one sentence; empty where the message says it already.
        file: the file as its owner wrote it, relative where possible.
        line: the line in ``file``, counted from 1; ``None`` where unknown.
        column: the column in ``line``, counted from 1; ``None`` where unknown.
        path: the place within the document, such as ``catalogs.mcp.sources[2].type``.
        severity: ``error`` if something was left out because of it, else ``warning``.
    """

    message: str
    rule: str
    hint: str = ""
    file: str = ""
    line: int | None = None
    column: int | None = None
    path: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        """Return ``file:line:column: path: message. hint``, leaving out what is not known."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        where = ": ".join(part for part in (place, self.path) if part)
        return f"{where}: {self.advice}" if where else self.advice

    @property
    def advice(self) -> str:
        """What is wrong and what to do, as sentences."""
        if not self.hint:
            return self.message
        return f"{self.message if self.message.endswith(_ENDS) else f'{self.message}.'} {self.hint}"

    def as_dict(self) -> dict[str, Any]:
        """Return the fields that are set, with the names that the API uses."""
        return {key: value for key, value in asdict(self).items() if value not in ("", None)}

    def rewritten(self, change: Callable[[str], str]) -> "Problem":
        """Return the problem with what ``change`` makes of its message and its hint."""
        return replace(self, message=change(self.message), hint=change(self.hint))

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Problem":
        """Return the problem that :meth:`as_dict` was called on."""
        return cls(**stored)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the closest of ``known``, or all of them where none is close.

    >>> did_you_mean("lables", ["labels", "name"])
    'Did you mean "labels"?'
    """
    choices = sorted(set(known))
    if close := get_close_matches(word, choices, n=1, cutoff=0.6):
        return f'Did you mean "{close[0]}"?'
    if len(choices) > 12:
        return ""
    return f"Known are: {', '.join(choices)}." if choices else ""
