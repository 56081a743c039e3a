"""What a scalar stands for: the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema).

Under this schema ``no``, ``on``, ``2024-01-01``, ``12:30`` and ``1_000`` are text, as their authors meant them.
"""

import math
import re

Scalar = str | int | float | bool | None

CORE_TAG_PREFIX = "tag:yaml.org,2002:"
_TEXT_TAGS = frozenset({"str", "timestamp", "binary"})
_MAX_DIGITS = 1000
"""Python refuses to read or write numbers of more than 4300 digits; nobody means one of more than these."""

NULL_WORDS = ("", "~", "null", "Null", "NULL")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(NULL_WORDS, None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_INTEGER = re.compile(r"[-+]?[0-9]+")
_PREFIXED_INTEGER = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_NUMBER_STARTS = frozenset("+-.0123456789")


def plain_scalar(text: str) -> Scalar:
    """Return what ``text`` stands for where it is written without quotes and without a tag.

    Raises:
        ValueError: it is a number that JSON cannot hold, or one that is absurdly long.
    """
    if text[:1] in _NUMBER_STARTS:
        number = _number(text)
        return text if number is None else number
    return _WORDS.get(text, text)


def tagged_scalar(text: str, tag: str) -> Scalar:
    """Return what ``text`` stands for under an explicit ``tag``.

    Raises:
        ValueError: the tag does not belong to the core schema, or the text is not of its type.
    """
    if tag == "!":
        return text
    name = tag.removeprefix(CORE_TAG_PREFIX) if tag.startswith(CORE_TAG_PREFIX) else ""
    if name in _TEXT_TAGS:
        return text
    value = plain_scalar(text)
    if name == "float" and isinstance(value, int) and not isinstance(value, bool):
        return _finite(text)
    if name in {"null", "bool", "int", "float"} and _core_type(value) == name:
        return value
    if name in {"null", "bool", "int", "float"}:
        raise ValueError(f'"{shortened(text)}" is not what its tag !!{name} says.')
    raise ValueError(f"The tag {shortened(tag.replace(CORE_TAG_PREFIX, '!!'))} is not known here.")


def shortened(text: str, width: int = 40) -> str:
    """Return ``text`` fit for a message: on one line, without control characters, and cut if it is long."""
    shown = "".join(character if character.isprintable() else " " for character in text[:width])
    return shown if len(text) <= width else f"{shown}..."


def _core_type(value: Scalar) -> str:
    return {type(None): "null", bool: "bool", int: "int", float: "float"}.get(type(value), "str")


def _number(text: str) -> int | float | None:
    if _INTEGER.fullmatch(text):
        return int(_of_sane_length(text))
    if _PREFIXED_INTEGER.fullmatch(text):
        return int(_of_sane_length(text), 0)
    if _FLOAT.fullmatch(text):
        return _finite(text)
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"{text} has no place in JSON.")
    return None


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"The number {shortened(text)} is too large.")
    return value


def _of_sane_length(text: str) -> str:
    if len(text) > _MAX_DIGITS:
        raise ValueError(f"A number of {len(text)} characters is too long.")
    return text
