"""Comparing the sources that the configuration names with those in the database, and changing only what differs."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from catalog_core.assets.listers import PLUGIN_SOURCE, lists_itself
from catalog_core.conf import catalog_settings
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.generations import bump_generation
from catalog_core.entities.refresh.store import remove_entities
from catalog_core.plugins.contract import Plugin, source_key
from catalog_core.plugins.registry import PluginRegistry
from catalog_core.problems import Problem, did_you_mean
from catalog_core.sources.configuration import Configuration, Section, SourceSpec, check_properties
from catalog_core.sources.models import CONFIGURATION_FAULT, Source, SourceState
from catalog_core.sources.providers import provider_for, provider_types
from catalog_core.sources.reading import declared_properties


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceChanges:
    """Which sources are other than before, as ``plugin/id``."""

    added: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def __or__(self, later: "SourceChanges") -> "SourceChanges":
        return SourceChanges(
            added=_united(self.added, later.added),
            changed=_united(self.changed, later.changed),
            removed=_united(self.removed, later.removed),
        )

    def summary(self) -> str:
        """Return the counts in one line."""
        parts = [
            f"{len(names)} {word}"
            for word, names in (("added", self.added), ("changed", self.changed), ("removed", self.removed))
            if names
        ]
        return ", ".join(parts) or "no source changed"


def _united(earlier: tuple[str, ...], later: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*earlier, *later)))


@dataclass(slots=True)
class _Changes:
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    catalogs: set[str] = field(default_factory=set)


def apply_sections(configuration: Configuration, plugins: PluginRegistry) -> tuple[SourceChanges, list[Problem]]:
    """Make the source rows equal to the configuration. To be called inside a transaction.

    Returns:
        What changed, and what is wrong with single entries; those are left out, or keep what they were before.
    """
    problems: list[Problem] = []
    changes = _Changes()
    for key in configuration.sections:
        if plugins.by_source_key(key) is None:
            problems.append(_unknown_section(key, plugins))
    for plugin in plugins:
        section = configuration.sections.get(source_key(plugin), Section())
        _apply_section(plugin, section, changes, problems)
    _purge_removed()
    for catalog in changes.catalogs:
        bump_generation(catalog)
    return (
        SourceChanges(added=tuple(changes.added), changed=tuple(changes.changed), removed=tuple(changes.removed)),
        problems,
    )


def take_out_catalog(plugin: str) -> None:
    """Take out all sources of a catalog that is no more, with what is known of them. To be called in a transaction.

    Their entities are for the caller to delete. The rows are kept as long as those of any removed source.
    """
    changes = _Changes()
    for row in Source.objects.select_for_update().filter(plugin=plugin, removed_at=None):
        _note_removed(row, changes)
    bump_generation(plugin)


def _apply_section(plugin: Plugin, section: Section, changes: _Changes, problems: list[Problem]) -> None:
    # Locked, so that saving a row cannot undo what a refresh notes in it at the same time.
    rows = {row.key: row for row in Source.objects.select_for_update().filter(plugin=plugin.name).order_by("pk")}
    for spec in section.sources:
        row = rows.pop(spec.id, None) or Source(plugin=plugin.name, key=spec.id)
        found = spec_problems(plugin, spec)
        problems.extend(found)
        if any(problem.severity == "error" for problem in found):
            _apply_faulty(row, spec, found, changes)
        else:
            _apply(row, spec, changes)
    for row in rows.values():
        if row.type == PLUGIN_SOURCE and lists_itself(plugin):
            continue
        # An entry that is there but cannot be understood is no wish to remove what it served before.
        if row.removed_at is None and row.key not in section.refused and not section.is_incomplete:
            _remove(plugin, row, changes)


def _apply(row: Source, spec: SourceSpec, changes: _Changes) -> None:
    is_new = row._state.adding or row.removed_at is not None
    wished = _wished(spec)
    before = {name: getattr(row, name) for name in wished}
    if not is_new and before == wished and row.error_code != CONFIGURATION_FAULT:
        return
    for name, value in wished.items():
        setattr(row, name, value)
    if row.error_code == CONFIGURATION_FAULT:
        row.error = row.error_code = ""
    if before["spec_digest"] != row.spec_digest:  # what failed before may work now; it waits for no pause
        row.next_refresh_at = None
    row.removed_at = None
    row.state = _state_of(row)
    row.save()
    (changes.added if is_new else changes.changed).append(str(row))
    if is_new or any(before[name] != wished[name] for name in _SEEN_BY_READERS):
        changes.catalogs.add(row.plugin)


_SEEN_BY_READERS = ("enabled", "position", "name", "labels")


def _apply_faulty(row: Source, spec: SourceSpec, found: list[Problem], changes: _Changes) -> None:
    """Show what is wrong with an entry. What the source served before goes on being served, as it was configured."""
    message = " ".join(str(problem) for problem in found if problem.severity == "error")
    if (
        not row._state.adding
        and row.removed_at is None
        and (row.error_code, row.error) == (CONFIGURATION_FAULT, message)
    ):
        return
    if row._state.adding or row.removed_at is not None:
        for name, value in _wished(spec).items():
            setattr(row, name, value)
        row.removed_at = None
    row.state = SourceState.ERROR if row.enabled else SourceState.DISABLED
    row.error, row.error_code = message, CONFIGURATION_FAULT
    row.save()
    changes.changed.append(str(row))


def _remove(plugin: Plugin, row: Source, changes: _Changes) -> None:
    """Take a source out with its entities; the row is kept for a while, so that its return is a return."""
    if isinstance(plugin, CatalogPlugin):
        remove_entities(row, plugin)
    _note_removed(row, changes)


def _note_removed(row: Source, changes: _Changes) -> None:
    row.removed_at = timezone.now()
    row.cursor, row.rejected, row.read_digest, row.revision = {}, {}, "", ""
    row.entity_count = row.set_aside_count = row.stale_count = 0
    row.last_refresh_at = row.last_success_at = row.next_refresh_at = None
    row.error = row.error_code = row.last_summary = ""
    row.failures = 0
    row.save()
    row.set_aside.all().delete()
    changes.removed.append(str(row))
    changes.catalogs.add(row.plugin)


def _wished(spec: SourceSpec) -> dict[str, object]:
    return {
        "name": spec.name[:300],
        "type": spec.type,
        "enabled": spec.enabled,
        "labels": list(spec.labels),
        "properties": dict(spec.properties),
        "included_items": list(spec.included_items),
        "excluded_items": list(spec.excluded_items),
        "origin": spec.origin,
        "position": spec.position,
        "spec_digest": spec.digest(),
    }


def _state_of(row: Source) -> str:
    if not row.enabled:
        return SourceState.DISABLED
    if row.error_code:
        return SourceState.ERROR
    if row.last_success_at is None:
        return SourceState.LOADING
    return SourceState.PARTIALLY_AVAILABLE if row.set_aside_count else SourceState.AVAILABLE


def spec_problems(plugin: Plugin, spec: SourceSpec) -> list[Problem]:
    """Return what is wrong with the type and the properties of a source of ``plugin``."""
    allowed = getattr(plugin, "source_types", ()) or provider_types()
    provider = provider_for(spec.type) if spec.type in allowed else None
    path = f"catalogs.{source_key(plugin)}.sources[{spec.id}]"
    if provider is None:
        message = f"There is no source type {spec.type!r} for {plugin.name}."
        hint = did_you_mean(spec.type, allowed)
        return [Problem(message=message, rule="unknown-type", hint=hint, file=spec.file, line=spec.line, path=path)]
    declared = declared_properties(provider)
    _, problems = check_properties(
        spec.properties, declared, file=spec.file, line=spec.line, path=path, positions=spec.positions
    )
    return problems


def _unknown_section(key: str, plugins: PluginRegistry) -> Problem:
    return Problem(
        message=f"No installed plugin is called {key!r}; its sources are left out.",
        rule="unknown-plugin",
        hint=did_you_mean(key, [source_key(plugin) for plugin in plugins]),
        path=f"catalogs.{key}",
        severity="warning",
    )


def _purge_removed() -> None:
    before = timezone.now() - timedelta(days=catalog_settings().removed_source_days)
    Source.objects.filter(removed_at__lt=before).delete()
