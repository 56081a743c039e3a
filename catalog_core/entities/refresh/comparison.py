"""Comparing what a source holds now with what is stored of it. Reads the database and changes nothing."""

from collections.abc import Callable
from dataclasses import replace

from catalog_core.conf import catalog_settings
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.models import NAME_MAX_LENGTH
from catalog_core.entities.refresh.changes import Changes
from catalog_core.entities.refresh.plan import Planner, RefreshPlan, Remark
from catalog_core.entities.refresh.store import inventory_of, stored_remarks
from catalog_core.log.secrets import without_secrets_in_use
from catalog_core.sources.formats import FormatLimits, iter_items
from catalog_core.sources.models import Source
from catalog_core.sources.providers.base import Snapshot
from catalog_core.sources.reading import name_patterns, work_folder


def compare(
    source: Source, plugin: CatalogPlugin, snapshot: Snapshot, *, on_item: Callable[[int], None] = lambda count: None
) -> RefreshPlan:
    """Return what storing the snapshot would change.

    Args:
        source: the source as it is configured, or as it would be; one that is not saved has nothing stored.
        plugin: the plugin it belongs to.
        snapshot: what its provider has read.
        on_item: told how many items were looked at, now and then.
    """
    is_saved = source.pk is not None
    planner = Planner(
        plugin=plugin,
        shown_source=(source.name, source.type),
        patterns=name_patterns(source),
        earlier_remarks=stored_remarks(source) if is_saved else {},
    )
    settings = catalog_settings()
    plan = RefreshPlan(
        changes=Changes(work_folder(source, settings)), names=inventory_of(source if is_saved else None, plugin.model)
    )
    limits, keys = FormatLimits(max_bytes=settings.source_max_bytes), plugin.data_keys()
    feeds = (
        (file.name, iter_items(file.opened(), file=file.name, format=file.format, key=keys, limits=limits))
        for file in snapshot.files
    )
    failed = {problem.file: problem for problem in snapshot.problems}
    planner.fill(plan, feeds, failed_files=failed, on_item=on_item)
    plan.remarks.kept = [_without_secrets(remark) for remark in plan.remarks.kept]
    return plan


def _without_secrets(remark: Remark) -> Remark:
    """Return a remark that does not repeat a credential which the upstream has put into an item."""
    return replace(
        remark,
        problem=remark.problem.rewritten(without_secrets_in_use),
        item_name=without_secrets_in_use(remark.item_name)[:NAME_MAX_LENGTH],
    )
