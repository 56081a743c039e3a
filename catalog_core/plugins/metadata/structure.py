"""The structure of a document, checked against its JSON Schema and told in words of our own."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from jsonschema import Draft202012Validator, ValidationError

from catalog_core.exceptions import InvalidDocument
from catalog_core.problems import Problem, did_you_mean
from catalog_core.schemas import schema
from catalog_core.sources.formats import Document, Path, parse_document, path_text, shortened

T = TypeVar("T")

API_VERSION = "catalog.kubeflow.org/v1alpha1"

_TYPES = {
    "string": ("text", "Put it in quotes."),
    "object": ("a mapping", 'Write it as "key: value".'),
    "array": ("a list", 'Begin each element with "- ".'),
    "boolean": ("true or false", "Write it without quotes."),
    "integer": ("a whole number", "Write it without quotes."),
}


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """What a document says, and what is odd about it but understood."""

    value: T
    warnings: tuple[Problem, ...] = ()


def parse_structure(content: bytes, *, file: str, schema_name: str) -> Document:
    """Return a document that keeps the rules of a schema of ours.

    Args:
        content: the file.
        file: how people know it, for messages.
        schema_name: one of :data:`catalog_core.schemas.SCHEMAS`.

    Raises:
        InvalidDocument: it is no YAML, or breaks rules of the schema; all of them are listed, in the order of the file.
    """
    document = parse_document(content, file=file)
    errors = _validator(schema_name).iter_errors(document.value)
    # A set, as each of several missing keys is reported by an error that tells of all of them.
    problems = {problem for error in errors for problem in _told(document, error)}
    if problems:
        raise InvalidDocument(sorted(problems, key=lambda one: (one.line or 0, one.column or 0, one.message)))
    return document


def api_version_warnings(document: Document) -> Iterator[Problem]:
    """Yield a remark if the document is of a format that this server does not know; it is read all the same."""
    if document.value["apiVersion"] != API_VERSION:
        message = f'"apiVersion" is not {API_VERSION}; the file is read as if it were.'
        hint = f"Write apiVersion: {API_VERSION}."
        yield document.problem(("apiVersion",), message, "unknown-version", hint, is_warning=True)


@cache
def _validator(schema_name: str) -> Draft202012Validator:
    return Draft202012Validator(schema(schema_name))


def _told(document: Document, error: ValidationError) -> Iterator[Problem]:
    path: Path = tuple(error.absolute_path)
    value: Any = error.instance
    rules: Any = error.schema
    name, written = _name(path), shortened(str(value))
    match error.validator:
        case "additionalProperties":
            yield from _unknown_keys(document, path, value, rules)
        case "required":
            yield from _missing_keys(document, path, value, rules)
        case "type":
            yield document.problem(path, *_wrong_type(name, value, rules["type"]))
        case "const" | "enum":
            allowed = [str(one) for one in rules.get("enum", [rules.get("const")])]
            hint = did_you_mean(str(value), allowed) or f"Known are: {', '.join(allowed)}."
            yield document.problem(path, f'{name} cannot be "{written}".', "wrong-value", hint)
        case "pattern":
            message = f'{name} cannot be "{written}": {rules["patternErrorMessage"]}.'
            yield document.problem(path, message, "wrong-value")
        case "minLength" | "minItems":
            yield document.problem(path, f"{name} is empty.", "empty", _meaning(rules))
        case "uniqueItems":
            yield document.problem(path, f"{name} names something twice.", "duplicate", "Remove one of the two.")
        case _:
            yield document.problem(path, f"{name} cannot be {written}.", "wrong-value", _meaning(rules))


def _unknown_keys(
    document: Document, path: Path, value: Mapping[str, Any], rules: Mapping[str, Any]
) -> Iterator[Problem]:
    known, patterns = rules["properties"], rules.get("patternProperties", {})
    for key in value:
        if key not in known and not any(re.search(pattern, key) for pattern in patterns):
            message = f'The key "{shortened(key)}" is not known here.'
            yield document.problem((*path, key), message, "unknown-key", did_you_mean(key, known), at_key=True)


def _missing_keys(
    document: Document, path: Path, value: Mapping[str, Any], rules: Mapping[str, Any]
) -> Iterator[Problem]:
    for key in rules["required"]:
        if key not in value:
            hint = _meaning(rules["properties"][key])
            yield document.problem(path, f'"{key}" is missing.', "missing-key", hint, at_key=True)


def _wrong_type(name: str, value: Any, wanted: str) -> tuple[str, str, str]:
    if value is None:
        return f"{name} has no value.", "empty", "Write one, or remove the key."
    what, hint = _TYPES[wanted]
    if wanted == "string" and isinstance(value, list | dict):
        hint = "Write it in one line."
    return f"{name} has to be {what}.", "wrong-type", hint


def _name(path: Path) -> str:
    last = next((step for step in reversed(path) if isinstance(step, str)), "")
    whole = f'"{path_text((last,))}"' if last else "The file"
    return f"An element of {whole}" if path and isinstance(path[-1], int) else whole


def _meaning(rules: Mapping[str, Any]) -> str:
    """Return what a value says, by its schema."""
    return f"Expected: {rules['description'][:1].lower()}{rules['description'][1:]}"
