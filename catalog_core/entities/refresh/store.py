"""Storing a plan: the one place that writes entities. To be called inside a transaction."""

import uuid
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import Manager

from catalog_core.entities.bulk import batches, existing, insert, upsert
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.documents import json_text
from catalog_core.entities.envelope import Asset
from catalog_core.entities.instances import new_instance
from catalog_core.entities.models import ChildModel, EntityModel, entity_id
from catalog_core.entities.refresh.changes import Change
from catalog_core.entities.refresh.inventory import Inventory
from catalog_core.entities.refresh.plan import MAX_REMARKS, RefreshPlan, Remark
from catalog_core.entities.rendering import (
    Overlays,
    overlays_of,
    remove_assets,
    remove_assets_of,
    render,
    render_again,
    write_assets,
)
from catalog_core.entities.translation import Child, Entity
from catalog_core.problems import Problem
from catalog_core.sources.models import SetAside, Source

_BATCH = 500


def inventory_of(source: Source | None, model: type[EntityModel]) -> Inventory:
    """Return an inventory of what is stored of a source; an empty one where there is none."""
    found = Inventory()
    if source is not None:
        rows = model._default_manager.filter(source=source).order_by().values_list("name", "digest", "file", "stale")
        for name, digest, file, stale in rows.iterator():
            found.add_stored(name, digest, file, is_stale=stale)
    return found


def stored_remarks(source: Source) -> dict[str, list[Remark]]:
    """Return the remarks of the last refresh that belong to an item, by item name."""
    remarks: dict[str, list[Remark]] = {}
    for row in source.set_aside.exclude(item_name=""):
        remark = Remark(problem=Problem.from_dict(row.problem), item_name=row.item_name, item_line=row.item_line)
        remarks.setdefault(row.item_name, []).append(remark)
    return remarks


def store_plan(source: Source, plugin: CatalogPlugin, plan: RefreshPlan, now: datetime) -> bool:
    """Write what the plan says; return whether anything that readers see has changed."""
    overlays = overlays_of(source)
    _remove(source, plugin, plan.removed)
    marked = _mark_stale(source, plugin, plan, overlays)
    are_new = not _rows(plugin).filter(source=source).exists()
    write_assets(_written(source, plugin, plan, overlays, now, are_new=are_new), are_new=are_new)
    _write_remarks(source, plan.remarks.kept)
    return bool(plan.removed or plan.changes or marked)


def remove_entities(source: Source, plugin: CatalogPlugin) -> None:
    """Remove everything that a source has brought. To be called inside a transaction."""
    remove_assets_of(source)
    _rows(plugin).filter(source=source).delete()


def _remove(source: Source, plugin: CatalogPlugin, names: Iterable[str]) -> None:
    for some in batches(names, _BATCH):
        remove_assets(_id(source, plugin, name) for name in some)
        _rows(plugin).filter(source=source, name__in=some).delete()


def _mark_stale(source: Source, plugin: CatalogPlugin, plan: RefreshPlan, overlays: Overlays) -> bool:
    marked = False
    for some in batches(plan.stale, _BATCH):
        rows = list(_rows(plugin).filter(source=source, name__in=some, stale=False).select_related("source"))
        _rows(plugin).filter(id__in=[row.id for row in rows]).update(stale=True)
        for row in rows:
            row.stale = True
        render_again(plugin, rows, overlays)
        marked = marked or bool(rows)
    return marked


def _written(
    source: Source, plugin: CatalogPlugin, plan: RefreshPlan, overlays: Overlays, now: datetime, *, are_new: bool
) -> Iterator[Asset]:
    """Write the entities that are new or changed, batch by batch, and yield their assets, which are to be written."""
    for some in plan.changes.batches():
        ids = [_id(source, plugin, change.entity.name) for change in some]
        stored = set() if are_new else existing(plugin.model, "id", ids)
        created = dict(_rows(plugin).filter(id__in=stored).values_list("id", "created_at")) if stored else {}
        rows = [
            _row(source, plugin, change, row_id, created.get(row_id, now), now)
            for change, row_id in zip(some, ids, strict=True)
        ]
        assets = [render(plugin, row, overlays.get(row.id)) for row in rows]
        upsert([row for row in rows if row.id in created], key="id")
        insert(row for row in rows if row.id not in created)
        _write_children(plugin, rows, [change.entity for change in some], replaced=list(created))
        yield from assets


def _row(
    source: Source, plugin: CatalogPlugin, change: Change, row_id: uuid.UUID, created_at: datetime, now: datetime
) -> EntityModel:
    entity = change.entity
    values = {
        "id": row_id,
        "source_id": source.pk,
        "name": entity.name,
        "external_id": entity.external_id,
        "description": entity.description,
        "custom_properties": dict(entity.custom_properties),
        "native": change.native,
        "digest": change.digest,
        "file": change.file[-1000:],
        "created_at": entity.created_at or created_at,
        "updated_at": entity.updated_at or now,
        **entity.values,
    }
    return new_instance(plugin.model, values, {"source": source})


def _write_children(
    plugin: CatalogPlugin, rows: list[EntityModel], entities: list[Entity], *, replaced: list[uuid.UUID]
) -> None:
    for name, model in plugin.children.items():
        manager = model._default_manager
        if replaced:
            manager.filter(**{"entity__in": replaced}).delete()
        manager.bulk_create(
            [
                _child(plugin, model, row, name, position, child)
                for row, entity in zip(rows, entities, strict=True)
                for position, child in enumerate(entity.children.get(name, ()))
            ],
            batch_size=_BATCH,
        )


def _child(
    plugin: CatalogPlugin, model: type[ChildModel], row: EntityModel, name: str, position: int, child: Child
) -> ChildModel:
    values = {**child.values, "entity": row, "custom_properties": dict(child.custom_properties)}
    made = model(id=uuid.uuid5(row.id, f"{name}\x1f{position}"), position=position, **values)
    made.document = json_text(plugin.child_document(made))
    return made


def _write_remarks(source: Source, remarks: list[Remark]) -> None:
    if len(remarks) > MAX_REMARKS:  # reservations must not crowd out errors
        remarks = sorted(remarks, key=lambda remark: remark.problem.severity)[:MAX_REMARKS]
    wanted = [(remark.item_name, remark.item_line, remark.problem.as_dict()) for remark in remarks]
    if wanted == list(source.set_aside.values_list("item_name", "item_line", "problem")):
        return
    source.set_aside.all().delete()
    SetAside.objects.bulk_create(
        [
            SetAside(source=source, position=position, item_name=name, item_line=line, problem=problem)
            for position, (name, line, problem) in enumerate(wanted)
        ],
        batch_size=_BATCH,
    )


def _id(source: Source, plugin: CatalogPlugin, name: str) -> uuid.UUID:
    return entity_id(source.namespace, source.plugin, plugin.kind, source.key, name)


def _rows(plugin: CatalogPlugin) -> Manager[EntityModel]:
    return plugin.model._default_manager
