"""System checks: mistakes of an installation, found by ``manage.py check`` before anybody is served."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from catalog_core.conf import catalog_settings
from catalog_core.plugins.discovery import failures, package_of, plugin_apps
from catalog_core.plugins.registry import registry

_POSITIVE = (
    "reconcile_seconds",
    "plugin_init_seconds",
    "http_timeout_seconds",
    "source_timeout_seconds",
    "source_max_bytes",
    "configuration_max_bytes",
)


@register("catalog")
def check_plugins(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report plugins that did not come up, and plugin apps that registered nothing."""
    kind = Error if settings.CATALOG_STRICT_PLUGINS else Warning
    found: list[CheckMessage] = [
        kind(
            f"Plugin {failure.name} failed at {failure.stage}: {failure.message}",
            hint="Mend or remove it, or exclude it with CATALOG_PLUGINS_EXCLUDED. The others serve without it.",
            id="catalog.E001" if kind is Error else "catalog.W001",
        )
        for failure in failures
    ]
    modules = {type(plugin).__module__ for plugin in registry}
    failed = {failure.name for failure in failures} | set(settings.CATALOG_PLUGINS_EXCLUDED)
    for app_name, name in plugin_apps(settings.CATALOG_PLUGIN_APPS).items():
        package = package_of(app_name)
        if name not in failed and not any(module.startswith(package) for module in modules):
            found.append(
                kind(
                    f"The plugin app {app_name} registered no plugin.",
                    hint="Its AppConfig.ready() has to call registry.register(); apps.py may hold one AppConfig only.",
                    id="catalog.E002" if kind is Error else "catalog.W002",
                )
            )
    return found


@register("catalog")
def check_settings(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report settings that cannot work."""
    current = catalog_settings()
    found: list[CheckMessage] = [
        Error(
            f"CATALOG[{name!r}] is {getattr(current, name)}; it has to be larger than zero.",
            hint=f"Set CATALOG_{name.upper()} to a positive number, or leave it out for the default.",
            id="catalog.E003",
        )
        for name in _POSITIVE
        if getattr(current, name) <= 0
    ]
    if not 0 <= current.shrink_threshold <= 1:
        found.append(
            Error(
                f"CATALOG['shrink_threshold'] is {current.shrink_threshold}; it is a share between 0 and 1.",
                hint="Set CATALOG_SHRINK_THRESHOLD to 0.5, for example.",
                id="catalog.E004",
            )
        )
    found += [_missing(file) for file in current.sources_files if not file.is_file()]
    found += [_missing_folder(folder) for folder in current.plugin_folders if not folder.is_dir()]
    return found


@register("catalog", Tags.security, deploy=True)
def check_deployment(app_configs: Iterable[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Report what is fine on a laptop and not in production."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") and settings.BROKER_URL:
        return [
            Warning(
                "The broker is shared between machines, but the database is a SQLite file.",
                hint="Set CATALOG_DATABASE_URL to a PostgreSQL database that all replicas reach.",
                id="catalog.W003",
            )
        ]
    return []


def _missing_folder(folder: Path) -> CheckMessage:
    return Warning(
        f"The plugin folder {folder} does not exist.",
        hint="Make it, or take it out of CATALOG_PLUGIN_FOLDERS.",
        id="catalog.W005",
    )


def _missing(file: Path) -> CheckMessage:
    return Warning(
        f"The sources file {file} does not exist.",
        hint="Name another with CATALOG_SOURCES; until it is there, no source is read.",
        id="catalog.W004",
    )
