"""Durations as Go writes them (https://pkg.go.dev/time#ParseDuration)."""

import re

_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
_PART = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)")
_LONGEST_SECONDS = (2**63 - 1) / 1e9
_LONGEST_TEXT = 100


def parse_duration(text: str) -> float:
    """Return the number of seconds that ``text`` stands for.

    Args:
        text: numbers with units, such as ``1h30m``, ``90s``, ``1.5h`` or ``250ms``.

    Raises:
        ValueError: it is not a duration, not longer than zero, or longer than Go can hold (292 years).
    """
    parts = _PART.findall(text) if len(text) <= _LONGEST_TEXT else []
    if not parts or "".join(map("".join, parts)) != text:
        raise ValueError("This is not a duration; write numbers with units, such as 1h30m, 90s or 250ms.")
    seconds = sum(float(number) * _SECONDS[unit] for number, unit in parts)
    if not 0 < seconds <= _LONGEST_SECONDS:
        raise ValueError("A duration has to be longer than zero and shorter than 292 years.")
    return seconds
