"""One condition on one field, as an expression that both databases answer alike.

A condition may be NULL where the value is absent: nothing lets such a row through, and whoever negates a condition
negates "is true" (see ``compiler.py``).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeAlias

from django.db.models import BigIntegerField, BooleanField, DateTimeField, F, Field, FloatField, Q, TextField, UUIDField
from django.db.models import Value as Constant
from django.db.models.lookups import IsNull

from catalog_core.entities.query.expressions import NEVER, BinaryText, Compare, Like, Operand, Placeholder, Row
from catalog_core.entities.query.fields import FieldType, QueryField
from catalog_core.entities.query.json_values import (
    AnyElement,
    ElementText,
    JsonBoolean,
    JsonInteger,
    JsonNumber,
    JsonPresent,
    JsonText,
    JsonValue,
)
from catalog_core.entities.query.lifting import IntegerSlot
from catalog_core.entities.query.literals import Literals, integer_bound, microseconds
from catalog_core.entities.query.nodes import ORDER_OPERATORS, PATTERN_OPERATORS, Comparison, Literal, Operator
from catalog_core.entities.query.patterns import MAX_WILDCARDS, Pattern
from catalog_core.exceptions import InvalidQuery

_Reader: TypeAlias = Callable[[Literal], Any]
_EXACT = frozenset({Operator.EQUAL, Operator.IN})
_COMPARABLE = _EXACT | ORDER_OPERATORS
_OPERATORS: Mapping[FieldType, frozenset[Operator]] = {
    FieldType.TEXT: _COMPARABLE | PATTERN_OPERATORS,
    FieldType.INTEGER: _COMPARABLE,
    FieldType.NUMBER: _COMPARABLE,
    FieldType.BOOLEAN: _EXACT,
    FieldType.TIME: _COMPARABLE,
    FieldType.ID: _EXACT,
    FieldType.TEXT_LIST: _EXACT | PATTERN_OPERATORS,
}
_JSON_VALUES: Mapping[FieldType, type[JsonValue]] = {
    FieldType.TEXT: JsonText,
    FieldType.INTEGER: JsonInteger,
    FieldType.NUMBER: JsonNumber,
    FieldType.BOOLEAN: JsonBoolean,
    FieldType.TIME: JsonInteger,
}
_METADATA_KEYS: Mapping[FieldType, tuple[str, ...]] = {
    FieldType.TEXT: ("string_value",),
    FieldType.NUMBER: ("int_value", "double_value"),
    FieldType.BOOLEAN: ("bool_value",),
}
_NO_TEXT = Constant("", output_field=TextField())


def operators_of(type_: FieldType) -> tuple[str, ...]:
    """Return the operators that fields of a type know, as people write them, negated ones included."""
    known = _OPERATORS.get(type_, _OPERATORS[FieldType.TEXT]) | {Operator.IS_NULL}
    return tuple(sign for operator in Operator if operator in known for sign in _signs(operator))


def value_of(field: QueryField) -> Operand:
    """Return the value of a field whose type has an order; absent ones are NULL, or empty text in text columns."""
    return _JSON_VALUES[field.type](field.column, field.path) if field.path else F(field.column)


def condition(field: QueryField, comparison: Comparison, parameter: str) -> Q:
    """Return the condition that ``comparison``, taken without its negation, puts on ``field``.

    Raises:
        InvalidQuery: the type of the field does not know the operator, or a literal is of another type.
    """
    if field.type in (FieldType.JSON, FieldType.METADATA):
        return _by_literal(field, comparison, parameter)
    if comparison.operator not in _OPERATORS[field.type]:
        known = ", ".join(operators_of(field.type))
        message = (
            f"{field.name} is {field.type.value}; {comparison.operator.value} cannot be asked of it, only {known}."
        )
        raise InvalidQuery(message, parameter=parameter, position=comparison.name.position)
    return _BUILDERS[field.type](field, comparison, Literals(field, parameter))


def is_present(field: QueryField) -> Q:
    """Return the condition that a row has a value for ``field``; it may be NULL where there is none."""
    if field.type in (FieldType.JSON, FieldType.METADATA):
        return Q(JsonPresent(field.column, field.path))
    if field.type is FieldType.TEXT_LIST:
        return Q(AnyElement(field.column, field.path, Constant(True, output_field=BooleanField())))
    if field.type is FieldType.TEXT and not field.path:
        return Q(Compare(F(field.column), "<>", _NO_TEXT))
    return Q(IsNull(value_of(field), False))


def any_of(conditions: Sequence[Q]) -> Q:
    """Return the condition that one of ``conditions`` holds; with none of them, the one that never holds."""
    return Q(*conditions, _connector=Q.OR) if conditions else Q(NEVER)


def _by_literal(field: QueryField, comparison: Comparison, parameter: str) -> Q:
    """Let the type of each literal decide what a value is taken for."""
    if not field.path or field.is_whole:
        message = f"{field.name} is an object; compare one of its keys ({field.name}.<key>), or ask IS NULL."
        raise InvalidQuery(message, parameter=parameter, position=comparison.name.position)
    by_type: dict[FieldType, list[Literal]] = {}
    for literal in comparison.literals:
        by_type.setdefault(_literal_type(literal), []).append(literal)
    return any_of(
        [
            condition(taken, replace(comparison, literals=tuple(literals)), parameter)
            for type_, literals in by_type.items()
            for taken in _taken_for(field, type_)
        ]
    )


def _literal_type(literal: Literal) -> FieldType:
    if isinstance(literal.value, bool):
        return FieldType.BOOLEAN
    return FieldType.TEXT if isinstance(literal.value, str) else FieldType.NUMBER


def _taken_for(field: QueryField, type_: FieldType) -> list[QueryField]:
    if field.type is FieldType.JSON:
        return [replace(field, type=type_)]
    return [replace(field, type=type_, path=(*field.path, key)) for key in _METADATA_KEYS[type_]]


def _text(field: QueryField, comparison: Comparison, literals: Literals) -> Q:
    value = value_of(field)
    texts = [literals.text(literal) for literal in comparison.literals]
    if comparison.operator in _EXACT:
        # Empty text in a column means that there is no value, and nothing equals an absent value.
        return Q(_one_of(value, [text for text in texts if text or field.path], TextField()))
    if comparison.operator in PATTERN_OPERATORS:
        found = Q(Like(value, _pattern(comparison, texts[0], literals.parameter)))
    else:
        sign = comparison.operator.value
        found = Q(Compare(BinaryText(value), sign, Constant(texts[0], output_field=TextField())))
    return found if field.path else Q(Compare(value, "<>", _NO_TEXT)) & found


def _pattern(comparison: Comparison, text: str, parameter: str) -> Pattern:
    pattern = Pattern(text, ignore_case=comparison.operator is Operator.ILIKE)
    if pattern.wildcards > MAX_WILDCARDS:
        message = f"a pattern with more than {MAX_WILDCARDS} %."
        raise InvalidQuery(message, parameter=parameter, position=comparison.literals[0].position)
    return pattern


def _text_list(field: QueryField, comparison: Comparison, literals: Literals) -> Q:
    texts = [literals.text(literal) for literal in comparison.literals]
    if comparison.operator in PATTERN_OPERATORS:
        matches: Operand = Like(ElementText(), _pattern(comparison, texts[0], literals.parameter))
    else:
        matches = _one_of(ElementText(), texts, TextField())
    return Q(AnyElement(field.column, field.path, matches))


def _integer(field: QueryField, comparison: Comparison, literals: Literals) -> Q:
    value = value_of(field)
    slots = [literal.value for literal in comparison.literals if isinstance(literal.value, IntegerSlot)]
    if slots and len(slots) == len(comparison.literals):
        return _slots(value, comparison.operator, slots)
    operator = Operator.EQUAL if comparison.operator is Operator.IN else comparison.operator
    bounds = [integer_bound(operator, literals.number(literal)) for literal in comparison.literals]
    known = [bound for bound in bounds if bound is not None]
    if comparison.operator in _EXACT or not known:
        return Q(_one_of(value, [number for _, number in known], BigIntegerField()))
    sign, number = known[0]
    return Q(Compare(value, sign.value, Constant(number, output_field=BigIntegerField())))


def _slots(value: Operand, operator: Operator, slots: list[IntegerSlot]) -> Q:
    """Compare with whole numbers that are put in later; all of them fit 64 bits, so they need no bounds."""
    operands = [Placeholder(slot, output_field=BigIntegerField()) for slot in slots]
    if operator is Operator.IN:
        return Q(Compare(value, "IN", Row(*operands)))
    return Q(Compare(value, operator.value, operands[0]))


def _scalar(field: QueryField, comparison: Comparison, read: _Reader, model_field: Field) -> Q:
    values = [read(literal) for literal in comparison.literals]
    if comparison.operator in _EXACT:
        return Q(_one_of(value_of(field), values, model_field))
    sign = comparison.operator.value
    return Q(Compare(value_of(field), sign, Constant(values[0], output_field=model_field)))


def _number(field: QueryField, comparison: Comparison, literals: Literals) -> Q:
    return _scalar(field, comparison, literals.double, FloatField())


def _boolean(field: QueryField, comparison: Comparison, literals: Literals) -> Q:
    return _scalar(field, comparison, literals.boolean, BooleanField())


def _id(field: QueryField, comparison: Comparison, literals: Literals) -> Q:
    return _scalar(field, comparison, literals.uuid, UUIDField())


def _time(field: QueryField, comparison: Comparison, literals: Literals) -> Q:
    value = value_of(field)

    def compare(sign: str, instant: datetime) -> Q:
        if field.path:
            return Q(Compare(value, sign, Constant(microseconds(instant), output_field=BigIntegerField())))
        return Q(Compare(value, sign, Constant(instant, output_field=DateTimeField())))

    periods = [literals.period(literal) for literal in comparison.literals]
    if comparison.operator in _EXACT:
        return any_of([compare(">=", start) & compare("<", end) for start, end in periods])
    start, end = periods[0]
    match comparison.operator:
        case Operator.LESS | Operator.GREATER_OR_EQUAL:
            return compare(comparison.operator.value, start)
        case Operator.LESS_OR_EQUAL:
            return compare("<", end)
        case _:
            return compare(">=", end)


def _one_of(value: Operand, others: Sequence[Any], model_field: Field) -> Operand:
    constants = [Constant(other, output_field=model_field) for other in others]
    if len(constants) == 1:
        return Compare(value, "=", constants[0])
    return Compare(value, "IN", Row(*constants)) if constants else NEVER


def _signs(operator: Operator) -> tuple[str, ...]:
    if operator is Operator.EQUAL:
        return "=", "!="
    if operator is Operator.IS_NULL:
        return "IS NULL", "IS NOT NULL"
    negated = operator in PATTERN_OPERATORS or operator is Operator.IN
    return (operator.value, f"NOT {operator.value}") if negated else (operator.value,)


_BUILDERS: Mapping[FieldType, Callable[[QueryField, Comparison, Literals], Q]] = {
    FieldType.TEXT: _text,
    FieldType.TEXT_LIST: _text_list,
    FieldType.INTEGER: _integer,
    FieldType.NUMBER: _number,
    FieldType.BOOLEAN: _boolean,
    FieldType.TIME: _time,
    FieldType.ID: _id,
}
