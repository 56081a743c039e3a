"""From a source as configured to a request that a provider understands."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from catalog_core.conf import CatalogSettings, catalog_settings
from catalog_core.exceptions import SourceInvalid
from catalog_core.log.secrets import keep_out_of_sight
from catalog_core.problems import Problem
from catalog_core.sources.configuration import NamePatterns, check_properties, parse_duration
from catalog_core.sources.formats import path_text
from catalog_core.sources.models import Source
from catalog_core.sources.providers import provider_for, provider_types
from catalog_core.sources.providers.base import Property, Provider, ReadLimits, ReadRequest
from catalog_core.sources.secret_values import secret_values
from catalog_core.sources.secrets import SecretPlaces, resolve_secrets

INTERVAL_PROPERTY = "syncInterval"
SHRINK_PROPERTY = "shrinkThresholdPercent"

_OLD_EXCLUDES = "excludedModels"

COMMON_PROPERTIES = (
    Property(
        name=SHRINK_PROPERTY,
        type="integer",
        description="A refresh that would leave less than this share of the entities is held back; 0 never holds back.",
    ),
)
"""Properties that a source of any type may have."""


def declared_properties(provider: Provider) -> tuple[Property, ...]:
    """Return the properties that a source of this type may have."""
    return (*provider.properties, *COMMON_PROPERTIES)


def unusable_values(provider: Provider, properties: Mapping[str, Any], *, origin: str) -> Iterator[Problem]:
    """Yield which properties have values that their provider can never read from; nothing is read to find out.

    Args:
        provider: the provider of the source.
        properties: as configured, and right as far as their declarations go.
        origin: the configuration file that names the source; relative paths start in its folder.
    """
    settings, base_dir = catalog_settings(), Path(origin).parent
    cleaned, _ = check_properties(properties, declared_properties(provider))
    request = ReadRequest(
        source_id="",
        properties=cleaned,
        base_dir=base_dir,
        allowed_dirs=(base_dir, *settings.allowed_dirs),
        work_dir=settings.data_dir,
    )
    for name, check in provider.checks(request).items():
        if isinstance(cleaned.get(name), str):
            try:
                check()
            except SourceInvalid as error:
                yield Problem(message=str(error), rule="wrong-value", path=path_text(("properties", name)))


def provider_of(source: Source) -> Provider:
    """Return the provider that reads a source.

    Raises:
        SourceInvalid: there is no provider of its type.
    """
    provider = provider_for(source.type)
    if provider is None:
        known = ", ".join(provider_types())
        raise SourceInvalid(f"No provider reads sources of type {source.type!r}; known are {known}.")
    return provider


def name_patterns(source: Source) -> NamePatterns:
    """Return which names are taken from a source; ``excludedModels`` is the older way to write ``excludedItems``."""
    return NamePatterns(source.included_items, [*source.excluded_items, *source.properties.get(_OLD_EXCLUDES, ())])


def interval_seconds(source: Source) -> float | None:
    """Return the pause between two refreshes of a source, in seconds; ``None`` if every reconcile looks at it."""
    provider = provider_for(source.type)
    default = provider.default_interval_seconds if provider else None
    configured = source.properties.get(INTERVAL_PROPERTY)
    if not configured:
        return default
    try:
        return parse_duration(str(configured))
    except ValueError:  # said where the configuration is checked, and again by the refresh
        return default


def read_request(
    source: Source,
    *,
    use_cursor: bool = True,
    cancelled: Callable[[], bool] = lambda: False,
    on_bytes: Callable[[int], None] = lambda size: None,
    settings: CatalogSettings | None = None,
) -> ReadRequest:
    """Return what the provider of a source needs to know, secrets included; these are kept out of logs from now on.

    Args:
        source: the source.
        use_cursor: whether the provider may answer that nothing has moved.
        cancelled: asked by the provider now and then.
        on_bytes: told by the provider the size of each piece that has come in.
        settings: the settings in force, from callers that need requests for many sources.

    Raises:
        SourceInvalid: a property is not as its provider declares it, or a secret may not be used.
        SourceUnavailable: a secret is not there now.
    """
    settings = settings or catalog_settings()
    base_dir = Path(source.origin).parent
    allowed_dirs = (base_dir, *settings.allowed_dirs)
    keep_out_of_sight(secret_values(source.type, source.properties))
    places = SecretPlaces(
        base_dir=base_dir,
        allowed_dirs=allowed_dirs,
        namespace=settings.config_namespace,
        namespaces=settings.secret_namespaces,
    )
    properties = resolve_secrets(_checked(source), places)
    return ReadRequest(
        source_id=source.key,
        properties=properties,
        base_dir=base_dir,
        allowed_dirs=allowed_dirs,
        allowed_hosts=settings.allowed_hosts_outgoing,
        work_dir=work_folder(source, settings),
        limits=ReadLimits(
            max_bytes=settings.source_max_bytes,
            total_seconds=settings.source_timeout_seconds,
            request_seconds=settings.http_timeout_seconds,
        ),
        cursor=source.cursor if use_cursor else {},
        cancelled=cancelled,
        on_bytes=on_bytes,
    )


def _checked(source: Source) -> dict[str, Any]:
    cleaned, problems = check_properties(source.properties, declared_properties(provider_of(source)))
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise SourceInvalid(" ".join(str(problem) for problem in errors), problems=errors)
    return cleaned


def work_folder(source: Source, settings: CatalogSettings) -> Path:
    """Return the folder of a source's own for what does not fit into memory, and for what lives between readings."""
    return settings.data_dir / "work" / f"{source.plugin}-{source.pk}"
