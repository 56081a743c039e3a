"""What applying an entry would change in the catalog, found out without applying it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from catalog_core.administration.findings import as_finding
from catalog_core.administration.trial import candidate, read_now
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.refresh.comparison import compare
from catalog_core.entities.refresh.plan import RefreshPlan, translation_key
from catalog_core.entities.refresh.refusal import refusal
from catalog_core.exceptions import SourceError
from catalog_core.log.secrets import secrets_forgotten_afterwards, without_secrets_in_use
from catalog_core.sources.models import Source
from catalog_core.sources.providers.base import Snapshot
from catalog_core.sources.rejections import Rejection

MAX_NAMES = 50
"""Names that a plan lists of each group; the counts are those of all."""
_CONNECTION_NAMES = 10

_ENTRY_COLUMNS = ("name", "type", "enabled", "labels", "properties", "included_items", "excluded_items")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePlan:
    """What a source holds now, compared with what is stored of it.

    Attributes:
        source: the source as it would be.
        stored: the source as it is; nothing if it is new.
        snapshot: what was read.
        plan: what storing it would do.
        refused: why it would not be taken over as a whole; nothing if it would.
        stored_names: the names of the entities that are stored.
    """

    source: Source
    stored: Source | None
    snapshot: Snapshot
    plan: RefreshPlan
    refused: Rejection | None
    stored_names: frozenset[str]

    def as_dict(self) -> dict[str, Any]:
        """Return the plan as the API shows it."""
        plan = self.plan
        return {
            "sourceId": self.source.key,
            "sourceChange": self._source_change(),
            "enabled": self.source.enabled,
            "revision": self.snapshot.revision,
            "itemsRead": plan.items_read,
            "entityCount": plan.total,
            "added": _group(plan.changes.names - self.stored_names),
            "changed": _group(plan.changes.names & self.stored_names),
            "removed": _group(plan.removed),
            "stale": _group(plan.stale),
            "unchanged": plan.unchanged,
            "filtered": plan.filtered,
            "setAside": _remarks(plan, "error"),
            "warnings": _remarks(plan, "warning"),
        } | ({"refused": self.refused.message} if self.refused else {})

    def connection(self) -> dict[str, Any]:
        """Return what a connection test says that it found; it fails where a refresh would."""
        names = [*self.plan.changes.names, *sorted(self.plan.unchanged_names())]
        error = self.refused.error() if self.refused else None
        return {
            "ok": error is None,
            "revision": self.snapshot.revision,
            "files": len(self.snapshot.files),
            "entityCount": self.plan.total,
            "setAsideCount": self.plan.set_aside,
            "names": names[:_CONNECTION_NAMES],
        } | ({"error": str(error), "errorCode": error.code} if error else {})

    def _source_change(self) -> str:
        if self.stored is None:
            return "added"
        same = all(getattr(self.source, column) == getattr(self.stored, column) for column in _ENTRY_COLUMNS)
        return "none" if same else "changed"


@secrets_forgotten_afterwards()
def plan_source(plugin: CatalogPlugin, entry: Mapping[str, Any], stored: Source | None) -> SourcePlan:
    """Read a source as an entry describes it, and compare it with what is stored. Nothing is changed.

    Args:
        plugin: the plugin it is for.
        entry: a valid entry, with the names that the API uses.
        stored: the source that it changes; nothing if it is new.

    Raises:
        SourceUnavailable: the source cannot be read now, or not within the time that a request may take.
        SourceInvalid: it cannot be read as the entry says, or nothing in it is readable.
    """
    source = candidate(plugin, entry, stored)
    try:
        snapshot = read_now(source)
    except SourceError as error:
        error.rewrite(without_secrets_in_use)
        raise
    names = plugin.model._default_manager.filter(source=stored).values_list("name", flat=True) if stored else ()
    plan = compare(source, plugin, snapshot)
    refused = refusal(source, snapshot, plan, translation=translation_key(plugin), forced=False)
    return SourcePlan(
        source=source,
        stored=stored,
        snapshot=snapshot,
        plan=plan,
        refused=replace(refused, message=without_secrets_in_use(refused.message)) if refused else None,
        stored_names=frozenset(names),
    )


def _group(names: Iterable[str]) -> dict[str, Any]:
    ordered = sorted(names)
    return {"count": len(ordered), "names": ordered[:MAX_NAMES]}


def _remarks(plan: RefreshPlan, severity: str) -> dict[str, Any]:
    found = [remark for remark in plan.remarks.kept if remark.problem.severity == severity]
    shown = [
        ({"item": remark.item_name} if remark.item_name else {}) | as_finding(remark.problem)
        for remark in found[:MAX_NAMES]
    ]
    return {"count": plan.remarks.count(severity), "items": shown}
