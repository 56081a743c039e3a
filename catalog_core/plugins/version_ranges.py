"""Ranges of semantic versions: ``1.x``, ``>=1.2,<2``, ``^1.2``, ``~1.2``, ``1.2 || 2``.

A range is a set of half-open intervals. That is exact, as semantic versions have successors: nothing lies between 1.2.3
and 1.2.4-0, the lowest pre-release there is of 1.2.4. Pre-releases belong to a range by their order alone, so
``>=1.2`` holds 1.3.0-rc.1; but an upper bound leaves out the pre-releases of the version that it leaves out: 2.0.0-rc.1
is not in ``<2``. A number that is missing, or written ``x`` or ``*``, stands for any number.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from semver import Version

from catalog_core.plugins.versions import LONGEST_VERSION

_LOWEST = Version(0, 0, 0, "0")
_PARTIAL = (
    r"v?(?P<numbers>(?:[0-9]+|[xX*])(?:\.(?:[0-9]+|[xX*])){0,2})"
    r"(?:-(?P<pre>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?"
)
_TERM = re.compile(rf"(?P<operator>~>|~=|===|[<>=!]=|[\^~<>=]|)\s*{_PARTIAL}(?:\s*,\s*|\s+|$)")
_HYPHEN = re.compile(r"\s+-\s+")
_NUMBER = re.compile(r"0|[1-9][0-9]*")
_EXAMPLES = "write a range such as 1.x, >=1.2,<2, ^1.2, ~1.2 or 1.2 || 2"


@dataclass(frozen=True, slots=True)
class Interval:
    """The versions from ``low`` on that are lower than ``high``; without end if that is ``None``."""

    low: Version
    high: Version | None = None

    def __contains__(self, version: Version) -> bool:
        return self.low <= version and (self.high is None or version < self.high)

    def __and__(self, other: "Interval") -> "Interval":
        highs = [high for high in (self.high, other.high) if high is not None]
        return Interval(max(self.low, other.low), min(highs, default=None))

    @property
    def is_empty(self) -> bool:
        """Whether no version lies in it."""
        return self.high is not None and self.high <= self.low


@dataclass(frozen=True, slots=True)
class VersionRange:
    """A set of versions. Make one with :func:`parse_range`, :func:`at_least` or :func:`at_most`; combine with ``&``."""

    intervals: tuple[Interval, ...]

    def __contains__(self, version: Version) -> bool:
        return any(version in interval for interval in self.intervals)

    def __and__(self, other: "VersionRange") -> "VersionRange":
        return _range_of(mine & theirs for mine in self.intervals for theirs in other.intervals)

    @property
    def is_empty(self) -> bool:
        """Whether no version lies in it."""
        return not self.intervals

    @property
    def has_lower_bound(self) -> bool:
        """Whether some versions are too old for it."""
        return all(interval.low > _LOWEST for interval in self.intervals)

    @property
    def has_upper_bound(self) -> bool:
        """Whether some versions are too new for it."""
        return all(interval.high is not None for interval in self.intervals)


ANY = VersionRange((Interval(_LOWEST),))
"""All versions."""


def parse_range(text: str) -> VersionRange:
    """Return the versions that ``text`` stands for.

    Terms beside each other, or with a comma between them, have to hold all; ``||`` separates alternatives. Operators
    are those of npm (``^ ~ > >= < <= =``, and ``1.2 - 2.3``) and of Python packages (``== != ~=``).

    Raises:
        ValueError: it is no range; the text of the error says where it stops being one.
    """
    if len(text) > LONGEST_VERSION:
        raise ValueError(f"a range of more than {LONGEST_VERSION} characters is not read; {_EXAMPLES}")
    if not text.strip():
        raise ValueError(f"the range is empty; {_EXAMPLES}, or * for every version")
    return _range_of(interval for part in text.split("||") for interval in _alternative(part.strip()).intervals)


def at_least(text: str) -> VersionRange:
    """Return the versions that a lower bound such as ``1.2.0`` or ``1.x`` allows.

    Raises:
        ValueError: it is no bound.
    """
    return VersionRange((Interval(_Partial.parse(text).low),))


def at_most(text: str) -> VersionRange:
    """Return the versions that an upper bound such as ``1.9.0`` or ``1.x`` allows, the bound itself among them.

    Raises:
        ValueError: it is no bound.
    """
    return VersionRange((Interval(_LOWEST, _Partial.parse(text).end),))


@dataclass(frozen=True, slots=True)
class _Partial:
    """A version of which numbers at the end may be open: the numbers given, and the pre-release if there is one."""

    numbers: tuple[int, ...]
    pre: str | None = None

    @classmethod
    def parse(cls, text: str) -> "_Partial":
        match = re.fullmatch(_PARTIAL, text.strip()) if len(text) <= LONGEST_VERSION else None
        if match is None:
            raise ValueError(f'"{text[:40]}" is neither a version such as 1.2.0 nor one with open numbers such as 1.x')
        return cls.of(match)

    @classmethod
    def of(cls, match: re.Match[str]) -> "_Partial":
        """Return what a match of the pattern says."""
        written = match["numbers"].split(".")
        fixed = next((place for place, part in enumerate(written) if part in "xX*"), len(written))
        if any(part not in "xX*" for part in written[fixed:]):
            raise ValueError(f'"{match["numbers"]}" has a number after an open one')
        if wrong := [part for part in written[:fixed] if not _NUMBER.fullmatch(part)]:
            raise ValueError(f'"{wrong[0]}" begins with a zero, which numbers of a version do not')
        if match["pre"] and fixed < 3:
            raise ValueError(f'"{match["numbers"]}" has open numbers, so it has no pre-release "{match["pre"]}"')
        partial = cls(tuple(map(int, written[:fixed])), match["pre"])
        Version.parse(str(partial.low))  # refuses a pre-release such as 01
        return partial

    @property
    def low(self) -> Version:
        """The lowest version that is meant; a bound without numbers is the lowest of all."""
        if not self.numbers:
            return _LOWEST
        major, minor, patch = (*self.numbers, 0, 0)[:3]
        return Version(major, minor, patch, self.pre)

    @property
    def end(self) -> Version | None:
        """The first version after those that are meant; ``None`` if all later ones are meant too."""
        return _successor(self.low) if len(self.numbers) == 3 else self.after(len(self.numbers))

    def after(self, count: int) -> Version | None:
        """Return the first version after those that share the first ``count`` numbers; ``None`` if that is 0."""
        if not count:
            return None
        major, minor, patch = (*self.numbers[: count - 1], self.numbers[count - 1] + 1, 0, 0)[:3]
        return Version(major, minor, patch, "0")


def _successor(version: Version) -> Version:
    """Return the lowest version that is higher."""
    if version.prerelease:
        return Version(version.major, version.minor, version.patch, f"{version.prerelease}.0")
    return Version(version.major, version.minor, version.patch + 1, "0")


def _alternative(text: str) -> VersionRange:
    ends = _HYPHEN.split(text)
    if len(ends) == 2:
        return at_least(ends[0]) & at_most(ends[1])
    found = ANY
    for match in _terms(text):
        found &= _term(match["operator"], _Partial.of(match))
    return found


def _terms(text: str) -> Iterator[re.Match[str]]:
    position = 0
    while position < len(text) or not text:
        match = _TERM.match(text, position)
        if match is None:
            raise ValueError(f'"{text[position : position + 40]}" cannot be understood; {_EXAMPLES}')
        yield match
        position = match.end()


def _term(operator: str, partial: _Partial) -> VersionRange:
    low, end = partial.low, partial.end
    match operator:
        case ">=":
            return _range_of([Interval(low)])
        case "<":
            return _range_of([Interval(_LOWEST, _first_pre_release(partial))])
        case ">":
            return _range_of([Interval(end)] if end else [])
        case "<=":
            return _range_of([Interval(_LOWEST, end)])
        case "!=":
            return _range_of([Interval(_LOWEST, low), *([Interval(end)] if end else [])])
        case "^":
            return _range_of([Interval(low, partial.after(_caret_count(partial)))])
        case "~" | "~>":
            return _range_of([Interval(low, partial.after(min(len(partial.numbers), 2)))])
        case "~=":
            if len(partial.numbers) < 2:
                raise ValueError('"~=" needs a version of two numbers at least, as in ~=1.2')
            return _range_of([Interval(low, partial.after(len(partial.numbers) - 1))])
        case _:
            return _range_of([Interval(low, end)])


def _first_pre_release(partial: _Partial) -> Version:
    """Return where ``<`` ends: before the pre-releases of the version it names, unless it names one of these."""
    low = partial.low
    return low if low.prerelease else Version(low.major, low.minor, low.patch, "0")


def _caret_count(partial: _Partial) -> int:
    """Return how many numbers have to stay: up to the first that is not zero."""
    return next((place for place, number in enumerate(partial.numbers, 1) if number), len(partial.numbers))


def _range_of(intervals: Iterable[Interval]) -> VersionRange:
    """Return the union of intervals, with none that is empty, overlaps or touches another."""
    merged: list[Interval] = []
    for interval in sorted((one for one in intervals if not one.is_empty), key=lambda one: one.low):
        last = merged[-1] if merged else None
        if last and (last.high is None or interval.low <= last.high):
            highs = None if last.high is None or interval.high is None else max(last.high, interval.high)
            merged[-1] = Interval(last.low, highs)
        else:
            merged.append(interval)
    return VersionRange(tuple(merged))
