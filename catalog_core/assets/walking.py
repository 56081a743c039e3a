"""Following references from asset to asset, level by level.

A level costs two queries, however many assets are on it.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Concat

from catalog_core.assets.resolution import NODE_COLUMNS, Node, Visible, candidates, targets_that_may_mean
from catalog_core.entities.envelope import Asset
from catalog_core.entities.references import AssetReference, Target
from catalog_core.exceptions import NotFound

MAX_RELATIONS = 1000
"""Relations in one answer."""
MAX_DEPTH = 20
"""Steps between two assets that an answer follows."""

_TARGET_COLUMNS = ("kind", "name", "named_source")
_SEPARATOR = Value("\x1f")


@dataclass(frozen=True, slots=True)
class Relation:
    """That one asset refers to another.

    Attributes:
        origin: the asset that refers.
        relation: what it has to do with the other.
        target: what it names.
        to: the asset that is meant; nothing if there is none.
        depth: how many steps from the asset that was asked about, from 1.
    """

    origin: Node
    relation: str
    target: Target
    to: Node | None
    depth: int


@dataclass(slots=True)
class Walk:
    """What was found on the way.

    Attributes:
        relations: those nearer to the start first.
        truncated: whether there are more, which ``MAX_RELATIONS`` leaves out.
        frontier: assets that were reached and not looked at any further.
    """

    relations: list[Relation] = field(default_factory=list)
    truncated: bool = False
    frontier: list[Node] = field(default_factory=list)

    def take(self, found: Sequence[Relation], seen: set[uuid.UUID], *, outwards: bool) -> None:
        """Take in the relations of one level, one more of them at most than there is room for."""
        room = MAX_RELATIONS - len(self.relations)
        self.truncated = len(found) > room
        self.relations += found[:room]
        self.frontier = []
        for relation in found[:room]:
            node = relation.to if outwards else relation.origin
            if node is not None and node.uid not in seen:
                seen.add(node.uid)
                self.frontier.append(node)


def find_asset(uid: uuid.UUID, visible: Visible) -> Node:
    """Return the asset of that id; one query.

    Raises:
        NotFound: readers see none.
    """
    found = Asset.objects.filter(uid=uid, source__in=visible.sources).values_list(*NODE_COLUMNS).first()
    if found is None:
        raise NotFound(f"no asset has the uid {uid}.")
    return visible.node(found)


def walk_out(start: Node, visible: Visible, *, depth: int) -> Walk:
    """Follow what an asset refers to, what that refers to, and so on."""
    walk, seen = Walk(frontier=[start]), {start.uid}
    for level in range(1, depth + 1):
        if not walk.frontier or walk.truncated:
            break
        walk.take(_relations_out(walk, visible, level), seen, outwards=True)
    return walk


def walk_in(walk: Walk, seen: set[uuid.UUID], visible: Visible, *, depth: range) -> Walk:
    """Go on with a walk: follow what refers to the assets that it has reached, what refers to that, and so on.

    Args:
        walk: where to go on; it grows.
        seen: assets that are not followed again; grows.
        visible: the sources whose assets count.
        depth: the depths to note for the levels, one after the other.
    """
    for level in depth:
        if not walk.frontier or walk.truncated:
            break
        walk.take(_relations_in(walk, visible, level), seen, outwards=False)
    return walk


def _relations_out(walk: Walk, visible: Visible, depth: int) -> list[Relation]:
    nodes = {node.uid: node for node in walk.frontier}
    places = {uid: place for place, uid in enumerate(nodes)}
    rows = list(
        AssetReference.objects.filter(asset__uid__in=list(nodes))
        .order_by("asset_id", "position")
        .values_list("asset_id", "relation", *_TARGET_COLUMNS)[: _room(walk)]
    )
    rows.sort(key=lambda row: places[row[0]])
    known = candidates((Target(*row[2:]) for row in rows), visible)
    targets = [Target(*row[2:]) for row in rows]
    return [
        Relation(nodes[uid], relation, target, known.meant_by(target), depth)
        for (uid, relation, *_), target in zip(rows, targets, strict=True)
    ]


def _relations_in(walk: Walk, visible: Visible, depth: int) -> list[Relation]:
    nodes = {node.uid for node in walk.frontier}
    targets = {target for node in walk.frontier for target in targets_that_may_mean(node)}
    known = candidates(targets, visible)
    meant = {target: node for target in targets if (node := known.meant_by(target)) and node.uid in nodes}
    return relations_to(meant, visible, depth=depth, at_most=_room(walk))


def relations_to(meant: Mapping[Target, Node], visible: Visible, *, depth: int, at_most: int) -> list[Relation]:
    """Return the relations of visible assets that name one of some targets; one query, none without targets.

    Args:
        meant: the targets, and what each of them means.
        visible: the sources whose assets count.
        depth: the depth to note.
        at_most: how many to return.
    """
    if not meant:
        return []
    columns = [f"asset__{column}" for column in NODE_COLUMNS]
    rows = references_naming(meant, visible).order_by("asset_id", "position")
    found = []
    for row in rows.values_list("relation", *_TARGET_COLUMNS, *columns)[:at_most]:
        target = Target(*row[1:4])
        found.append(Relation(visible.node(row[4:]), row[0], target, meant[target], depth))
    return sorted(found, key=lambda relation: _order(relation, visible))


def references_naming(targets: Iterable[Target], visible: Visible) -> QuerySet[AssetReference]:
    """Return the references of visible assets that name one of some targets, of which there has to be one."""
    some = list(targets)
    exact = Concat("kind", _SEPARATOR, "named_source", _SEPARATOR, "name", output_field=TextField())
    return AssetReference.objects.alias(exact=exact).filter(
        kind__in=sorted({target.kind for target in some}),  # these two find the rows by their index
        name__in=sorted({target.name for target in some}),
        exact__in=sorted("\x1f".join((target.kind, target.source, target.name)) for target in some),
        source__in=visible.sources,
    )


def _room(walk: Walk) -> int:
    """Return how many relations to ask for: one more than there is room for tells that there are more."""
    return MAX_RELATIONS - len(walk.relations) + 1


def _order(relation: Relation, visible: Visible) -> tuple[Any, ...]:
    origin = relation.origin
    return origin.kind, origin.name, visible.place(origin)
