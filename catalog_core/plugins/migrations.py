"""Migrations of plugins: loaded so that those of one broken plugin stop nobody else's."""

from collections.abc import Iterable
from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig, apps
from django.conf import settings
from django.db import connections
from django.db.migrations.exceptions import NodeNotFoundError
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from catalog_core.plugins.discovery import package_of, plugin_apps


def plugin_configs() -> list[AppConfig]:
    """Return the installed apps that are plugins."""
    packages = {package_of(app) for app in plugin_apps(settings.CATALOG_PLUGIN_APPS)}
    return [config for config in apps.get_app_configs() if config.name in packages]


def leave_out_broken_migrations() -> dict[str, str]:
    """Make Django overlook the migrations of plugins that cannot be loaded, for the rest of this process.

    Returns:
        For each such plugin, by app label, why.
    """
    problems = {config.label: problem for config in plugin_configs() if (problem := _import_problem(config))}
    _overlook(problems)
    plugins = {config.label for config in plugin_configs()}
    while True:
        try:
            MigrationLoader(None)
        except NodeNotFoundError as error:
            label = error.origin.app_label if error.origin is not None else ""
            if label not in plugins or label in problems:
                raise
            problems[label] = str(error)
            _overlook([label])
        else:
            return problems


def migration_problems(labels: Iterable[str]) -> dict[str, str]:
    """Return, for each of the apps whose tables are not as its code expects them, what is wrong."""
    problems = leave_out_broken_migrations()
    executor = MigrationExecutor(connections["default"])
    found = {}
    for label in labels:
        if label in problems:
            found[label] = f"Its migrations cannot be loaded: {problems[label]}"
            continue
        targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] == label]
        waiting = [f"{migration.app_label}.{migration.name}" for migration, _ in executor.migration_plan(targets)]
        if waiting:
            found[label] = f"Its migrations are not applied: {', '.join(waiting)}. Run `manage.py migrate`."
    return found


def _overlook(labels: Iterable[str]) -> None:
    settings.MIGRATION_MODULES = {**settings.MIGRATION_MODULES, **dict.fromkeys(labels)}


def _import_problem(config: AppConfig) -> str:
    name = f"{config.name}.migrations"
    try:
        package = import_module(name)
    except ModuleNotFoundError as error:
        return "" if error.name == name else f"{type(error).__name__}: {error}"
    except Exception as error:  # noqa: BLE001 - migrations of plugins are plugin code
        return f"{type(error).__name__}: {error}"
    for module in iter_modules(getattr(package, "__path__", [])):
        try:
            migration = import_module(f"{name}.{module.name}")
        except Exception as error:  # noqa: BLE001 - migrations of plugins are plugin code
            return f"{module.name}: {type(error).__name__}: {error}"
        if module.name[0] not in "_~" and not hasattr(migration, "Migration"):
            return f"{module.name} has no class Migration"
    return ""
