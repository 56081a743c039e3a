"""Checks of the ``properties`` of a source against what its provider declares."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from catalog_core.problems import Problem, Severity, did_you_mean
from catalog_core.sources.configuration.durations import parse_duration
from catalog_core.sources.configuration.secret_refs import is_secret_ref
from catalog_core.sources.configuration.words import boolean_of
from catalog_core.sources.formats import path_text, shortened
from catalog_core.sources.providers.base import Property, PropertyType

__all__ = ["check_properties", "parse_duration"]


def check_properties(
    properties: Mapping[str, Any],
    declared: Sequence[Property],
    *,
    file: str = "",
    line: int | None = None,
    path: str = "",
    positions: Mapping[str, tuple[int, int]] | None = None,
) -> tuple[dict[str, Any], list[Problem]]:
    """Return the properties as the provider wants them, and what is wrong with them.

    Values stay as they are, durations too; aliases are renamed, defaults filled in, and ``yes`` and the like made a
    boolean. A property that is null is absent. A reference to a secret may stand wherever text may.

    Args:
        properties: what stands in the configuration.
        declared: what the source may have.
        file: for problems.
        line: the line of the source, for problems where ``positions`` knows nothing better.
        path: the place of the source within the document, for problems.
        positions: line and column of each property.

    Returns:
        What is right, under the declared names; and the problems, of which only errors make the source unusable.
    """
    place = _Place(file=file, line=line, path=path, positions=positions or {})
    known = {name for one in declared for name in (one.name, *one.aliases)}
    problems = [_unknown(place, name, declared) for name in properties if name not in known]
    cleaned: dict[str, Any] = {}
    for one in declared:
        given = [name for name in (one.name, *one.aliases) if properties.get(name) is not None]
        problems += [_superfluous(place, name, given[0]) for name in given[1:]]
        if given:
            try:
                cleaned[one.name] = _checked(one, properties[given[0]])
            except ValueError as error:
                problems.append(place.problem(given[0], str(error), "wrong-value"))
        elif one.required:
            message, hint = (
                f'The property "{one.name}" is missing.',
                f"Add it. {_first_sentence(one.description)}".strip(),
            )
            problems.append(place.problem("", message, "missing-property", hint))
        elif one.default is not None:
            cleaned[one.name] = one.default
    return cleaned, problems


def _checked(declared: Property, value: Any) -> Any:
    if declared.type == "url":
        return _url(value, declared.schemes)
    return _CHECKS[declared.type](value)


def _first_sentence(text: str) -> str:
    first, point, _ = text.partition(". ")
    return first + point.strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where the properties stand."""

    file: str
    line: int | None
    path: str
    positions: Mapping[str, tuple[int, int]]

    def problem(self, name: str, message: str, rule: str, hint: str = "", severity: Severity = "error") -> Problem:
        """Return a problem with one property, or with all of them if ``name`` is empty."""
        line, column = self.positions.get(name, (self.line, None))
        steps = ("properties", name) if name else ("properties",)
        return Problem(
            message=message,
            rule=rule,
            hint=hint,
            file=self.file,
            line=line,
            column=column,
            path=path_text((self.path, *steps) if self.path else steps),
            severity=severity,
        )


def _unknown(place: _Place, name: str, declared: Sequence[Property]) -> Problem:
    hint = did_you_mean(name, [one.name for one in declared])
    message = f'The property "{shortened(name)}" is not known for this type of source.'
    return place.problem(name, message, "unknown-property", hint)


def _superfluous(place: _Place, name: str, counting: str) -> Problem:
    message = f'"{counting}" means the same as "{name}", and is the one that counts.'
    return place.problem(name, message, "duplicate-property", "Remove one of the two.", "warning")


def _text(value: Any) -> Any:
    if isinstance(value, str) or is_secret_ref(value):
        return value
    if isinstance(value, Mapping):
        raise ValueError("This has to be text, or name a secret: {name, key}, {env} or {file}.")
    raise ValueError("This has to be text. Put it in quotes if it is meant so.")


def _filled_text(value: Any) -> Any:
    if isinstance(value, str) and not value.strip():
        raise ValueError("This must not be empty.")
    return _text(value)


def _integer(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise ValueError("This has to be a whole number, without quotes.")


def _boolean(value: Any) -> bool:
    truth = boolean_of(value)
    if truth is None:
        raise ValueError("This has to be true or false, without quotes.")
    return truth


def _duration(value: Any) -> Any:
    if isinstance(value, int | float):
        raise ValueError("A duration needs a unit, such as 90s or 1h30m.")
    if isinstance(_text(value), str):
        parse_duration(value)
    return value


def _url(value: Any, schemes: Sequence[str]) -> Any:
    if not isinstance(_filled_text(value), str):
        return value
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - is checked when asked for
    except ValueError:
        raise ValueError("This is not an address.") from None
    if parts.scheme not in schemes or not (parts.hostname or parts.scheme == "file"):
        beginnings = " or ".join(f"{scheme}://" for scheme in schemes)
        raise ValueError(f"This has to be an address that begins with {beginnings}.")
    if parts.username or parts.password:
        raise ValueError("This must not hold a user name or password; there is a property of its own for credentials.")
    return value


def _text_list(value: Any) -> list[str]:
    if isinstance(value, list) and all(isinstance(entry, str) for entry in value):
        return value
    raise ValueError("This has to be a list of texts. Put numbers in quotes.")


def _text_map(value: Any) -> dict[str, Any]:
    if isinstance(value, dict) and all(isinstance(entry, str) or is_secret_ref(entry) for entry in value.values()):
        return value
    raise ValueError("This has to be a mapping of names to texts. Put numbers in quotes.")


_CHECKS: Mapping[PropertyType, Callable[[Any], Any]] = {  # addresses have a check of their own
    "string": _text,
    "integer": _integer,
    "boolean": _boolean,
    "duration": _duration,
    "path": _filled_text,
    "glob": _filled_text,
    "string-list": _text_list,
    "string-map": _text_map,
}
