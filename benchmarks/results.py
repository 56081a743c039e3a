"""What was measured, and the targets it is held against."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Sense = Literal["at least", "at most"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One figure.

    Attributes:
        group: the scenario that it belongs to.
        what: what was measured, in words.
        value: the figure.
        unit: its unit.
        target: the figure to reach, if there is one.
        sense: from which side.
        detail: further figures, by name.
        note: what one has to know to read it.
    """

    group: str
    what: str
    value: float
    unit: str
    target: float | None = None
    sense: Sense = "at least"
    detail: dict[str, float] = field(default_factory=dict)
    note: str = ""

    @property
    def reached(self) -> bool | None:
        """Whether the target is reached; ``None`` if there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.sense == "at least" else self.value <= self.target

    def as_dict(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {**asdict(self), "reached": self.reached}


def ratio(
    group: str, what: str, ours: float, theirs: float | None, target: float | None, *, note: str = ""
) -> list[Measurement]:
    """Return how many times faster we are, unless there is nothing to compare with."""
    if not theirs:
        return []
    detail = {"ours": ours, "theirs": theirs}
    return [Measurement(group=group, what=what, value=ours / theirs, unit="x", target=target, detail=detail, note=note)]
