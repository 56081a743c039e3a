"""Bringing plugins up, and knowing how they are.

What a process finds out while it starts (import, models, ``ready()``, routes) is in its own failure log, the same in
every process. What a worker finds out later (migrations, ``init``, ``start``) is in the database, for all of them.
"""

import logging
import threading
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.apps import apps
from django.db import connection
from django.utils import timezone

from catalog_core.conf import catalog_settings
from catalog_core.exceptions import CatalogError
from catalog_core.plugins.contract import Plugin, PluginContext, base_path, default_base_path, source_key
from catalog_core.plugins.discovery import PluginFailure, failures
from catalog_core.plugins.migrations import migration_problems
from catalog_core.plugins.models import PluginState
from catalog_core.plugins.registry import PluginRegistry

logger = logging.getLogger(__name__)

_FIRST_PAUSE_SECONDS = 15.0
_LONGEST_PAUSE_SECONDS = 600.0


class PluginNotReady(CatalogError):
    """A plugin could not be brought up; it is tried again later."""

    code = "plugin_not_ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginStatus:
    """How one plugin is, for everybody who shows it.

    Attributes:
        name: its name.
        plugin: its code, if it was registered.
        base_path: where its routes are, or would be.
        serving: whether its routes answer.
        initialized: whether a worker has brought it up.
        stage: where it failed, or the last stage it passed.
        error: why it failed; empty if it did not.
        traceback: for administrators only.
    """

    name: str
    plugin: Plugin | None
    base_path: str
    serving: bool
    initialized: bool
    stage: str
    error: str = ""
    traceback: str = ""


def plugin_statuses(plugins: PluginRegistry) -> list[PluginStatus]:
    """Return how all plugins are: registered ones in the order of their names, then those that never got so far."""
    states = {state.name: state for state in PluginState.objects.all()}
    registered = [_status(plugin, states.get(plugin.name)) for plugin in plugins]
    failed = [_failed(failure) for failure in failures if failure.name not in plugins]
    return _with_troubles(registered, plugins) + failed + [_failed(failure) for failure in folder_failures(plugins)]


def folder_failures(plugins: PluginRegistry) -> list[PluginFailure]:
    """Return the folders without a plugin in force; one whose name another has is told apart by its folder."""
    failures = []
    for entry in plugins.folder_plugins:
        if entry.plugin is None:
            name = entry.name or entry.folder
            name = f"{name}@{entry.folder}" if name in plugins else name
            failures.append(PluginFailure(name=name, stage="definition", message="; ".join(entry.problems)))
    return failures


def plugin_status(plugin: Plugin) -> PluginStatus:
    """Return how one registered plugin is."""
    return _status(plugin, PluginState.objects.filter(name=plugin.name).first())


def bring_up(
    plugins: PluginRegistry, *, starting: bool, check: Callable[[Plugin], None] = lambda plugin: None
) -> list[str]:
    """Bring up every plugin that needs it; return the names of those that changed.

    Args:
        plugins: the plugins of this process.
        check: a last look at a plugin before it serves; raises if the plugin cannot.
        starting: whether the worker has just started: then all are brought up, else new and failed ones that are due.
    """
    waiting, left_over = _waiting(plugins, starting)
    labels = {plugin.name: _app_label(plugin) for plugin, _ in waiting}
    problems = migration_problems(labels.values()) if waiting else {}
    changed = [
        plugin.name for plugin, state in waiting if _bring_up(plugin, state, check, problems.get(labels[plugin.name]))
    ]
    return changed + _forget(left_over)


def has_waiting(plugins: PluginRegistry) -> bool:
    """Say whether :func:`bring_up` would do anything at this moment. Changes nothing."""
    waiting, left_over = _waiting(plugins, starting=False)
    return bool(waiting or left_over)


def _waiting(plugins: PluginRegistry, starting: bool) -> tuple[list[tuple[Plugin, PluginState]], list[PluginState]]:
    """Return the plugins to be brought up, with what is known of them, and what is known of plugins that are gone."""
    states = {state.name: state for state in PluginState.objects.all()}
    waiting = []
    for plugin in plugins:
        state = states.pop(plugin.name, None) or PluginState(name=plugin.name)
        if not failures.get(plugin.name) and (starting or _needs_bringing_up(plugin, state)):
            waiting.append((plugin, state))
    return waiting, list(states.values())


def _needs_bringing_up(plugin: Plugin, state: PluginState) -> bool:
    is_new = state._state.adding or state.version != plugin.version
    is_due = not state.serving and (state.next_try_at is None or state.next_try_at <= timezone.now())
    return is_new or is_due


def _app_label(plugin: Plugin) -> str:
    config = apps.get_containing_app_config(type(plugin).__module__)
    return config.label if config else ""


def _bring_up(
    plugin: Plugin, state: PluginState, check: Callable[[Plugin], None], migration_problem: str | None
) -> bool:
    """Run the stages of one plugin and note the outcome; return whether anything is other than before."""
    before = (state.serving, state.stage, state.error, state.version)
    stage = "migrate"
    try:
        if migration_problem:
            raise PluginNotReady(migration_problem)
        stage = "routes"
        check(plugin)
        stage = "init"
        call_bounded(lambda: plugin.init(_context(plugin)), plugin, "init")
        stage = "start"
        call_bounded(plugin.start, plugin, "start")
    except Exception as error:  # noqa: BLE001 - plugin code: whatever it raises is that plugin's failure
        _note_failure(state, stage, error)
    else:
        if state.error:
            logger.info("plugin %s: recovered", plugin.name)
        state.serving, state.stage, state.error, state.traceback = True, "serving", "", ""
        state.tries, state.next_try_at = 0, None
    state.version = plugin.version
    changed = (state.serving, state.stage, state.error, state.version) != before
    if changed or not state.serving:
        state.save()
    return changed


def _note_failure(state: PluginState, stage: str, error: Exception) -> None:
    message = f"{type(error).__name__}: {error}" if not isinstance(error, CatalogError) else str(error)
    if (state.stage, state.error) != (stage, message):
        logger.error("plugin %s: failed at %s", state.name, stage, exc_info=error)
    state.serving, state.stage, state.error = False, stage, message
    state.traceback = "".join(traceback.format_exception(error))
    state.tries += 1
    pause = min(_FIRST_PAUSE_SECONDS * 2 ** min(state.tries - 1, 10), _LONGEST_PAUSE_SECONDS)
    state.next_try_at = timezone.now() + timedelta(seconds=pause)


_hanging: dict[str, threading.Thread] = {}
"""Calls into plugins that did not return in time. They cannot be ended, so they are not begun a second time."""


def call_bounded(call: Callable[[], None], plugin: Plugin, what: str) -> None:
    """Run a call into a plugin in a thread of its own, and give up on it after the limit (``plugin_init_seconds``).

    Raises:
        PluginNotReady: it took too long, or an earlier call has still not returned.
    """
    earlier = _hanging.get(plugin.name)
    if earlier and earlier.is_alive():
        raise PluginNotReady(f"An earlier {earlier.name} has still not returned; restart the worker to end it.")
    raised: list[Exception] = []

    def run() -> None:
        try:
            call()
        except Exception as error:  # noqa: BLE001 - handed to the caller
            raised.append(error)
        finally:
            connection.close()

    limit = catalog_settings().plugin_init_seconds
    thread = threading.Thread(target=run, name=f"{what} of {plugin.name}", daemon=True)
    thread.start()
    thread.join(limit)
    if thread.is_alive():
        _hanging[plugin.name] = thread
        raise PluginNotReady(f"Its {what}() did not return within {limit:g} seconds.")
    _hanging.pop(plugin.name, None)
    if raised:
        raise raised[0]


def _context(plugin: Plugin) -> PluginContext:
    return PluginContext(
        base_path=base_path(plugin),
        source_key=source_key(plugin),
        data_dir=catalog_settings().data_dir / "plugins" / plugin.name,
    )


def _forget(states: Iterable[PluginState]) -> list[str]:
    """Remove what is known of plugins that are not installed any more."""
    names = [state.name for state in states]
    PluginState.objects.filter(name__in=names).delete()
    return names


def _status(plugin: Plugin, state: PluginState | None) -> PluginStatus:
    failure = failures.get(plugin.name)
    if failure:
        return _failed(failure, plugin)
    if state is None:
        return PluginStatus(
            name=plugin.name,
            plugin=plugin,
            base_path=base_path(plugin),
            serving=True,
            initialized=False,
            stage="registered",
        )
    return PluginStatus(
        name=plugin.name,
        plugin=plugin,
        base_path=base_path(plugin),
        serving=state.serving,
        initialized=state.serving,
        stage=state.stage,
        error=state.error,
        traceback=state.traceback,
    )


def _with_troubles(statuses: Iterable[PluginStatus], plugins: PluginRegistry) -> list[PluginStatus]:
    """Say of plugins that serve why the newest version of their folder does not."""
    troubles = {
        entry.plugin.name: "; ".join(entry.problems) for entry in plugins.folder_plugins if entry.plugin is not None
    }
    return [
        replace(status, error=status.error or troubles[status.name]) if troubles.get(status.name) else status
        for status in statuses
    ]


def _failed(failure: PluginFailure, plugin: Plugin | None = None) -> PluginStatus:
    return PluginStatus(
        name=failure.name,
        plugin=plugin,
        base_path=base_path(plugin) if plugin else default_base_path(failure.name),
        serving=False,
        initialized=False,
        stage=failure.stage,
        error=failure.message,
        traceback=failure.traceback,
    )
