"""Single values as text, so that readers of YAML 1.1, YAML 1.2 and JSON understand the same by them."""

import json
import re
from typing import Any

import yaml

from catalog_core.sources.configuration.words import boolean_of
from catalog_core.sources.formats.scalars import plain_scalar

_PLAIN = re.compile(r"[^\W\d]\w*|[\w./][\w ./@+~=?*%():-]*[\w/)*]")
"""Texts that need no quotes, as far as their characters go: fewer than YAML allows, and none that anybody doubts."""
_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that YAML does not allow, or that some readers take for a line break."""
_TEXT_TAG = "tag:yaml.org,2002:str"
_RESOLVER_1_1: Any = yaml.resolver.Resolver()


def scalar_text(value: Any, *, is_json: bool = False, style: str = "") -> str:
    """Return ``value`` on one line.

    Args:
        value: text, number, boolean or ``None``.
        is_json: whether it has to be JSON; every text is then in double quotes.
        style: the quote that stood here before; it is used again where it can be.
    """
    if not isinstance(value, str):
        return json.dumps(value, allow_nan=False)
    if is_json or style == '"':
        return quoted(value)
    is_printable = "\n" not in value and "\r" not in value and not _UNSAFE.search(value)
    if style == "'" and is_printable:
        return "'" + value.replace("'", "''") + "'"
    return value if is_printable and _is_plain(value) else quoted(value)


def quoted(text: str) -> str:
    """Return ``text`` in double quotes, with the escapes that JSON and YAML have in common."""
    return escaped(json.dumps(text, ensure_ascii=False))


def escaped(written: str) -> str:
    """Return JSON with escapes for the characters that JSON allows in a text and YAML does not."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", written)


def literal_lines(text: str) -> tuple[str, list[str]] | None:
    """Return the sign and the lines of ``text`` as a literal block, or nothing if it has to be written otherwise."""
    body = text.rstrip("\n")
    line_ends = len(text) - len(body)
    lines = body.split("\n")
    if not text.count("\n") or line_ends > 1 or "\r" in text or "\t" in text or _UNSAFE.search(text):
        return None
    if not lines[0].strip() or lines[0].startswith(" ") or any(line != line.rstrip() for line in lines):
        return None
    return ("|" if line_ends else "|-"), lines


def _is_plain(text: str) -> bool:
    if not _PLAIN.fullmatch(text) or ": " in text or boolean_of(text) is not None:
        return False
    try:
        is_text_in_1_2 = isinstance(plain_scalar(text), str)
    except ValueError:  # a number that nobody can read
        return False
    return is_text_in_1_2 and _RESOLVER_1_1.resolve(yaml.ScalarNode, text, (True, False)) == _TEXT_TAG
