"""Finding the secrets that stand in the properties of a source themselves, instead of being referred to."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from catalog_core.log.secrets import LEAST_CHARACTERS
from catalog_core.sources.configuration import is_secret_ref
from catalog_core.sources.providers import provider_for

_SENSITIVE_KEY = re.compile(
    r"passw(or)?d|passphrase|token|secret|api[-_]?key|private[-_]?key|credential", re.IGNORECASE
)


def is_sensitive_key(key: str) -> bool:
    """Whether a key sounds as if a credential stood under it."""
    return _SENSITIVE_KEY.search(key) is not None


def secret_names(source_type: str) -> frozenset[str]:
    """Return the properties that sources of this type declare secret, under all names that they go by."""
    provider = provider_for(source_type)
    declared = provider.properties if provider else ()
    return frozenset(name for one in declared if one.secret for name in (one.name, *one.aliases))


def secret_values(source_type: str, properties: Mapping[str, Any]) -> Iterator[str]:
    """Yield the secrets that stand in the properties, long enough to be looked for in other texts."""
    secret = secret_names(source_type)
    for key, value in properties.items():
        yield from _secrets_in(value, key in secret or is_sensitive_key(key))


def _secrets_in(value: Any, is_secret: bool) -> Iterator[str]:
    if is_secret_ref(value):
        return
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _secrets_in(inner, is_secret or is_sensitive_key(key))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _secrets_in(inner, is_secret)
    elif is_secret and isinstance(value, str) and len(value) >= LEAST_CHARACTERS:
        yield value
