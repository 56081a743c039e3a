"""What is wrong inside a document while the rest of it can still be read."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from catalog_core.problems import Problem
from catalog_core.sources.formats.scalars import shortened

Step = str | int
Path = tuple[Step, ...]
_MAX_STEPS = 12


@dataclass(slots=True)
class Fault:
    """Something wrong at one place, found while a value was being built.

    Attributes:
        message: as in :class:`Problem`.
        rule: as in :class:`Problem`.
        hint: as in :class:`Problem`.
        line: counted from 1; ``None`` where unknown.
        column: counted from 1; ``None`` where unknown.
        steps: keys and positions that lead to the place, the innermost first: each level adds its own on the way out.
    """

    message: str
    rule: str
    hint: str = ""
    line: int | None = None
    column: int | None = None
    steps: list[Step] = field(default_factory=list)

    def path(self, prefix: Path = ()) -> Path:
        """Return the way from the root of the document, ``prefix`` leading to where building began."""
        return (*prefix, *reversed(self.steps))

    def problem(self, file: str, prefix: Path = ()) -> Problem:
        """Return the fault as people and programs are told of it."""
        return Problem(
            message=self.message,
            rule=self.rule,
            hint=self.hint,
            file=file,
            line=self.line,
            column=self.column,
            path=path_text(self.path(prefix)),
        )


def path_text(path: Sequence[Step]) -> str:
    """Return ``path`` as people write it.

    >>> path_text(("catalogs", "mcp", "sources", 2, "type"))
    'catalogs.mcp.sources[2].type'
    """
    if len(path) > _MAX_STEPS:
        return f"{path_text(path[:_MAX_STEPS])}..."
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{shortened(step, 80)}" for step in path)
    return text.removeprefix(".")
