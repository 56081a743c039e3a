"""Making the running system equal to the wish: one look, from the configuration and the plugin folders to the jobs.

The Celery task, the management command, the server's start and the tests all call :func:`reconcile`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction

from catalog_core.assets.listers import lists_itself, take_over_listed
from catalog_core.conf import catalog_settings
from catalog_core.coordination.leases import lease
from catalog_core.entities.declared.in_force import synchronize
from catalog_core.exceptions import ConfigurationUnavailable, InvalidDocument
from catalog_core.jobs.models import RefreshJob
from catalog_core.jobs.queue import abandoned, announce, give_up, purge
from catalog_core.plugins.contract import Plugin
from catalog_core.plugins.lifecycle import bring_up, has_waiting
from catalog_core.plugins.registry import PluginRegistry
from catalog_core.reconcile.configuration import note_failure, take_over
from catalog_core.reconcile.due import due_sources, request_refreshes
from catalog_core.reconcile.folders import is_taken_over, take_over_folders
from catalog_core.reconcile.sources import SourceChanges
from catalog_core.sources.models import ConfigurationState
from catalog_core.sources.store import configured_store


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileReport:
    """What one run did.

    Attributes:
        ran: false if another process is at it.
        applied: whether a new configuration was taken over.
        changes: what it changed among the sources.
        plugins: names of plugins that came up or went down.
        jobs: refreshes that were asked for.
        error: why the configuration was not taken over; empty if it was or did not change.
    """

    ran: bool = True
    applied: bool = False
    changes: SourceChanges = field(default_factory=SourceChanges)
    plugins: tuple[str, ...] = ()
    jobs: tuple[RefreshJob, ...] = ()
    error: str = ""


def reconcile(
    plugins: PluginRegistry, *, starting: bool = False, check: Callable[[Plugin], None] = lambda plugin: None
) -> ReconcileReport:
    """Take over the configuration if it has changed, retry what failed, and ask for the refreshes that are due.

    Runs exclude each other, whatever number of processes try. A run with nothing to do writes nothing, not even to
    exclude others.

    Args:
        plugins: the plugins of this process.
        starting: whether the worker has just started; all plugins are then brought up and all sources looked at.
        check: a last look at a plugin before it serves; raises if the plugin cannot.
    """
    if not starting and _is_idle(plugins):
        return ReconcileReport()
    with lease("reconcile", catalog_settings().lease_seconds) as held:
        if not held:
            return ReconcileReport(ran=False)
        return _reconcile(plugins, starting, check)


def _is_idle(plugins: PluginRegistry) -> bool:
    """Say whether there is nothing to do. What changes just after it was looked at is seen at the next tick."""
    if synchronize(plugins) or not is_taken_over() or any(map(lists_itself, plugins)):
        return False
    if has_waiting(plugins) or not _is_in_force():
        return False
    return not due_sources(plugins, starting=False) and not abandoned()


def _is_in_force() -> bool:
    """Say whether what the store holds was taken over; read without keeping anybody waiting."""
    state = ConfigurationState.current()
    if state.error:
        return False
    try:
        return configured_store().load().version == state.seen_version
    except (ConfigurationUnavailable, InvalidDocument):
        return False


def _reconcile(plugins: PluginRegistry, starting: bool, check: Callable[[Plugin], None]) -> ReconcileReport:
    other_folders = take_over_folders(plugins, check, starting=starting)
    brought_up = bring_up(plugins, starting=starting, check=check)
    applied, changes, error = False, SourceChanges(), ""
    if starting or other_folders or brought_up or not _is_in_force():
        applied, changes, error = _look_at_configuration(plugins)
    give_up()
    take_over_listed(plugins)
    jobs = request_refreshes(due_sources(plugins, starting=starting))
    announce({job.pk: job for job in (*jobs, *abandoned())}.values())
    purge()
    return ReconcileReport(applied=applied, changes=changes, plugins=tuple(brought_up), jobs=tuple(jobs), error=error)


def _look_at_configuration(plugins: PluginRegistry) -> tuple[bool, SourceChanges, str]:
    """Take over what the store holds; return whether that worked, what it changed, and else why it did not."""
    with transaction.atomic():
        state = ConfigurationState.locked()
        try:
            with transaction.atomic():
                return True, take_over(state, configured_store().load(), plugins), ""
        except (ConfigurationUnavailable, InvalidDocument) as error:
            note_failure(state, error)
            return False, SourceChanges(), str(error)
