"""Putting a configuration into force: the rows of its sources, its labels and queries, and its revision.

Whoever does so holds the row of :class:`ConfigurationState` and has read the store after taking it. Of two processes
the later one has therefore read what is at least as new, and nobody brings back what somebody else has just replaced.
"""

import logging
from functools import partial
from time import monotonic

from django.db import transaction
from django.utils import timezone

from catalog_core.conf import catalog_settings
from catalog_core.exceptions import CatalogError
from catalog_core.plugins.registry import PluginRegistry
from catalog_core.problems import Problem
from catalog_core.reconcile.sources import SourceChanges, apply_sections
from catalog_core.sources.configuration import Configuration
from catalog_core.sources.documents import read_configuration
from catalog_core.sources.models import ConfigurationState
from catalog_core.sources.revisions import record_revision
from catalog_core.sources.store import StoredConfiguration

logger = logging.getLogger(__name__)

FOUND_ON_DISK = "file"
"""Who made a revision that nobody asked this server for."""


def take_over(
    state: ConfigurationState,
    stored: StoredConfiguration,
    plugins: PluginRegistry,
    *,
    actor: str = FOUND_ON_DISK,
    reason: str = "",
) -> SourceChanges:
    """Put ``stored`` into force. What it says already is not written again.

    Args:
        state: the row as :meth:`ConfigurationState.locked` gives it; its transaction goes on.
        stored: what the store holds since, or will hold when the transaction ends.
        plugins: the plugins of this process.
        actor: who made this configuration.
        reason: why.

    Raises:
        InvalidDocument: it cannot be taken over as a whole; nothing was written.
    """
    began = monotonic()
    configuration, problems = read_configuration(stored.documents, max_bytes=catalog_settings().configuration_max_bytes)
    changes, source_problems = apply_sections(configuration, plugins)
    problems += source_problems
    if state.version != stored.version:
        record_revision(stored, configuration, actor=actor, reason=reason)
    _log(state, stored, changes, problems)
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
    return changes


def note_failure(state: ConfigurationState, error: CatalogError) -> None:
    """Show why the configuration could not be taken over; what was in force stays in force.

    Args:
        state: the row as :meth:`ConfigurationState.locked` gives it.
        error: what went wrong.
    """
    text = str(error)
    if state.error == text:
        return
    logger.error("configuration: %s What was in force before stays in force.", text)
    state.error = text
    state.problems = [problem.as_dict() for problem in getattr(error, "problems", ())]
    state.checked_at = timezone.now()
    state.save()


def _log(
    state: ConfigurationState, stored: StoredConfiguration, changes: SourceChanges, problems: list[Problem]
) -> None:
    """Say what is new, once it is certain."""
    for problem in problems:
        if problem.as_dict() not in state.problems:
            transaction.on_commit(partial(logger.warning, "configuration: %s", problem))
    if changes:
        transaction.on_commit(partial(logger.info, "configuration %s: %s", stored.version[:8], changes.summary()))


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
