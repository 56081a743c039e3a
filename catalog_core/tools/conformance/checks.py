"""What a check is, and how one is carried out."""

import enum
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from catalog_core.tools.conformance.wire import WireError, excerpt

MOST_LINES = 12
"""So many problems of one check are told, the rest is counted."""

Status = Literal["passed", "failed", "skipped"]
SubjectT = TypeVar("SubjectT")


class Category(enum.Enum):
    """The categories of the suite, by their letters."""

    CAPABILITIES = "A"
    LIST_GET = "B"
    SOURCES = "C"
    SECURITY = "D"
    OBSERVABILITY = "E"
    OPENAPI = "F"
    ACTIONS = "G"

    @property
    def title(self) -> str:
        """The name of the category in reports."""
        return self.name.lower()


class Skipped(Exception):
    """The check cannot be made here; the text says why."""


class Note(str):
    """Something worth knowing about a check that is no problem."""

    __slots__ = ()


Findings = Iterator[str]
"""Problems, each one line, and notes."""


@dataclass(frozen=True, slots=True)
class Check(Generic[SubjectT]):
    """One check. What it is about stands in the docstring of its function.

    Attributes:
        category: where it belongs.
        name: how reports call it.
        title: what has to hold, one sentence.
        function: yields what is wrong.
    """

    category: Category
    name: str
    title: str
    function: Callable[[SubjectT], Findings]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a check.

    Attributes:
        name: the name of the check.
        title: what has to hold.
        status: how it went.
        message: the problems, the reason why it was skipped, or what is worth knowing; one line each.
    """

    name: str
    title: str
    status: Status
    message: str = ""


def check(category: Category) -> Callable[[Callable[[SubjectT], Findings]], Check[SubjectT]]:
    """Make a check of a function, whose name and docstring become those of the check."""

    def made(function: Callable[[SubjectT], Findings]) -> Check[SubjectT]:
        title = (function.__doc__ or "").partition("\n")[0]
        return Check(category, function.__name__, title, function)

    return made


def carry_out(check: Check[SubjectT], subject: SubjectT) -> Outcome:
    """Carry out a check. Whatever the server answers, the outcome says how it went."""
    problems: list[str] = []
    notes: list[str] = []
    try:
        for finding in check.function(subject):
            (notes if isinstance(finding, Note) else problems).append(finding)
    except Skipped as skipped:
        if not problems:
            return Outcome(check.name, check.title, "skipped", str(skipped))
        notes.append(f"the rest was left out: {skipped}")
    except WireError as error:
        problems.append(str(error))
    except Exception as error:  # noqa: BLE001 - foreign answers have any form, and none may end the run
        problems.append(
            f"an answer has a form that the check does not know ({type(error).__name__}: {excerpt(str(error))})"
        )
    return Outcome(check.name, check.title, "failed" if problems else "passed", _told([*problems, *notes]))


def _told(lines: list[str]) -> str:
    more = len(lines) - MOST_LINES
    return "\n".join(lines if more <= 0 else [*lines[:MOST_LINES], f"and {more} more"])
