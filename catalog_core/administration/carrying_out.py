"""One change of the configuration, from the check to the jobs.

Order of work: check everything, put the change into force in the database, write the store, commit. Whatever fails on
the way, a conflict or a read-only file included, takes back what came before it. Only an accident between the last two
steps leaves the store ahead of the database, and then the next reconcile takes over what the store holds.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Required, TypedDict

from django.db import transaction

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.exceptions import InvalidDocument
from catalog_core.jobs.models import RefreshJob
from catalog_core.jobs.queue import announce, request_refresh
from catalog_core.plugins.contract import Plugin
from catalog_core.plugins.registry import PluginRegistry, registry
from catalog_core.reconcile.configuration import take_over
from catalog_core.reconcile.sources import SourceChanges
from catalog_core.sources.documents import Documents
from catalog_core.sources.models import CONFIGURATION_FAULT, ConfigurationState, Source
from catalog_core.sources.store import StoredConfiguration, check_version, configured_store

Edit = Callable[[Documents], Documents]
"""What a change makes of the files; raises if it cannot be made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a change has led to.

    Attributes:
        version: the version of the configuration that is in force now.
        source: the row of the source concerned; nothing where the change concerns the whole configuration.
        created: whether the source was not there before.
        changed: whether the configuration is other than before.
        sources: all sources that are other than before.
        jobs: the refreshes that were asked for.
    """

    version: str
    source: Source | None = None
    created: bool = False
    changed: bool = False
    sources: SourceChanges = field(default_factory=SourceChanges)
    jobs: tuple[RefreshJob, ...] = ()


class Circumstances(TypedDict, total=False):
    """Who wants a change, and on what condition: the keywords that every change takes.

    Attributes:
        actor: who wants it; always stated.
        reason: why.
        expected_version: the version of the configuration that the caller has seen; ``None`` if it does not matter.
        plugins: the plugins of this process.
    """

    actor: Required[str]
    reason: str
    expected_version: str | None
    plugins: PluginRegistry


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """The same, complete."""

    actor: str
    reason: str = ""
    expected_version: str | None = None
    plugins: PluginRegistry = registry


def carry_out(request: Request, edit: Edit, plugin: Plugin | None = None, source_id: str = "") -> Change:
    """Make a change as a whole or not at all.

    Args:
        request: who wants it.
        edit: what it makes of the files, given those that are there.
        plugin: the catalog whose source it concerns, if it concerns one.
        source_id: the id of that source.

    Raises:
        ConfigurationConflict: the configuration is not the expected one, or was changed at the same time.
        ConfigurationReadOnly: it cannot be written.
        ConfigurationUnavailable: it cannot be read.
        InvalidDocument: it could not be taken over after the change.
    """
    with transaction.atomic():
        state = ConfigurationState.locked()
        store = configured_store()
        stored = store.load()
        if request.expected_version is not None:
            check_version(stored, request.expected_version)
        wanted = StoredConfiguration.of(edit(stored.documents))
        visible_before = set(Source.objects.visible().values_list("pk", flat=True))
        changes = _put_in_force(state, stored, wanted, request)
        jobs = _request_refreshes(changes, visible_before, request)
        if wanted.version != stored.version:
            store.save(wanted.documents, expected_version=stored.version)
    announce(jobs)
    source = Source.objects.filter(plugin=plugin.name, key=source_id).first() if plugin else None
    return Change(
        version=wanted.version,
        source=source,
        created=source is not None and str(source) in changes.added,
        changed=wanted.version != stored.version,
        sources=changes,
        jobs=tuple(jobs),
    )


def _put_in_force(
    state: ConfigurationState, stored: StoredConfiguration, wanted: StoredConfiguration, request: Request
) -> SourceChanges:
    """Take over what the store holds, if nobody has noticed it yet, as a revision of its own; then the change."""
    found = SourceChanges()
    if stored.version != state.version or state.error:
        with suppress(InvalidDocument):  # it was never in force, and is just being replaced by something better
            found = take_over(state, stored, request.plugins)
    if wanted.version == stored.version:
        return found
    return found | take_over(state, wanted, request.plugins, actor=request.actor, reason=request.reason)


def _request_refreshes(changes: SourceChanges, visible_before: set[int], request: Request) -> list[RefreshJob]:
    """Ask for a refresh of the sources that are new, read differently by now, or shown again."""
    names = {*changes.added, *changes.changed}
    jobs = []
    for source in Source.objects.visible().exclude(error_code=CONFIGURATION_FAULT):
        is_read = isinstance(request.plugins.get(source.plugin), CatalogPlugin) and str(source) in names
        is_moved = source.last_refresh_at is None or source.read_digest != source.spec_digest
        if is_read and (is_moved or source.pk not in visible_before):
            job, is_new = request_refresh(source, reason="configuration", requested_by=request.actor)
            jobs += [job] if is_new else []
    return jobs
