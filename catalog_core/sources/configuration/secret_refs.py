"""References to secrets: what stands in a configuration in place of a credential."""

import re
from collections.abc import Mapping
from typing import Any

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def is_secret_ref(value: Any) -> bool:
    """Whether ``value`` names a secret instead of holding one.

    That is ``{name, key}`` and perhaps ``namespace`` for a Kubernetes Secret (further keys do not count), ``{env}``
    for an environment variable, or ``{file}`` for a file.
    """
    if not isinstance(value, Mapping):
        return False
    if len(value) == 1:
        return _is_variable(value.get("env")) or _is_filled(value.get("file"))
    has_namespace = value.get("namespace") is None or isinstance(value.get("namespace"), str)
    return _is_filled(value.get("name")) and _is_filled(value.get("key")) and has_namespace


def _is_variable(value: Any) -> bool:
    return isinstance(value, str) and _VARIABLE.fullmatch(value) is not None


def _is_filled(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
