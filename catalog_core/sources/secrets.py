"""Secrets that a configuration names and does not hold: resolved at each use, and kept nowhere."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from catalog_core.exceptions import SourceInvalid, SourceUnavailable
from catalog_core.sources.configuration import is_secret_ref

_MAX_BYTES = 64 * 1024
_OWN_VARIABLES = ("CATALOG_", "DJANGO_", "DATABASE_")
"""How variables begin that belong to the server itself; a source must not be able to send them somewhere."""


def resolve_secrets(value: Any, *, base_dir: Path, allowed_dirs: Sequence[Path]) -> Any:
    """Return ``value`` with every reference to a secret, at any depth, replaced by the secret.

    Args:
        value: a JSON value; references are ``{env: NAME}``, ``{file: PATH}`` and ``{name: …, key: …}``.
        base_dir: where relative paths start.
        allowed_dirs: folders below which secret files may lie, symbolic links resolved.

    Raises:
        SourceUnavailable: the variable or file is not there now.
        SourceInvalid: the reference may not be followed, or not by this server.
    """
    if is_secret_ref(value):
        return _resolve(value, base_dir, allowed_dirs)
    if isinstance(value, Mapping):
        return {
            key: resolve_secrets(inner, base_dir=base_dir, allowed_dirs=allowed_dirs) for key, inner in value.items()
        }
    if isinstance(value, list):
        return [resolve_secrets(inner, base_dir=base_dir, allowed_dirs=allowed_dirs) for inner in value]
    return value


def _resolve(reference: Mapping[str, str], base_dir: Path, allowed_dirs: Sequence[Path]) -> str:
    if "env" in reference:
        return _variable(reference["env"])
    if "file" in reference:
        return _file(reference["file"], base_dir, allowed_dirs)
    raise SourceInvalid(
        f"The secret {reference['name']!r} is kept in Kubernetes, which this server does not read. "
        "Mount it as a file or a variable and refer to it with {file: PATH} or {env: NAME}."
    )


def _variable(name: str) -> str:
    if name.upper().startswith(_OWN_VARIABLES):
        raise SourceInvalid(f"The variable {name} belongs to the server and cannot be a secret of a source.")
    value = os.environ.get(name)
    if not value:
        raise SourceUnavailable(f"The variable {name}, which holds a secret of this source, is not set.")
    return value


def _file(name: str, base_dir: Path, allowed_dirs: Sequence[Path]) -> str:
    path = (base_dir / name).resolve()
    if not any(path.is_relative_to(folder.resolve()) for folder in allowed_dirs):
        raise SourceInvalid(f"The secret file {name!r} lies outside the folders that sources may read.")
    try:
        with path.open("rb") as stream:
            content = stream.read(_MAX_BYTES + 1)
        if len(content) > _MAX_BYTES:
            raise SourceInvalid(f"The secret file {name!r} is larger than {_MAX_BYTES} bytes.")
        return content.decode().strip()
    except OSError as error:
        raise SourceUnavailable(f"The secret file {name!r} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise SourceInvalid(f"The secret file {name!r} is not text in UTF-8.") from error
