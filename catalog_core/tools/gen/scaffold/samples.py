"""Sample items: the same for everybody, with a value for every property."""

from collections.abc import Sequence
from typing import Any

from catalog_core.tools.gen.scaffold.naming import words_of
from catalog_core.tools.gen.scaffold.properties import Property
from catalog_core.tools.gen.scaffold.specification import Part

_NUMBERS = ("one", "two", "three")


def sample_items(kind: str, properties: Sequence[Property], parts: Sequence[Part] = ()) -> list[dict[str, Any]]:
    """Return three items of a kind, with different values."""
    return [_item(number, kind, properties, parts) for number in range(1, len(_NUMBERS) + 1)]


def _item(number: int, kind: str, properties: Sequence[Property], parts: Sequence[Part]) -> dict[str, Any]:
    words = words_of(kind)
    name = f"{words.replace(' ', '-')}-{_NUMBERS[number - 1]}"
    item: dict[str, Any] = {"name": name, "description": f"Sample {number} of a {words}."}
    item |= {prop.name: sample_value(prop, number) for prop in properties}
    for part in parts:
        item[part.key] = [{prop.name: sample_value(prop, number) for prop in part.properties}]
    return item


def sample_value(prop: Property, number: int) -> Any:
    """Return a value for a property, another one for each ``number`` from 1 to 3."""
    words = words_of(prop.name)
    if prop.options:
        return prop.options[(number - 1) % len(prop.options)]
    match prop.kind:
        case "integer":
            return number * 10
        case "number":
            return number + 0.5
        case "boolean":
            return number % 2 == 1
        case "date":
            return f"2026-01-{number:02d}"
        case "object":
            return {"note": f"{words} {_NUMBERS[number - 1]}"}
        case "array" if prop.items == "object":
            return [{"note": f"{words} {word}"} for word in _NUMBERS[:number]]
        case "array":
            return [f"{words} {word}" for word in _NUMBERS[:number]]
    return f"https://{_NUMBERS[number - 1]}.example/" if words in ("uri", "url") else f"{words} {_NUMBERS[number - 1]}"
