"""Named queries of ``sources.yaml``: filters written as mappings."""

from collections.abc import Mapping, Sequence
from typing import Any

from catalog_core.entities.query.nodes import Comparison, Literal, Node, Operator, Scalar, conjunction
from catalog_core.entities.query.parser import FORBIDDEN, MAX_CONDITIONS, MAX_LIST, MAX_NUMBER, parse_name
from catalog_core.exceptions import InvalidQuery

Range = tuple[float, float]
"""The smallest and the largest value of a field."""

_OPERATORS: Mapping[str, tuple[Operator, bool]] = {
    "=": (Operator.EQUAL, False),
    "!=": (Operator.EQUAL, True),
    "<>": (Operator.EQUAL, True),
    "<": (Operator.LESS, False),
    "<=": (Operator.LESS_OR_EQUAL, False),
    ">": (Operator.GREATER, False),
    ">=": (Operator.GREATER_OR_EQUAL, False),
    "LIKE": (Operator.LIKE, False),
    "NOT LIKE": (Operator.LIKE, True),
    "ILIKE": (Operator.ILIKE, False),
    "NOT ILIKE": (Operator.ILIKE, True),
    "IN": (Operator.IN, False),
    "NOT IN": (Operator.IN, True),
}


def named_query(
    query: Mapping[str, Mapping[str, Any]],
    *,
    ranges: Mapping[str, Range] | None = None,
    parameter: str = "namedQuery",
) -> Node:
    """Return the tree of a named query: all its conditions, joined by ``AND``.

    Args:
        query: for each field ``{"operator": …, "value": …}``; the value of ``IN`` and ``NOT IN`` is a list.
        ranges: the smallest and the largest value of fields; where a field has one, the values ``min`` and ``max``
            stand for them.
        parameter: what messages call the query.

    Raises:
        InvalidQuery: the query is empty or too large, or an entry of it is not of this form.
    """
    if not query or len(query) > MAX_CONDITIONS:
        raise InvalidQuery(f"a named query has 1 to {MAX_CONDITIONS} conditions.", parameter=parameter)
    bounds = ranges or {}
    return conjunction(tuple(_entry(field, entry, bounds.get(field), parameter) for field, entry in query.items()))


def _entry(field: str, entry: Mapping[str, Any], bounds: Range | None, parameter: str) -> Comparison:
    where = f"{parameter}.{field}"
    if not isinstance(entry, Mapping) or set(entry) != {"operator", "value"}:
        raise InvalidQuery('a condition is written {"operator": …, "value": …}.', parameter=where)
    written = " ".join(str(entry["operator"]).upper().split())
    if written not in _OPERATORS:
        raise InvalidQuery(f'"{written}" is none of the operators {", ".join(_OPERATORS)}.', parameter=where)
    operator, negated = _OPERATORS[written]
    values = _values(entry["value"], operator, where)
    literals = tuple(Literal(_bound(value, bounds)) for value in values)
    return Comparison(parse_name(field, parameter=where), operator, literals, negated=negated)


def _values(value: Any, operator: Operator, where: str) -> Sequence[Scalar]:
    values = value if isinstance(value, list | tuple) else [value]
    if isinstance(value, list | tuple) is not (operator is Operator.IN) or len(values) > MAX_LIST:
        raise InvalidQuery(f"IN takes a list of at most {MAX_LIST} values, the other operators one.", parameter=where)
    if not all(_is_scalar(item) for item in values):
        raise InvalidQuery("a value is a text, a finite number or a boolean.", parameter=where)
    return values


def _is_scalar(value: Any) -> bool:
    if isinstance(value, str):
        return not FORBIDDEN.search(value)
    return isinstance(value, int | float) and abs(value) < MAX_NUMBER


def _bound(value: Scalar, bounds: Range | None) -> Scalar:
    if bounds is None or value not in ("min", "max"):
        return value
    return bounds[0] if value == "min" else bounds[1]
