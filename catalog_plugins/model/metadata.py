"""Custom properties as typed metadata values: ``{"metadataType": "MetadataStringValue", "string_value": "gold"}``."""

import base64
import binascii
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from catalog_core.plugin import ItemReader


@dataclass(frozen=True, slots=True)
class _ValueType:
    """A type of metadata value: the key that holds the value, what may stand there, and what makes it canonical."""

    key: str
    expected: str
    convert: Callable[[Any], Any]
    further_keys: tuple[str, ...] = ()


def _text(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError
    return str(value)


def _integer(value: Any) -> str:
    """Return the text of a whole number of 64 bits: JSON numbers do not hold all of them exactly."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise ValueError
    number = int(value)
    if not -(2**63) <= number < 2**63:
        raise ValueError
    return str(number)


def _double(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError
    number = float(value)
    if not math.isfinite(number):
        raise ValueError
    return number


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def _base64(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    base64.b64decode(value, validate=True)
    return value


_TYPES: Mapping[str, _ValueType] = MappingProxyType(
    {
        "MetadataStringValue": _ValueType("string_value", "a text", _text),
        "MetadataIntValue": _ValueType("int_value", "a whole number of at most 64 bits", _integer),
        "MetadataDoubleValue": _ValueType("double_value", "a number", _double),
        "MetadataBoolValue": _ValueType("bool_value", "true or false", _boolean),
        "MetadataStructValue": _ValueType("struct_value", "a text in Base64 (RFC 4648)", _base64),
        "MetadataProtoValue": _ValueType("proto_value", "a text in Base64 (RFC 4648)", _base64, ("type",)),
    }
)
_TYPES_OF_SCALARS: tuple[tuple[type, str], ...] = (
    (bool, "MetadataBoolValue"),  # before int: to Python, a boolean is one
    (int, "MetadataIntValue"),
    (float, "MetadataDoubleValue"),
    (str, "MetadataStringValue"),
)


def typed_properties(item: ItemReader) -> dict[str, dict[str, Any]]:
    """Return the custom properties of an item or of one of its parts, each as a metadata value.

    A plain text, number or boolean becomes the metadata value that fits it, with a remark; so does a value whose type
    was left out but is clear. A property without a value is left out.

    Raises:
        InvalidItem: a property is not a metadata value, or its value does not fit its type.
    """
    properties = item.object("customProperties")
    return {
        name: _typed(item, f"customProperties.{name}", value) for name, value in properties.items() if value is not None
    }


def _typed(item: ItemReader, place: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        value = _scalar(item, place, value)
    name = value.get("metadataType") or _missing_type(item, place, value)
    value_type = _TYPES.get(name) if isinstance(name, str) else None
    if value_type is None:
        known = ", ".join(_TYPES)
        raise item.invalid(place, "unknown-metadata-type", f"{name!r} is no metadataType", f"Known are {known}.")
    key = value_type.key
    if key not in value:
        hint = f"A {name} has its value under {key}."
        raise item.invalid(place, "missing-value", f"{place} has no {key}", hint)
    try:
        converted = value_type.convert(value[key])
    except (ValueError, OverflowError, binascii.Error):
        message = f"{key} of {place} is not {value_type.expected}"
        raise item.invalid(place, "wrong-type", message, "Correct the value or its metadataType.") from None
    further = {name: value[name] for name in value_type.further_keys if name in value}
    return {"metadataType": name, key: converted, **further}


def _scalar(item: ItemReader, place: str, value: Any) -> dict[str, Any]:
    for scalar_type, name in _TYPES_OF_SCALARS:
        if isinstance(value, scalar_type):
            hint = "Write it with a metadataType to say which type is meant."
            item.remark(place, "untyped-property", f"{place} is a plain value and was taken as {name}", hint)
            return {"metadataType": name, _TYPES[name].key: value}
    raise item.invalid(
        place,
        "wrong-type",
        f"{place} is neither a metadata value nor a plain one",
        "Write a metadataType and its value.",
    )


def _missing_type(item: ItemReader, place: str, value: Mapping[str, Any]) -> str:
    candidates = [name for name, value_type in _TYPES.items() if value_type.key in value]
    if len(candidates) != 1:
        hint = f"Add one of {', '.join(_TYPES)}."
        raise item.invalid(place, "missing-metadata-type", f"{place} has no metadataType", hint)
    hint = f"Add metadataType: {candidates[0]}."
    item.remark(place, "missing-metadata-type", f"{place} has no metadataType and was taken as {candidates[0]}", hint)
    return candidates[0]
