"""The properties of a kind: what ``catalog.yaml`` may say of one, and how Django stores it."""

import keyword
import re
from dataclasses import dataclass

from catalog_core.plugins.metadata.catalog_yaml import RESERVED_NAMES, TYPES
from catalog_core.problems import did_you_mean
from catalog_core.tools.gen.scaffold.naming import camel_case, snake_case
from catalog_core.tools.gen.scaffold.reserved import COLUMNS

TYPE_NAMES = tuple(TYPES)
"""The types of ``catalog.yaml``, with all their spellings."""

_NAME = re.compile(r"[a-z][A-Za-z0-9]{0,50}")
_ENTRY = re.compile(r"(?P<name>[^:]+)(:(?P<type>[A-Za-z0-9]+)(\[(?P<items>[a-z]+)\])?)?(:(?P<required>required))?")


class InvalidProperty(ValueError):
    """A property cannot be as it was written; the text says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One field of a kind.

    Attributes:
        name: how JSON and data files call it, in camel case.
        type: as written, one of :data:`TYPE_NAMES`.
        items: what an array holds, ``string`` or ``object``.
        required: whether an item without it is set aside.
        description: what it means, one sentence.
        label: what stands above it in tables; made from the name if empty.
        options: its usual values, of a text.
    """

    name: str
    type: str = "string"
    items: str = "string"
    required: bool = False
    description: str = ""
    label: str = ""
    options: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.type not in TYPES:
            raise InvalidProperty(f"{self.name}: there is no type {self.type!r}. {_type_hint(self.type)}")
        if self.items not in ("string", "object"):
            raise InvalidProperty(f"{self.name}: an array holds string or object, not {self.items!r}.")
        if self.options and self.kind != "string":
            raise InvalidProperty(f"{self.name}: options are for texts, not for {self.type}.")
        if problem := _name_problem(self.name):
            raise InvalidProperty(f"{self.name}: {problem}")

    @property
    def kind(self) -> str:
        """The type without synonyms: string, integer, boolean, number, array, object or date."""
        return TYPES[self.type]

    @property
    def column(self) -> str:
        """The attribute of the model."""
        return snake_case(self.name)

    @property
    def is_text(self) -> bool:
        """Whether text is searched for in it."""
        return self.kind == "string" or (self.kind == "array" and self.items == "string")

    @property
    def is_scalar(self) -> bool:
        """Whether lists can be ordered by it."""
        return self.kind not in ("array", "object")

    @property
    def words(self) -> str:
        """Its type as people read it in documents."""
        if self.kind == "array":
            return "list of texts" if self.items == "string" else "list of mappings"
        return {
            "string": "text",
            "integer": "whole number",
            "boolean": "true or false",
            "number": "number",
            "object": "mapping",
            "date": "date or time",
        }[self.kind]


def parse_property(text: str) -> Property | None:
    """Return the property that ``name:type[:required]`` stands for; nothing for one that every entity has anyway.

    Names are taken over in camel case: ``server_url`` becomes ``serverUrl``.

    Raises:
        InvalidProperty: the text means no property.
    """
    found = _ENTRY.fullmatch(text.strip())
    if not found:
        raise InvalidProperty(f"{text!r} is no property; write name:type or name:type:required, such as stars:integer.")
    name = camel_case(found["name"])
    if name in RESERVED_NAMES:
        return None
    return Property(
        name=name,
        type=found["type"] or "string",
        items=found["items"] or "string",
        required=bool(found["required"]),
    )


def _type_hint(word: str) -> str:
    return did_you_mean(word, TYPES) or f"Types are {', '.join(dict.fromkeys(TYPES.values()))}."


def _name_problem(name: str) -> str:
    if not _NAME.fullmatch(name):
        return "a property is written in camel case: a lower-case letter, then letters and digits, such as serverUrl."
    if keyword.iskeyword(name) or keyword.iskeyword(snake_case(name)):
        return f"this is a word of Python; use {name}Value or another name."
    if snake_case(name) in COLUMNS or name == "sourceId":
        return f"this is a word of the server itself; use {name}Value or another name."
    return ""
