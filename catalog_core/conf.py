"""The ``CATALOG`` setting as a typed value.

Only ``catalog_project/settings.py`` reads the environment; everything else asks :func:`catalog_settings`, when it needs
a value and never at import, so that ``override_settings`` works in tests.
"""

from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Literal

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

AuthMode = Literal["django", "jwt", "header"]
StoreMode = Literal["file", "database", "k8s", "none"]


@dataclass(frozen=True, kw_only=True)
class CatalogSettings:
    """What operators may set, with defaults. ``docs/configuration.md`` is checked against this class.

    Attributes:
        sources_files: the configuration files; later ones override earlier ones.
        data_dir: where the server keeps what it writes besides the database.
        plugin_folders: folders with ``plugin.yaml`` and ``catalog.yaml``, or folders of such.
        allowed_dirs: folders that sources may read, besides the folder of the sources file that names them.
        allowed_hosts_outgoing: host names or addresses that outgoing requests may reach although they are not public.
        reconcile_seconds: pause between two looks at the configuration, in seconds.
        plugin_init_seconds: how long a plugin's ``init`` may take, in seconds.
        http_timeout_seconds: limit for connecting and for each read of an outgoing request, in seconds.
        source_timeout_seconds: limit for reading one source as a whole, in seconds.
        source_max_bytes: largest amount read for one source, in bytes.
        configuration_max_bytes: largest size of one sources file, in bytes.
        configuration_revisions: how many revisions of the configuration are kept.
        config_store_mode: where the configuration is kept.
        config_namespace: the Kubernetes namespace of the ConfigMap that it is kept in, and of the secrets that sources
            name without a namespace; empty: the one of this server.
        config_configmap_name: the name of that ConfigMap.
        config_configmap_key: the key of the document in it.
        secret_namespaces: further Kubernetes namespaces whose secrets sources may name.
        shrink_threshold: a refresh that would leave less than this share of the entities is held back (0 to 1).
        refresh_limit_seconds: pause between two refreshes of one source that people ask for, in seconds; 0 is no limit.
        refresh_wait_seconds: how long a request waits for the refresh that it asked for, in seconds.
        lease_seconds: how long a worker that gives no sign of life keeps its jobs, and others from reconciling.
        job_max_retries: how often a refresh job is tried in all while its source cannot be reached.
        job_retention_days: for how many days refresh jobs that are over are kept.
        removed_source_days: for how many days a removed source is remembered, so that its return restores what it had.
        bulk_action_limit: how many assets an action on a filter may be about.
        answer_cache_bytes: memory for finished answers in each web process, in bytes, and as much again for lists that
            are held; 0 switches both off.
        ready_strict: ``/readyz`` answers 503 while any plugin has failed.
        reading_requires_login: reading catalogs needs an identified caller.
        auth_mode: how programs say who they are; people log in in every mode (``docs/access.md``).
        trusted_proxies: addresses whose connections may say who the caller is and whether it came over https.
        jwt_public_key_path: file of the key that signed tokens are checked against.
        jwt_jwks: file or address of a set of such keys (RFC 7517), instead of one.
        jwt_issuer: what signed tokens must have as ``iss``; empty where it does not matter.
        jwt_audience: what signed tokens must have in ``aud``; empty where it does not matter.
        jwt_role_claim: where in a signed token the role is, with dots between the names.
        jwt_operator_value: what has to be there for an operator.
    """

    sources_files: tuple[Path, ...]
    data_dir: Path
    plugin_folders: tuple[Path, ...] = ()
    allowed_dirs: tuple[Path, ...] = ()
    allowed_hosts_outgoing: frozenset[str] = field(default_factory=frozenset)
    reconcile_seconds: float = 30.0
    plugin_init_seconds: float = 30.0
    http_timeout_seconds: float = 20.0
    source_timeout_seconds: float = 300.0
    source_max_bytes: int = 256 * 1024 * 1024
    configuration_max_bytes: int = 1024 * 1024
    configuration_revisions: int = 100
    config_store_mode: StoreMode = "file"
    config_namespace: str = ""
    config_configmap_name: str = "catalog-sources"
    config_configmap_key: str = "sources.yaml"
    secret_namespaces: frozenset[str] = field(default_factory=frozenset)
    shrink_threshold: float = 0.5
    refresh_limit_seconds: float = 30.0
    refresh_wait_seconds: float = 20.0
    lease_seconds: float = 30.0
    job_max_retries: int = 3
    job_retention_days: int = 7
    removed_source_days: int = 30
    bulk_action_limit: int = 1000
    answer_cache_bytes: int = 64 * 1024 * 1024
    ready_strict: bool = False
    reading_requires_login: bool = False
    auth_mode: AuthMode = "django"
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    jwt_public_key_path: Path | None = None
    jwt_jwks: str = ""
    jwt_issuer: str = ""
    jwt_audience: str = ""
    jwt_role_claim: str = "role"
    jwt_operator_value: str = "operator"


def catalog_settings() -> CatalogSettings:
    """Return the settings in force, built afresh on each call.

    Raises:
        ImproperlyConfigured: ``CATALOG`` holds a name that does not exist.
    """
    known = {setting.name for setting in fields(CatalogSettings)}
    if unknown := sorted(set(settings.CATALOG) - known):
        raise ImproperlyConfigured(
            f"CATALOG has no setting {', '.join(unknown)}; known are {', '.join(sorted(known))}."
        )
    return CatalogSettings(**settings.CATALOG)
