"""The configuration in a ConfigMap of Kubernetes.

The service account needs the verbs ``get`` and, for changes, ``update``.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from catalog_core.exceptions import (
    CatalogError,
    ClusterError,
    ConfigurationConflict,
    ConfigurationReadOnly,
    ConfigurationUnavailable,
)
from catalog_core.sources.cluster import TIMEOUT_SECONDS, asking_cluster
from catalog_core.sources.documents import Documents
from catalog_core.sources.store.base import ConfigurationStore, StoredConfiguration, check_version, too_large

_MAX_BYTES = 900 * 1024
"""A ConfigMap holds one mebibyte, its names and other keys included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigMapStore(ConfigurationStore):
    """One document under one key of a ConfigMap.

    Attributes:
        namespace: the namespace of the ConfigMap.
        name: its name.
        key: the key of the document in it.
        file: what the document would be called as a file; relative paths start in its folder.
        max_bytes: largest size of the document, in bytes; 900 KiB at most.
    """

    kind: ClassVar[str] = "k8s"
    namespace: str
    name: str
    key: str
    file: Path
    max_bytes: int

    def load(self) -> StoredConfiguration:
        """Ask for the ConfigMap."""
        with self._asking(is_writing=False) as api:
            return self._stored(self._read(api))

    def save(self, documents: Documents, *, expected_version: str) -> StoredConfiguration:
        """Exchange the document, unless the ConfigMap has changed since the versions were compared."""
        ((_, content),) = documents
        if len(content) > min(self.max_bytes, _MAX_BYTES):
            raise too_large(self.file, min(self.max_bytes, _MAX_BYTES))
        with self._asking(is_writing=True) as api:
            found = self._read(api)
            check_version(self._stored(found), expected_version)
            self._put(found, content)
            api.replace_namespaced_config_map(self.name, self.namespace, found, _request_timeout=TIMEOUT_SECONDS)
        return StoredConfiguration.of(documents)

    def read_only_reason(self) -> str:
        """Say nothing: what the service account may do shows when it tries."""
        return ""

    def _read(self, api: Any) -> Any:
        return api.read_namespaced_config_map(self.name, self.namespace, _request_timeout=TIMEOUT_SECONDS)

    def _stored(self, found: Any) -> StoredConfiguration:
        if found.data and self.key in found.data:
            content = found.data[self.key].encode()
        elif found.binary_data and self.key in found.binary_data:
            content = base64.b64decode(found.binary_data[self.key])
        else:
            raise ConfigurationUnavailable(f"The ConfigMap {self._place} has no key {self.key!r}.")
        if len(content) > self.max_bytes:
            raise too_large(self.file, self.max_bytes)
        return StoredConfiguration.of([(self.file, content)])

    def _put(self, found: Any, content: bytes) -> None:
        if found.data and self.key in found.data:
            found.data[self.key] = content.decode()
        else:
            found.binary_data[self.key] = base64.b64encode(content).decode()

    @property
    def _place(self) -> str:
        return f"{self.namespace}/{self.name}"

    @contextmanager
    def _asking(self, *, is_writing: bool) -> Iterator[Any]:
        """Give a client, and translate what goes wrong with it."""
        try:
            with asking_cluster() as api:
                yield api
        except ClusterError as error:
            raise self._translated(error, is_writing) from error

    def _translated(self, error: ClusterError, is_writing: bool) -> CatalogError:
        place, status = f"The ConfigMap {self._place}", error.status
        if status == 404:
            return ConfigurationUnavailable(f"{place} does not exist.")
        if status == 409 and is_writing:
            return ConfigurationConflict(f"{place} was changed meanwhile. Nothing was changed; repeat the change.")
        if status in (401, 403):
            verbs = "get and update" if is_writing else "get"
            text = f"{place} is closed to this server; its service account needs the verbs {verbs}."
            return (
                ConfigurationReadOnly(f"{text} Nothing was changed.") if is_writing else ConfigurationUnavailable(text)
            )
        if status in (413, 422) and is_writing:
            return ConfigurationReadOnly(f"{place} is immutable or too large, and was not changed.")
        return ConfigurationUnavailable(f"{place} cannot be had. {error}")
