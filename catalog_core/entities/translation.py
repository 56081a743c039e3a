"""From an item, as a data file holds it, to an entity, as the catalog stores it. Pure: no database, no network."""

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db import models

from catalog_core.entities.fields import EntityField, FieldKind, entity_fields
from catalog_core.entities.names import name_fault
from catalog_core.log.secrets import without_secrets_in_use
from catalog_core.problems import Problem, did_you_mean

_TEXT, _BOOLEAN = FieldKind.TEXT, FieldKind.BOOLEAN
_TRUE = frozenset(("true", "yes", "on", "y", "1"))
_FALSE = frozenset(("false", "no", "off", "n", "0"))
_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,30}")


class InvalidItem(ValueError):
    """An item breaks a rule of its kind; ``problem`` says which and where."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A part of an entity, such as an artifact: values by column of the child model."""

    values: Mapping[str, Any]
    custom_properties: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """What one item says, in the terms of its kind.

    Attributes:
        name: its name, unique within its source.
        external_id: its id elsewhere.
        description: what it is, as text or Markdown.
        custom_properties: whatever else its source says, a JSON object.
        values: the fields of its kind, by column of the plugin's model.
        created_at: when its source says it was made, if it says so.
        updated_at: when its source says it was last changed, if it says so.
        children: parts that are listed by themselves, by the name that the plugin gives them.
    """

    name: str
    external_id: str = ""
    description: str = ""
    custom_properties: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    created_at: datetime | None = None
    updated_at: datetime | None = None
    children: Mapping[str, tuple[Child, ...]] = field(default_factory=dict)


class ItemReader(Mapping[str, Any]):
    """An item of a data file, with typed access that blames the field where a value does not fit.

    It is a plain mapping too, for plugins with a format of their own: a ``KeyError``, ``TypeError`` or ``ValueError``
    raised while they read it blames the item.
    """

    def __init__(self, value: Mapping[str, Any], *, path: str = "", key_lines: Mapping[str, int] | None = None) -> None:
        self._value = value
        self._path = path
        self._key_lines = key_lines or {}
        self._asked: set[str] = set()
        self.remarks: list[Problem] = []
        """Things that were taken over with a reservation."""

    def __getitem__(self, key: str) -> Any:
        self._asked.add(key)
        return self._value[key]

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value under a key, or ``default`` if there is none."""
        self._asked.add(key)
        return self._value.get(key, default)

    def __iter__(self) -> Iterator[str]:
        return iter(self._value)

    def __len__(self) -> int:
        return len(self._value)

    def name(self) -> str:
        """Return the name of the item: text, or a whole number taken as text.

        Raises:
            InvalidItem: there is none, or it is empty, too long or of another type.
        """
        value = self.get("name")
        if value is None:
            raise self.invalid("name", "missing-name", "it has no name", "Give it a name that is unique in its source.")
        if isinstance(value, int) and not isinstance(value, bool):
            self.remark("name", "number-as-text", f"the name {value} is a number", "Put it in quotes.")
            value = str(value)
        if not isinstance(value, str):
            raise self.invalid(
                "name", "wrong-type", f"its name is {describe(value)}, not a text", "Put the name in quotes."
            )
        if fault := name_fault(value):
            raise self.invalid("name", *fault)
        return value

    def text(self, key: str, *, max_length: int | None = None) -> str:
        """Return a text, empty where the key is absent; numbers are taken as text.

        Raises:
            InvalidItem: the value is of another type or too long.
        """
        value = self.get(key)
        if value is None:
            return ""
        if isinstance(value, int | float) and not isinstance(value, bool):
            self.remark(
                key,
                "number-as-text",
                f"the number {value} was taken as text",
                "Put it in quotes to keep it as written.",
            )
            value = str(value)
        if not isinstance(value, str):
            raise self._wrong_type(key, value, "a text")
        if max_length is not None and len(value) > max_length:
            raise self.invalid(
                key, "too-long", f"it has {len(value)} characters, {max_length} are allowed", "Shorten it."
            )
        return value

    def number(self, key: str) -> float | None:
        """Return a number, also from a text that holds one.

        Raises:
            InvalidItem: the value is not a number.
        """
        value = self.get(key)
        if value is None or value == "":
            return None
        try:
            if isinstance(value, bool):
                raise TypeError
            number = float(value)
            if not math.isfinite(number):
                raise ValueError
            return value if isinstance(value, int) else number
        except (TypeError, ValueError, OverflowError):
            raise self._wrong_type(key, value, "a number") from None

    def integer(self, key: str) -> int | None:
        """Return a whole number of at most 64 bits, also from a text that holds one.

        Raises:
            InvalidItem: the value is not a whole number, or too large.
        """
        value = self.get(key)
        if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value.strip()):
            value = int(value)
        number = self.number(key) if not isinstance(value, int) or isinstance(value, bool) else value
        if number is None:
            return None
        if number != number // 1 or not -(2**63) <= number < 2**63:
            raise self._wrong_type(key, self.get(key), "a whole number of at most 64 bits")
        return int(number)

    def boolean(self, key: str) -> bool | None:
        """Return true or false, also from the words yes, no, on and off.

        Raises:
            InvalidItem: the value is neither.
        """
        value = self.get(key)
        if value is None or value == "" or isinstance(value, bool):
            return value if isinstance(value, bool) else None
        word = str(value).strip().lower()
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        raise self._wrong_type(key, value, "true or false")

    def text_list(self, key: str) -> list[str]:
        """Return a list of texts; a single text counts as a list of one.

        Raises:
            InvalidItem: the value is something else.
        """
        value = self.get(key)
        if value is None or value == "":
            return []
        if isinstance(value, str):
            self.remark(key, "text-as-list", "a single text was taken as a list of one", "Write it as a list.")
            return [value]
        if not isinstance(value, list) or not all(isinstance(part, str | int | float) for part in value):
            raise self._wrong_type(key, value, "a list of texts")
        return [part if isinstance(part, str) else str(part) for part in value]

    def object(self, key: str) -> dict[str, Any]:
        """Return a JSON object, empty where the key is absent.

        Raises:
            InvalidItem: the value is something else.
        """
        value = self.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            raise self._wrong_type(key, value, "a mapping")
        return value

    def object_list(self, key: str) -> list[dict[str, Any]]:
        """Return a list of JSON objects, empty where the key is absent.

        Raises:
            InvalidItem: the value is something else.
        """
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
            raise self._wrong_type(key, value, "a list of mappings")
        return value

    def parts(self, key: str) -> list["ItemReader"]:
        """Return a reader for each mapping of a list; what they remark on is remarked on here.

        Raises:
            InvalidItem: the value is no list of mappings.
        """
        readers = [
            ItemReader(value, path=f"{self._place(key)}[{index}]") for index, value in enumerate(self.object_list(key))
        ]
        for reader in readers:
            reader.remarks = self.remarks
        return readers

    def time(self, key: str) -> datetime | None:
        """Return a time, from milliseconds since 1970 or from a date or time as in RFC 3339.

        A date with only a month counts from the first of that month; a time without an offset is in UTC.

        Raises:
            InvalidItem: the value is no time.
        """
        value = self.get(key)
        if value is None or value == "":
            return None
        try:
            moment = _time(value)
        except (ValueError, OverflowError, OSError, TypeError):
            raise self._wrong_type(key, value, "a time: milliseconds since 1970 or a date such as 2026-01-31") from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def read(self, entity_field: EntityField) -> Any:
        """Return the value of a declared field.

        Raises:
            InvalidItem: it does not fit the kind of the field.
        """
        name = entity_field.name
        value = self.get(name)
        if type(value) is str and entity_field.kind is _TEXT:  # what most values are needs no further look
            if entity_field.max_length is None or len(value) <= entity_field.max_length:
                return value
        elif type(value) is bool and entity_field.kind is _BOOLEAN:
            return value
        match entity_field.kind:
            case FieldKind.TEXT:
                return self.text(name, max_length=entity_field.max_length)
            case FieldKind.INTEGER:
                return self.integer(name)
            case FieldKind.NUMBER:
                return self.number(name)
            case FieldKind.BOOLEAN:
                return self.boolean(name)
            case FieldKind.TIME:
                return self.time(name)
            case FieldKind.TEXT_LIST:
                return self.text_list(name)
            case FieldKind.OBJECT_LIST:
                return self.object_list(name)
            case FieldKind.OBJECT:
                return self.object(name)

    def invalid(self, key: str, rule: str, message: str, hint: str = "") -> InvalidItem:
        """Return the error to raise for a value that cannot be taken over; ``key`` may lead further down: ``a.b``."""
        return InvalidItem(self._problem(key, rule, message, hint, warning=False))

    def remark(self, key: str, rule: str, message: str, hint: str = "") -> None:
        """Note something that was taken over with a reservation."""
        self.remarks.append(self._problem(key, rule, message, hint, warning=True))

    def remark_unread(self) -> None:
        """Note the keys that nobody has asked for; what they hold stays in the native document."""
        for key in self._value:
            if key not in self._asked:
                self.remark(
                    key,
                    "unknown-key",
                    f"{key} is not a field of this kind and is not shown",
                    did_you_mean(key, self._asked),
                )

    def _wrong_type(self, key: str, value: Any, expected: str) -> InvalidItem:
        return self.invalid(key, "wrong-type", f"{key} is {describe(value)}, not {expected}", "Correct the value.")

    def _problem(self, key: str, rule: str, message: str, hint: str, *, warning: bool) -> Problem:
        return Problem(
            message=message,
            rule=rule,
            hint=hint,
            line=self._key_lines.get(key),
            path=self._place(key),
            severity="warning" if warning else "error",
        )

    def _place(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key


def read_entity(item: ItemReader, model: type[models.Model], **extra: Any) -> Entity:
    """Return the entity of an item whose keys are the fields of the model, in camel case.

    Args:
        item: the item.
        model: the model of the kind.
        extra: what a plugin has already made of the item, such as ``children``.

    Raises:
        InvalidItem: a value does not fit its field.
    """
    return with_base(item, lambda: {declared.column: item.read(declared) for declared in entity_fields(model)}, **extra)


def with_base(item: ItemReader, read_values: Callable[[], Mapping[str, Any]], **extra: Any) -> Entity:
    """Return the entity of an item: what every entity has, and the values of its kind, which are read after that.

    Raises:
        InvalidItem: a value does not fit its field.
    """
    return Entity(
        name=item.name(),
        external_id=item.text("externalId"),
        description=item.text("description"),
        custom_properties=item.object("customProperties"),
        created_at=item.time("createTimeSinceEpoch"),
        updated_at=item.time("lastUpdateTimeSinceEpoch"),
        values=read_values(),
        **extra,
    )


def describe(value: Any) -> str:
    """Return what a value is, short enough for a message.

    >>> describe([1]), describe(True), describe("a" * 99)
    ('a list', 'the boolean true', 'the text "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..."')
    """
    if isinstance(value, bool):
        return f"the boolean {str(value).lower()}"
    if isinstance(value, int | float):
        return f"the number {value}"
    if isinstance(value, str):
        shown = without_secrets_in_use(value)  # before it is cut, so that no half of a secret is left
        return f'the text "{shown if len(shown) <= 40 else shown[:40] + "..."}"'
    return {dict: "a mapping", list: "a list", type(None): "nothing"}.get(type(value), f"a {type(value).__name__}")


def _time(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise TypeError
    if isinstance(value, int | float) or value.strip().lstrip("-").isdigit():
        return datetime.fromtimestamp(float(value) / 1000, tz=UTC)
    text = value.strip()
    return datetime.fromisoformat(f"{text}-01" if len(text) == len("2026-01") else text)
