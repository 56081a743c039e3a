"""From the tree of a filter to a condition for Django's query sets.

The language has two truth values. SQL has three, so wherever something is negated, what is negated is first made true
or false: a row lands on exactly one side of ``x`` and ``NOT x``.
"""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, Value, When

from catalog_core.entities.query.conditions import condition, is_present
from catalog_core.entities.query.fields import QueryField, QueryFields
from catalog_core.entities.query.nodes import And, Comparison, Node, Not, Operator, Or, conjuncts


def compile_filter(node: Node | None, fields: QueryFields, *, parameter: str = "filterQuery") -> Q:
    """Return the condition that ``node`` puts on the rows of a catalog.

    Args:
        node: the tree of a filter; ``None`` lets every row through.
        fields: what the filter may name.
        parameter: the query parameter that the filter came in, for messages.

    Raises:
        InvalidQuery: a field is unknown, its type does not know the operator, or a literal is of another type.
    """
    return _Compiler(fields, parameter).part(node).condition if node is not None else Q()


def compile_child_filter(node: Node | None, fields: QueryFields, child: str, *, parameter: str = "filterQuery") -> Q:
    """Return the condition on the rows of ``child`` that all entities which ``node`` lets through have in common.

    These are the conditions on ``child`` that stand in the filter by themselves or joined by ``AND``. Whoever shows or
    orders by a value of the child's rows narrows the rows with it.

    Raises:
        InvalidQuery: as :func:`compile_filter`.
    """
    compiler = _Compiler(fields, parameter)
    together = Q()
    for operand in conjuncts(node) if node is not None else ():
        if isinstance(operand, Comparison):
            target = fields.resolve(operand.name, parameter=parameter)
            together &= compiler.comparison(target.field, operand) if target.child == child else Q()
    return together


class _Part(NamedTuple):
    """A finished condition and how deep its parentheses go."""

    condition: Q
    depth: int = 0


@dataclass(frozen=True, slots=True)
class _Compiler:
    """Compiles with negations moved down to the conditions: ``NOT (a OR b)`` becomes ``NOT a AND NOT b``."""

    fields: QueryFields
    parameter: str

    def part(self, node: Node, *, negated: bool = False) -> _Part:
        match node:
            case Not(operand):
                return self.part(operand, negated=not negated)
            case Or(operands):
                return _joined([self.part(operand, negated=negated) for operand in operands], either=not negated)
            case And(operands):
                return self._conjunction(operands, negated)
            case _:
                return self._conjunction((node,), negated)

    def _conjunction(self, operands: tuple[Node, ...], negated: bool) -> _Part:
        """Join conditions; those on the same children go into one subquery, so that one row has to satisfy them all."""
        parts: list[_Part] = []
        rows: dict[str, Q] = {}
        for operand in operands:
            if not isinstance(operand, Comparison):
                parts.append(self.part(operand, negated=negated))
                continue
            target = self.fields.resolve(operand.name, parameter=self.parameter)
            if target.child:
                rows[target.child] = rows.get(target.child, Q()) & self.comparison(target.field, operand)
            else:
                parts.append(_Part(self.comparison(target.field, operand, negated=negated)))
        parts += [_Part(self._some_row(child, condition, negated)) for child, condition in rows.items()]
        return _joined(parts, either=negated)

    def comparison(self, field: QueryField, comparison: Comparison, *, negated: bool = False) -> Q:
        if comparison.operator is Operator.IS_NULL:
            return _negated(is_present(field)) if comparison.negated is negated else is_present(field)
        found = condition(field, comparison, self.parameter)
        return found if comparison.negated is negated else _negated(found)

    def _some_row(self, child: str, condition: Q, negated: bool) -> Q:
        children = self.fields.children[child]
        of_entity = {children.foreign_key: OuterRef("pk")}
        exists = Q(Exists(children.rows().filter(**of_entity).filter(condition)))
        return ~exists if negated else exists


def _joined(parts: list[_Part], *, either: bool) -> _Part:
    """Join conditions, the deepest first: SQLite's parser has room for a hundred open parts of an expression.

    What stands before a parenthesis counts as open until the parenthesis is closed; what stands after it does not.
    """
    if len(parts) == 1:
        return parts[0]
    parts.sort(key=lambda part: part.depth, reverse=True)
    joined = Q(*(part.condition for part in parts), _connector=Q.OR if either else Q.AND)
    return _Part(joined, parts[0].depth + 1)


def _negated(found: Q) -> Q:
    """Return the condition that ``found`` is not true, be it false or NULL."""
    yes, no = (Value(answer, output_field=BooleanField()) for answer in (True, False))
    return ~Q(Case(When(found, then=yes), default=no))
