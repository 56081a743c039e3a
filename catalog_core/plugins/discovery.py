"""Finding plugin apps, and guarding Django against those that break while apps load.

``INSTALLED_APPS`` may hold ``AppConfig`` instances. The settings get those of plugins from here, made one by one inside
a guard; a package that cannot be imported is then simply not installed. The guard goes on to wrap what Django calls on
the instance later: importing its models, and ``ready()``.
"""

import logging
import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import entry_points
from pkgutil import iter_modules

from django.apps import AppConfig, apps

logger = logging.getLogger(__name__)

ENTRY_POINT_GROUP = "catalog.plugins"
BUNDLED_PACKAGE = "catalog_plugins"


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginFailure:
    """A plugin that did not get through start-up.

    Attributes:
        name: its name as far as known: the last part of its package.
        stage: ``import``, ``models``, ``ready``, ``definition`` or ``routes``.
        message: what went wrong, for administrators.
        traceback: the whole traceback, for administrators.
    """

    name: str
    stage: str
    message: str
    traceback: str = ""
    time: datetime = field(default_factory=lambda: datetime.now(UTC))


class FailureLog:
    """The start-up failures of this process, one for each plugin: the first counts."""

    def __init__(self) -> None:
        self._failures: dict[str, PluginFailure] = {}

    def __iter__(self) -> Iterator[PluginFailure]:
        return iter([self._failures[name] for name in sorted(self._failures)])

    def get(self, name: str) -> PluginFailure | None:
        """Return the failure of a plugin, or nothing."""
        return self._failures.get(name)

    def record(self, name: str, stage: str, error: BaseException) -> None:
        """Note that a plugin failed, and log it once."""
        if name in self._failures:
            return
        text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
        self._failures[name] = PluginFailure(
            name=name, stage=stage, message=text, traceback="".join(traceback.format_exception(error))
        )
        logger.error("plugin %s: failed at %s", name, stage, exc_info=error)


failures = FailureLog()
"""What went wrong with plugins while this process started."""


def plugin_apps(extra: Iterable[str] = ()) -> dict[str, str]:
    """Return all plugin apps: the bundled ones, ``extra``, and those of installed packages.

    Returns:
        Dotted name of the app to what the plugin is called before its code could be asked. An entry point says that
        itself by its name; else it is the last part of the package.
    """
    bundled = import_module(BUNDLED_PACKAGE)
    names = sorted(f"{BUNDLED_PACKAGE}.{module.name}" for module in iter_modules(bundled.__path__) if module.ispkg)
    found = {name: short_name(name) for name in (*names, *extra)}
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: point.value):
        found.setdefault(point.value, point.name)
    return found


def package_of(app: str) -> str:
    """Return the package of an app that is named by its package or by its configuration.

    >>> package_of("acme.widgets.apps.WidgetsConfig"), package_of("acme.widgets")
    ('acme.widgets', 'acme.widgets')
    """
    return app.partition(".apps.")[0]


def guarded_app_configs(
    extra: Iterable[str] = (), excluded: Iterable[str] = (), reserved_labels: Iterable[str] = ()
) -> list[AppConfig]:
    """Return an ``AppConfig`` for each plugin app that can be imported; the others are noted in :data:`failures`.

    Args:
        extra: dotted names of plugin apps besides those found by discovery.
        excluded: names of plugins that are not wanted.
        reserved_labels: labels of the other apps, which no plugin may take.
    """
    unwanted = set(excluded)
    taken = dict.fromkeys(reserved_labels, "an app of the server")
    configs = []
    for dotted_name, name in plugin_apps(extra).items():
        if name in unwanted:
            continue
        try:
            config = AppConfig.create(dotted_name)
            if owner := taken.get(config.label):
                raise ValueError(f"the app label {config.label!r} of {dotted_name} is taken by {owner}")
        except Exception as error:  # noqa: BLE001 - plugin code: whatever it raises must not stop the server
            failures.record(name, "import", error)
            continue
        taken[config.label] = dotted_name
        _guard(config, name)
        configs.append(config)
    return configs


def short_name(dotted_name: str) -> str:
    """Return what a plugin is called before its code could be asked: the last part of its package.

    >>> short_name("acme.widgets.apps.WidgetsConfig"), short_name("catalog_plugins.mcp")
    ('widgets', 'mcp')
    """
    parts = dotted_name.split(".")
    return next(part for part in reversed(parts) if part != "apps" and part[0].islower())


def _guard(config: AppConfig, name: str) -> None:
    import_models, ready = config.import_models, config.ready

    def guarded_import_models() -> None:
        try:
            import_models()
        except Exception as error:  # noqa: BLE001 - plugin code
            failures.record(name, "models", error)
            _forget_models(config)

    def guarded_ready() -> None:
        if failures.get(name):
            return
        # Imported here: this module is loaded by the settings, before Django REST framework may be.
        from catalog_core.exceptions import PluginDefinitionError
        from catalog_core.plugins.registry import registry

        before = {plugin.name for plugin in registry}
        try:
            ready()
        except Exception as error:  # noqa: BLE001 - plugin code
            failures.record(name, "definition" if isinstance(error, PluginDefinitionError) else "ready", error)
            for registered in {plugin.name for plugin in registry} - before:
                registry.unregister(registered)

    _replace(config, "import_models", guarded_import_models)
    _replace(config, "ready", guarded_ready)


def _replace(config: AppConfig, method: str, guarded: Callable[[], None]) -> None:
    setattr(config, method, guarded)


def _forget_models(config: AppConfig) -> None:
    """Leave no half-made models behind: other apps would find them through relations and the migration state."""
    apps.all_models[config.label].clear()
    config.models = apps.all_models[config.label]
    config.models_module = None
    apps.clear_cache()
