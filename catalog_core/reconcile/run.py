"""Making the running system equal to the configuration: one look, from the files to the jobs.

The Celery task, the management command, the server's start and the tests all call :func:`reconcile`.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import monotonic

from django.db import transaction
from django.utils import timezone

from catalog_core.conf import catalog_settings
from catalog_core.coordination.leases import lease
from catalog_core.exceptions import CatalogError, ConfigurationUnavailable, InvalidDocument
from catalog_core.jobs.models import RefreshJob
from catalog_core.jobs.queue import abandoned, announce, give_up, purge
from catalog_core.plugins.contract import Plugin
from catalog_core.plugins.lifecycle import bring_up, has_waiting
from catalog_core.plugins.registry import PluginRegistry
from catalog_core.problems import Problem
from catalog_core.reconcile.due import due_sources, request_refreshes
from catalog_core.reconcile.sources import SourceChanges, apply_sections
from catalog_core.sources.configuration import Configuration, complete, merge, parse_configuration
from catalog_core.sources.models import ConfigurationState
from catalog_core.sources.store import FileStore, StoredConfiguration

logger = logging.getLogger(__name__)

_LEASE_SECONDS = 300.0


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
    with lease("reconcile", _LEASE_SECONDS) as held:
        if not held:
            return ReconcileReport(ran=False)
        return _reconcile(plugins, starting, check)


def _is_idle(plugins: PluginRegistry) -> bool:
    """Say whether there is nothing to do. What changes just after it was looked at is seen at the next tick."""
    state = ConfigurationState.current()
    if state.error or has_waiting(plugins):
        return False
    try:
        if _store().load().version != state.seen_version:
            return False
    except (ConfigurationUnavailable, InvalidDocument):
        return False
    return not due_sources(plugins, starting=False) and not abandoned()


def _store() -> FileStore:
    settings = catalog_settings()
    return FileStore(files=settings.sources_files, max_bytes=settings.configuration_max_bytes)


def _reconcile(plugins: PluginRegistry, starting: bool, check: Callable[[Plugin], None]) -> ReconcileReport:
    began = monotonic()
    brought_up = bring_up(plugins, starting=starting, check=check)
    state = ConfigurationState.current()
    changes, applied = SourceChanges(), False
    try:
        stored = _store().load()
        applied = starting or bool(brought_up) or stored.version != state.seen_version or bool(state.error)
        if applied:
            changes = _take_over(state, stored, plugins, began)
    except (ConfigurationUnavailable, InvalidDocument) as error:
        applied = False
        _note_failure(state, error)
    give_up()
    jobs = request_refreshes(due_sources(plugins, starting=starting))
    announce({job.pk: job for job in (*jobs, *abandoned())}.values())
    purge()
    return ReconcileReport(
        applied=applied, changes=changes, plugins=tuple(brought_up), jobs=tuple(jobs), error=state.error
    )


def _take_over(
    state: ConfigurationState, stored: StoredConfiguration, plugins: PluginRegistry, began: float
) -> SourceChanges:
    configuration, problems = _parse(stored)
    with transaction.atomic():
        changes, source_problems = apply_sections(configuration, plugins)
        problems = [*problems, *source_problems]
        _log_problems(state, problems)
        before = (state.version, state.problems, state.sections, state.error)
        state.version = state.seen_version = stored.version
        state.sections = _sections(configuration, plugins)
        state.problems = [problem.as_dict() for problem in problems]
        state.error = ""
        if before != (state.version, state.problems, state.sections, state.error) or changes:
            state.applied_at = state.checked_at = timezone.now()
            state.duration_ms = round((monotonic() - began) * 1000)
            state.summary = changes.summary()
            state.save()
    if changes:
        logger.info("configuration %s: %s", stored.version[:8], changes.summary())
    return changes


def _parse(stored: StoredConfiguration) -> tuple[Configuration, list[Problem]]:
    limit = catalog_settings().configuration_max_bytes
    parsed = [
        parse_configuration(content, file=file.name, origin=str(file), max_bytes=limit)
        for file, content in stored.documents
    ]
    whole = complete(merge([one.configuration for one in parsed]))
    return whole.configuration, [problem for one in (*parsed, whole) for problem in one.problems]


def _note_failure(state: ConfigurationState, error: CatalogError) -> None:
    text = str(error)
    if state.error == text:
        return
    logger.error("configuration: %s What was in force before stays in force.", text)
    state.error = text
    state.problems = [problem.as_dict() for problem in getattr(error, "problems", ())]
    state.checked_at = timezone.now()
    state.save()


def _log_problems(state: ConfigurationState, problems: Iterable[Problem]) -> None:
    known = state.problems
    for problem in problems:
        if problem.as_dict() not in known:
            logger.warning("configuration: %s", problem)


def _sections(configuration: Configuration, plugins: PluginRegistry) -> dict[str, object]:
    """Return what the web processes need of the configuration besides the sources: labels and named queries."""
    sections: dict[str, object] = {}
    for key, section in configuration.sections.items():
        plugin = plugins.by_source_key(key)
        if plugin and (section.labels or section.named_queries):
            sections[plugin.name] = {
                "labels": [dict(label) for label in section.labels],
                "namedQueries": {name: dict(query) for name, query in section.named_queries.items()},
            }
    return sections
