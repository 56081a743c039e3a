"""From what somebody wrote in a filter to a value of the field's type."""

import re
from datetime import UTC, datetime, timedelta
from math import ceil, floor, isfinite
from uuid import UUID

from catalog_core.entities.query.fields import QueryField
from catalog_core.entities.query.nodes import Literal, Operator
from catalog_core.exceptions import InvalidQuery

MIN_INTEGER, MAX_INTEGER = -(2**63), 2**63 - 1
_NUMBER = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,9})?(?:[Zz]|[-+][0-9]{2}:[0-9]{2}))?"
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Literals:
    """Reads the literals of one condition; every method raises ``InvalidQuery`` for a value that does not fit."""

    def __init__(self, field: QueryField, parameter: str) -> None:
        self.field = field
        self.parameter = parameter

    def refuse(self, literal: Literal, hint: str = "") -> InvalidQuery:
        """Return the error for a literal of the wrong type; the position is the literal's."""
        message = f"{self.field.name} is {self.field.type.value}, not {_shown(literal)}. {hint}".rstrip()
        return InvalidQuery(message, parameter=self.parameter, position=literal.position)

    def text(self, literal: Literal) -> str:
        """Return the text; numbers and booleans have to be quoted, so that nobody takes text for numbers."""
        if isinstance(literal.value, str):
            return literal.value
        raise self.refuse(literal, f"Text stands in quotes: '{_written(literal)}'.")

    def boolean(self, literal: Literal) -> bool:
        """Return the boolean, which may be quoted."""
        if isinstance(literal.value, bool):
            return literal.value
        if isinstance(literal.value, str) and literal.value.lower() in ("true", "false"):
            return literal.value.lower() == "true"
        raise self.refuse(literal)

    def number(self, literal: Literal) -> int | float:
        """Return the number, which may be quoted."""
        value = literal.value
        if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
            value = _number(value.strip())
        if isinstance(value, bool | str) or not isfinite(value):
            raise self.refuse(literal)
        return value

    def double(self, literal: Literal) -> float:
        """Return the number in double precision."""
        return float(self.number(literal))

    def uuid(self, literal: Literal) -> UUID:
        """Return the UUID."""
        try:
            return UUID(self.text(literal))
        except ValueError:
            raise self.refuse(literal) from None

    def period(self, literal: Literal) -> tuple[datetime, datetime]:
        """Return the beginning and the end, exclusive, of the time that the literal names.

        Milliseconds name a whole millisecond, because that is how far the API shows times that the database keeps in
        microseconds; a date names its first instant in UTC.
        """
        value = literal.value
        try:
            if isinstance(value, str) and _TIME.fullmatch(value):
                start = _instant(value)
                return start, start + timedelta(microseconds=1)
            start = EPOCH + timedelta(milliseconds=floor(self.number(literal)))
            return start, start + timedelta(milliseconds=1)
        except (OverflowError, ValueError):
            raise self.refuse(literal, "There is no such time.") from None


def integer_bound(operator: Operator, number: int | float) -> tuple[Operator, int] | None:
    """Return the comparison with a 64-bit integer that holds for the same integers; ``None`` if none can satisfy it.

    Databases differ in how they compare integers with doubles, so they never have to.
    """
    if operator is Operator.EQUAL:
        whole = number == int(number) and MIN_INTEGER <= number <= MAX_INTEGER
        return (operator, int(number)) if whole else None
    if operator in (Operator.LESS, Operator.LESS_OR_EQUAL):
        bound = ceil(number) - 1 if operator is Operator.LESS else floor(number)
        return (Operator.LESS_OR_EQUAL, min(bound, MAX_INTEGER)) if bound >= MIN_INTEGER else None
    bound = floor(number) + 1 if operator is Operator.GREATER else ceil(number)
    return (Operator.GREATER_OR_EQUAL, max(bound, MIN_INTEGER)) if bound <= MAX_INTEGER else None


def microseconds(instant: datetime) -> int:
    """Return a time as JSON columns keep it: microseconds since 1970."""
    return (instant - EPOCH) // timedelta(microseconds=1)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text.upper())
    return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)


def _number(text: str) -> int | float:
    return int(text) if len(text) <= 40 and text.lstrip("+-").isdigit() else float(text)


def _written(literal: Literal) -> str:
    return str(literal.value).upper() if isinstance(literal.value, bool) else str(literal.value)


def _shown(literal: Literal) -> str:
    if isinstance(literal.value, str):
        return f'the text "{literal.value[:40]}"'
    return _written(literal)
