"""What a scenario is told."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a scenario is to be run.

    Attributes:
        folder: where it may leave files; does not exist yet.
        full: whether it may take long.
        seconds: how long one measurement of a rate takes.
        say: tells people how far it is.
    """

    folder: Path
    full: bool
    seconds: float
    say: Callable[[str], None]
