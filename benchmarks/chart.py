"""A bar chart as SVG: one block for each load, one bar for each contender, on a logarithmic scale."""

import math
from collections.abc import Sequence
from html import escape

from benchmarks.results import Measurement

_COLOURS = {
    "this server": "#1f6feb",
    "Go": "#57a0a8",
    "Go with maps": "#a8c9cd",
    "ModelViewSet": "#b98a3c",
    "fixed bytes": "#9aa0a6",
}
_LEFT, _WIDTH, _RIGHT, _BAR, _GAP, _TOP = 230, 520, 90, 16, 14, 64
_FIRST_DECADE, _LAST_DECADE = 2, 5


def bars(rates: Sequence[Measurement]) -> str:
    """Return the chart of rates whose ``what`` reads ``load: contender``."""
    blocks: dict[str, list[tuple[str, float]]] = {}
    for rate in rates:
        load, _, contender = rate.what.rpartition(": ")
        blocks.setdefault(load, []).append((contender, rate.value))
    parts, y = [], float(_TOP)
    for load, found in blocks.items():
        parts.append(_text(_LEFT - 8, y + len(found) * _BAR / 2 + 4, load, anchor="end"))
        for contender, value in found:
            parts.append(_bar(y, contender, value))
            y += _BAR
        y += _GAP
    return _page(y, [*_axis(y), *parts, *_legend()])


def _x(value: float) -> float:
    share = (math.log10(max(value, 10**_FIRST_DECADE)) - _FIRST_DECADE) / (_LAST_DECADE - _FIRST_DECADE)
    return _LEFT + _WIDTH * min(share, 1.0)


def _bar(y: float, contender: str, value: float) -> str:
    width = max(_x(value) - _LEFT, 2)
    colour = _COLOURS.get(contender, "#888888")
    return (
        f'<rect x="{_LEFT}" y="{y:.0f}" width="{width:.1f}" height="{_BAR - 3}" fill="{colour}"/>'
        f"{_text(_LEFT + width + 5, y + _BAR - 5, f'{value:,.0f}', size=11)}"
    )


def _axis(bottom: float) -> list[str]:
    lines = []
    for decade in range(_FIRST_DECADE, _LAST_DECADE + 1):
        x = _x(10**decade)
        lines.append(f'<line x1="{x:.0f}" y1="{_TOP - 8}" x2="{x:.0f}" y2="{bottom:.0f}" stroke="#d0d4d9"/>')
        lines.append(_text(x, _TOP - 12, f"{10**decade:,}", anchor="middle", size=11))
    return lines


def _legend() -> list[str]:
    parts = [_text(_LEFT, 18, "Requests per second on one core (logarithmic scale)", size=13)]
    for position, (name, colour) in enumerate(_COLOURS.items()):
        x = _LEFT + position * 130
        parts.append(f'<rect x="{x}" y="26" width="11" height="11" fill="{colour}"/>')
        parts.append(_text(x + 16, 36, name, size=11))
    return parts


def _text(x: float, y: float, text: str, *, anchor: str = "start", size: int = 12) -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" font-size="{size}">{escape(text)}</text>'


def _page(height: float, parts: list[str]) -> str:
    width = _LEFT + _WIDTH + _RIGHT
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height:.0f}" '
        f'viewBox="0 0 {width} {height:.0f}" font-family="sans-serif" fill="#24292f">\n'
        f'<rect width="{width}" height="{height:.0f}" fill="#ffffff"/>\n{body}\n</svg>\n'
    )
