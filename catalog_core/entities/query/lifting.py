"""Filters that differ in their values only have one shape, and what was compiled for a shape serves all of them.

:func:`lift` takes the values out of a filter's text without parsing it. :func:`slotted` parses what is left, with slots
where the values were. Compiled, a slot stands among the parameters of the statement, where values can be put in its
place. Not every condition keeps its slots (a date, for instance, becomes two instants); whoever compiles has to look
whether all are there, and compile with the values themselves where they are not.
"""

import re
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from catalog_core.entities.query.nodes import And, Comparison, Literal, Node, Not, Or
from catalog_core.entities.query.parser import FORBIDDEN, MAX_BYTES, parse_filter, unquote

_TOKENS = re.compile(
    r"""--[^\n]*|`(?:[^`\\]|\\.)+`|(?:[a-zA-Z_][a-zA-Z0-9_]*|[ =<>!,()]+)+"""
    r"""|(?P<text>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*")"""
    r"""|(?P<integer>[-+]?[0-9]{1,18}(?![a-zA-Z0-9_.]))"""
    r"""|[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?|.""",
    re.DOTALL,
)
"""The tokens of the grammar, as far as they matter for telling values from the rest, whose words come in runs."""

_ZERO = re.compile(r"0(?![a-zA-Z0-9_.])")


class TextSlot(str):
    """Stands for a text; it is a text itself, and not an empty one, so that conditions are compiled as for one."""

    __slots__ = ("number",)
    number: int

    def __new__(cls, number: int) -> "TextSlot":
        """Return the slot for the value with that number, counted from 0."""
        slot = super().__new__(cls, f"slot {number}")
        slot.number = number
        return slot


class IntegerSlot(int):
    """Stands for a whole number of at most 18 digits; it is a number itself."""

    number: int

    def __new__(cls, number: int) -> "IntegerSlot":
        """Return the slot for the value with that number, counted from 0."""
        slot = super().__new__(cls, 1)
        slot.number = number
        return slot


class Lifted(NamedTuple):
    """A filter without its values, and the values in the order in which they were written."""

    shape: str
    values: tuple[str | int, ...]


def lift(text: str) -> Lifted | None:
    """Return the shape and the values of a filter; ``None`` where a value cannot be told from its shape.

    That a filter can be lifted does not mean that it is valid.
    """
    if len(text) > MAX_BYTES // 4 or FORBIDDEN.search(text):
        return None
    values: list[str | int] = []
    parts: list[str] = []
    for token in _TOKENS.finditer(text):
        written = token[0]
        if token.lastgroup == "text":
            value = unquote(written)
            if not value:  # an empty text is compiled in another way
                return None
            values.append(value)
            parts.append("''")
        elif token.lastgroup == "integer":
            values.append(int(written))
            parts.append("0")
        else:
            parts.append(written)
    return Lifted("".join(parts), tuple(values))


@lru_cache(maxsize=512)
def slotted(shape: str) -> Node | None:
    """Return the tree of a filter's shape, with slots for literals in the order in which they were written.

    Raises:
        InvalidQuery: no filter of this shape is valid.
    """
    node = parse_filter(shape)
    if node is None:
        return None
    positions = sorted(literal.position or 0 for literal in _literals(node) if _is_lifted(literal, shape))
    return _with_slots(node, {position: index for index, position in enumerate(positions)})


def _is_lifted(literal: Literal, shape: str) -> bool:
    return literal.value == "" or (literal.value == 0 and _ZERO.match(shape, literal.position or 0) is not None)


def _literals(node: Node) -> list[Literal]:
    match node:
        case Comparison():
            return list(node.literals)
        case Not(operand):
            return _literals(operand)
        case And(operands) | Or(operands):
            return [literal for operand in operands for literal in _literals(operand)]


def _with_slots(node: Node, indexes: dict[int, int]) -> Node:
    match node:
        case Comparison():
            return replace(node, literals=tuple(_slot(literal, indexes) for literal in node.literals))
        case Not(operand):
            return Not(_with_slots(operand, indexes))
        case And(operands):
            return And(tuple(_with_slots(operand, indexes) for operand in operands))
        case Or(operands):
            return Or(tuple(_with_slots(operand, indexes) for operand in operands))


def _slot(literal: Literal, indexes: dict[int, int]) -> Literal:
    index = indexes.get(literal.position if literal.position is not None else -1)
    if index is None:
        return literal
    return replace(literal, value=TextSlot(index) if literal.value == "" else IntegerSlot(index))
