"""The filter as a tree, as the parser makes it and the compiler reads it."""

import enum
from dataclasses import dataclass
from typing import TypeAlias

Scalar: TypeAlias = str | int | float | bool


class Operator(enum.Enum):
    """What a condition asks of a field; the negated forms are the same operators with ``Comparison.negated``."""

    EQUAL = "="
    LESS = "<"
    LESS_OR_EQUAL = "<="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    LIKE = "LIKE"
    ILIKE = "ILIKE"
    IN = "IN"
    IS_NULL = "IS NULL"


ORDER_OPERATORS = frozenset(
    {Operator.LESS, Operator.LESS_OR_EQUAL, Operator.GREATER, Operator.GREATER_OR_EQUAL},
)
PATTERN_OPERATORS = frozenset({Operator.LIKE, Operator.ILIKE})


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a field as written, in parts that dots separate.

    Attributes:
        parts: the parts without backticks; a part may hold dots of its own.
        position: where the name begins, in characters from 0; ``None`` if it was not written in a text.
    """

    parts: tuple[str, ...]
    position: int | None = None

    def __str__(self) -> str:
        """Return the name as somebody would write it, without backticks."""
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class Literal:
    """One value that was written in the filter.

    Attributes:
        value: the value, typed as it was written.
        position: where the value begins, in characters from 0; ``None`` if it was not written in a text.
    """

    value: Scalar
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One condition on one field.

    Attributes:
        name: which field.
        operator: what is asked of it.
        literals: what it is compared with: any number for ``IN``, none for ``IS NULL``, else exactly one.
        negated: the condition holds where the plain one does not (``!=``, ``NOT IN``, ``IS NOT NULL`` and so on).
    """

    name: Name
    operator: Operator
    literals: tuple[Literal, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """Holds where ``operand`` does not."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """Holds where all ``operands`` hold; none of them is itself an ``And``."""

    operands: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Holds where at least one of ``operands`` holds; none of them is itself an ``Or``."""

    operands: tuple["Node", ...]


Node: TypeAlias = Comparison | Not | And | Or


def conjunction(operands: "tuple[Node, ...]") -> Node:
    """Return what holds where all ``operands`` hold, flattened; at least one operand is needed."""
    flat = tuple(inner for operand in operands for inner in conjuncts(operand))
    return flat[0] if len(flat) == 1 else And(flat)


def conjuncts(node: Node) -> "tuple[Node, ...]":
    """Return the conditions all of which have to hold for ``node`` to hold."""
    return node.operands if isinstance(node, And) else (node,)


def disjunction(operands: "tuple[Node, ...]") -> Node:
    """Return what holds where one of ``operands`` holds, flattened; at least one operand is needed."""
    flat = tuple(
        inner for operand in operands for inner in (operand.operands if isinstance(operand, Or) else (operand,))
    )
    return flat[0] if len(flat) == 1 else Or(flat)
