"""Hiding the secrets of a source from everybody, and keeping them where a client sends them back hidden.

A secret is whatever stands under a property that its provider declares secret, or under a key that sounds like one, and
every text that looks like a credential, at any depth. References to secrets hold none, so they are shown.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from catalog_core.exceptions import InvalidDocument
from catalog_core.log.redaction import redact
from catalog_core.problems import Problem
from catalog_core.sources.configuration import is_secret_ref
from catalog_core.sources.formats import path_text
from catalog_core.sources.secret_values import is_sensitive_key, secret_names, secret_values

REDACTED = "***REDACTED***"
"""What stands in an answer in place of a secret, and in a request for the secret that is stored already."""

Step = str | int


def redacted_properties(source_type: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Return the properties of a source with :data:`REDACTED` in place of every secret.

    Args:
        source_type: the type of the source; it says which properties are secret.
        properties: as they stand in the configuration.
    """
    secret = secret_names(source_type)
    values = tuple(secret_values(source_type, properties))
    return {key: _redacted(value, key in secret or is_sensitive_key(key), values) for key, value in properties.items()}


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """Return ``text`` with the given secrets, and whatever else looks like a credential, hidden."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, REDACTED)
    return redact(text)


def inline_secrets(source_type: str, properties: Mapping[str, Any]) -> Iterator[tuple[Step, ...]]:
    """Yield the path of every secret that stands in the properties themselves instead of being referred to."""
    secret = secret_names(source_type)
    for key, value in properties.items():
        yield from _paths(value, (key,), key in secret or is_sensitive_key(key))


def restored_properties(given: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``given`` with every :data:`REDACTED` replaced by what is stored at the same place.

    Args:
        given: properties as a client sends them.
        stored: the properties of the same source as they are.

    Raises:
        InvalidDocument: nothing is stored in some place where the mark stands.
    """
    problems: list[Problem] = []
    restored = {key: _restored(value, stored.get(key), (key,), problems) for key, value in given.items()}
    if problems:
        raise InvalidDocument(problems)
    return restored


def _redacted(value: Any, is_secret: bool, secrets: Sequence[str]) -> Any:
    if value is None or is_secret_ref(value):
        return value
    if isinstance(value, Mapping):
        return {key: _redacted(inner, is_secret or is_sensitive_key(key), secrets) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(inner, is_secret, secrets) for inner in value]
    if is_secret:
        return REDACTED
    return REDACTED if isinstance(value, str) and _holds_secret(value, secrets) else value


def _holds_secret(text: str, secrets: Iterable[str]) -> bool:
    return redact(text) != text or any(secret in text for secret in secrets)


def _paths(value: Any, path: tuple[Step, ...], is_secret: bool) -> Iterator[tuple[Step, ...]]:
    if is_secret_ref(value):
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key), is_secret or is_sensitive_key(key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*path, index), is_secret)
    elif isinstance(value, str) and value and (is_secret or redact(value) != value):
        yield path


def _restored(given: Any, stored: Any, path: tuple[Step, ...], problems: list[Problem]) -> Any:
    if given == REDACTED:
        if stored is None:
            problems.append(_nothing_stored(path))
        return stored
    if isinstance(given, Mapping):
        inner = stored if isinstance(stored, Mapping) else {}
        return {key: _restored(value, inner.get(key), (*path, key), problems) for key, value in given.items()}
    if isinstance(given, list):
        known = stored if isinstance(stored, list) else []
        return [
            _restored(value, known[index] if index < len(known) else None, (*path, index), problems)
            for index, value in enumerate(given)
        ]
    return given


def _nothing_stored(path: Sequence[Step]) -> Problem:
    return Problem(
        message=f"{REDACTED} stands for a secret that is stored already, and none is stored here.",
        rule="nothing-stored",
        hint="Write the secret, or better a reference to it: {env: NAME}, {file: PATH} or {name: NAME, key: KEY}.",
        path=path_text(("properties", *path)),
    )
