"""Checking the parameters of an action against its JSON Schema."""

from collections.abc import Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from referencing import Registry

from catalog_core.entities.actions import Action
from catalog_core.exceptions import InvalidAction

_MOST_PROBLEMS = 20
_MOST_CHARACTERS = 300
_NOWHERE: Registry = Registry()
"""Where references of a schema are looked up: a schema refers to nothing outside, so nothing is ever fetched."""


def check_parameters(action: Action, params: Mapping[str, Any]) -> None:
    """Check parameters against the schema of an action.

    Raises:
        InvalidAction: they break it; names each field and what is expected.
    """
    validator = Draft202012Validator(dict(action.parameters), registry=_NOWHERE)
    found = sorted(validator.iter_errors(dict(params)), key=lambda error: [str(step) for step in error.absolute_path])
    problems = dict.fromkeys(problem for error in found for problem in _problems(error))
    if problems:
        raise InvalidAction(list(problems)[:_MOST_PROBLEMS])


def _problems(error: ValidationError) -> Iterator[tuple[str, str]]:
    place = "params" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error.absolute_path)
    if error.validator == "required":
        required, given = _names(error.validator_value), _names(error.instance)
        yield from ((f"{place}.{name}", "it is required.") for name in required if name not in given)
    elif error.validator == "pattern":
        yield place, f"{_short(repr(error.instance))} has characters that are not possible here, or is empty."
    else:
        yield place, f"{_short(error.message)}."


def _names(value: Any) -> list[str]:
    return [str(name) for name in value]


def _short(text: str) -> str:
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 1]}…"
