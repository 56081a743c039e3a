"""Secrets that a configuration names and does not hold: resolved at each use, and kept nowhere."""

import base64
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog_core.exceptions import ClusterError, SourceError, SourceInvalid, SourceUnavailable
from catalog_core.log.secrets import keep_out_of_sight
from catalog_core.sources.cluster import TIMEOUT_SECONDS, asking_cluster, own_namespace
from catalog_core.sources.configuration import is_secret_ref

_MAX_BYTES = 64 * 1024
_OWN_VARIABLES = ("CATALOG_", "DJANGO_", "DATABASE_")
"""How variables begin that belong to the server itself; a source must not be able to send them somewhere."""
_CLUSTER_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
"""Names of objects in Kubernetes (RFC 1123); nothing else may get into the path of a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretPlaces:
    """Where the secrets of a source may be.

    Attributes:
        base_dir: where relative paths start.
        allowed_dirs: folders below which secret files may lie, symbolic links resolved.
        namespace: the Kubernetes namespace of secrets that name none; empty: that of this server.
        namespaces: further namespaces that secrets may name.
    """

    base_dir: Path
    allowed_dirs: Sequence[Path]
    namespace: str = ""
    namespaces: frozenset[str] = frozenset()


def resolve_secrets(value: Any, places: SecretPlaces) -> Any:
    """Return ``value`` with every reference to a secret, at any depth, replaced by the secret.

    Args:
        value: a JSON value; references are ``{env: NAME}``, ``{file: PATH}`` and ``{name: …, key: …, namespace: …}``.
        places: where the secrets may be.

    Raises:
        SourceUnavailable: the secret is not there now.
        SourceInvalid: the reference may not be followed, or not by this server.
    """
    if is_secret_ref(value):
        secret = _resolve(value, places)
        keep_out_of_sight([secret])
        return secret
    if isinstance(value, Mapping):
        return {key: resolve_secrets(inner, places) for key, inner in value.items()}
    if isinstance(value, list):
        return [resolve_secrets(inner, places) for inner in value]
    return value


def has_secrets(value: Any) -> bool:
    """Say whether ``value`` holds a reference to a secret, at any depth."""
    if is_secret_ref(value):
        return True
    if isinstance(value, Mapping):
        return any(has_secrets(inner) for inner in value.values())
    return isinstance(value, list) and any(has_secrets(inner) for inner in value)


def _resolve(reference: Mapping[str, str], places: SecretPlaces) -> str:
    if "env" in reference:
        return _variable(reference["env"])
    if "file" in reference:
        return _file(reference["file"], places)
    return _kept_in_cluster(reference["name"], reference["key"], reference.get("namespace") or "", places)


def _variable(name: str) -> str:
    if name.upper().startswith(_OWN_VARIABLES):
        raise SourceInvalid(f"The variable {name} belongs to the server and cannot be a secret of a source.")
    value = os.environ.get(name)
    if not value:
        raise SourceUnavailable(f"The variable {name}, which holds a secret of this source, is not set.")
    return value


def _file(name: str, places: SecretPlaces) -> str:
    path = (places.base_dir / name).resolve()
    if not any(path.is_relative_to(folder.resolve()) for folder in places.allowed_dirs):
        raise SourceInvalid(f"The secret file {name!r} lies outside the folders that sources may read.")
    try:
        with path.open("rb") as stream:
            return _text(stream.read(_MAX_BYTES + 1), f"The secret file {name!r}")
    except OSError as error:
        raise SourceUnavailable(f"The secret file {name!r} cannot be read: {error.strerror}.") from error


def _kept_in_cluster(name: str, key: str, namespace: str, places: SecretPlaces) -> str:
    home = places.namespace or own_namespace()
    namespace = namespace or home
    if namespace not in {home, *places.namespaces}:
        raise SourceInvalid(
            f"The secret {name!r} is in the namespace {namespace!r}, whose secrets sources may not name; "
            "CATALOG_SECRET_NAMESPACES lists those that they may."
        )
    if not (_CLUSTER_NAME.fullmatch(name) and _CLUSTER_NAME.fullmatch(namespace)):
        raise SourceInvalid(f"{namespace}/{name} is no name that a Kubernetes Secret can have.")
    secret = f"the Kubernetes Secret {namespace}/{name}"
    place = secret.replace("the", "The", 1)
    try:
        with asking_cluster() as api:
            found = api.read_namespaced_secret(name, namespace, _request_timeout=TIMEOUT_SECONDS)
    except ClusterError as error:
        raise _refused(error, place) from error
    if key not in (found.data or {}):
        raise SourceUnavailable(f"{place} has no key {key!r}.")
    return _text(base64.b64decode(found.data[key]), f"The key {key!r} of {secret}")


def _refused(error: ClusterError, place: str) -> SourceError:
    """Return what it means for a source that the cluster did not give a secret, and whether asking again helps."""
    if error.status == 404:
        return SourceUnavailable(f"{place} does not exist.")
    if error.status in (401, 403):
        return SourceInvalid(f"{place} is closed to this server; its service account needs the verb get for it.")
    text = f"{place} cannot be had. {error}"
    return SourceInvalid(text) if error.is_lasting else SourceUnavailable(text)


def _text(content: bytes, place: str) -> str:
    """Return a secret without the white space around it, such as the line end that editors leave."""
    if len(content) > _MAX_BYTES:
        raise SourceInvalid(f"{place} is larger than {_MAX_BYTES} bytes.")
    try:
        return content.decode().strip()
    except UnicodeDecodeError as error:
        raise SourceInvalid(f"{place} is not text in UTF-8.") from error
