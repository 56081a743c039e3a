"""What an asset has to do with others, and what would break if it went away.

Everything is found out when it is asked, from what the assets say at that moment; nothing about it is kept.
"""

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from catalog_core.assets.resolution import Node, Visible, candidates, targets_that_may_mean
from catalog_core.assets.view import AssetsView, assets_view
from catalog_core.assets.walking import (
    MAX_DEPTH,
    MAX_RELATIONS,
    Relation,
    Walk,
    find_asset,
    references_naming,
    relations_to,
    walk_in,
    walk_out,
)
from catalog_core.entities.references import Target
from catalog_core.plugins.registry import registry

Direction = Literal["out", "in", "both"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """The relations of an asset, up to some depth.

    Attributes:
        asset: the asset.
        relations: what was found, each with the direction in which it was, nearer ones first.
        truncated: whether there are more, which ``MAX_RELATIONS`` leaves out.
        not_followed: how many assets are named whose own relations were not looked at.
    """

    asset: Node
    relations: tuple[tuple[str, Relation], ...]
    truncated: bool
    not_followed: int

    def as_dict(self) -> dict[str, Any]:
        """Return the body of the answer."""
        return {
            "asset": self.asset.as_dict(),
            "relations": [_relation_as_dict(direction, relation) for direction, relation in self.relations],
            "count": len(self.relations),
            "truncated": self.truncated,
            "notFollowed": self.not_followed,
        }


@dataclass(frozen=True, slots=True)
class Dependant:
    """An asset that needs another, directly or through others.

    Attributes:
        asset: the asset.
        path: the relations from it to the other one.
    """

    asset: Node
    path: tuple[Relation, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        steps = [{"relation": step.relation, **step.to.as_dict()} for step in self.path if step.to]
        return {**self.asset.as_dict(), "depth": len(self.path), "path": steps}


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """What would break if an asset went away.

    Attributes:
        asset: the asset.
        dependants: assets that would lack it, or lack something that lacks it.
        stand_ins: assets of other sources that would be meant in its place.
        redirected: how many assets name it in a way in which a stand-in would be meant.
        truncated: whether there are more dependants, which ``MAX_RELATIONS`` and ``MAX_DEPTH`` leave out.
    """

    asset: Node
    dependants: tuple[Dependant, ...]
    stand_ins: tuple[Node, ...]
    redirected: int
    truncated: bool

    def as_dict(self) -> dict[str, Any]:
        """Return the body of the answer."""
        kinds = Counter(dependant.asset.kind for dependant in self.dependants)
        return {
            "asset": self.asset.as_dict(),
            "breaks": bool(self.dependants),
            "count": len(self.dependants),
            "countByKind": dict(sorted(kinds.items())),
            "dependants": [dependant.as_dict() for dependant in self.dependants],
            "standIns": [node.as_dict() for node in self.stand_ins],
            "redirected": self.redirected,
            "truncated": self.truncated,
        }


def relations_of(
    uid: uuid.UUID, *, direction: Direction = "both", depth: int = 1, view: AssetsView | None = None
) -> Relations:
    """Return what an asset refers to, what refers to it, or both, each followed on its own.

    Args:
        uid: the id of the asset.
        direction: ``out`` for what it refers to, ``in`` for what refers to it.
        depth: how many steps to follow, ``MAX_DEPTH`` at most.
        view: what readers see; found out where left out.

    Raises:
        NotFound: readers see no asset of that id.
    """
    visible = Visible.of(view or assets_view(registry))
    asset = find_asset(uid, visible)
    walks: dict[str, Walk] = {}
    if direction != "in":
        walks["out"] = walk_out(asset, visible, depth=depth)
    if direction != "out":
        walks["in"] = walk_in(Walk(frontier=[asset]), {asset.uid}, visible, depth=range(1, depth + 1))
    found = _united(walks)
    return Relations(
        asset=asset,
        relations=tuple(found[:MAX_RELATIONS]),
        truncated=len(found) > MAX_RELATIONS or any(walk.truncated for walk in walks.values()),
        not_followed=len({node.uid for walk in walks.values() for node in walk.frontier}),
    )


def impact_of(uid: uuid.UUID, *, view: AssetsView | None = None) -> Impact:
    """Return what would break if an asset went away.

    An asset that names it breaks, unless an asset of the same name from another source would be meant instead. What
    needs a broken asset breaks with it, across kinds.

    Args:
        uid: the id of the asset.
        view: what readers see; found out where left out.

    Raises:
        NotFound: readers see no asset of that id.
    """
    visible = Visible.of(view or assets_view(registry))
    asset = find_asset(uid, visible)
    lost, stand_ins = _without(asset, visible)
    direct = relations_to(dict.fromkeys(lost, asset), visible, depth=1, at_most=MAX_RELATIONS + 1)
    walk, seen = Walk(), {asset.uid}
    walk.take(direct, seen, outwards=False)
    walk_in(walk, seen, visible, depth=range(2, MAX_DEPTH + 1))
    return Impact(
        asset=asset,
        dependants=_dependants(asset, walk.relations),
        stand_ins=tuple(dict.fromkeys(stand_ins.values())),
        redirected=_redirected(asset, stand_ins, visible),
        truncated=walk.truncated or bool(walk.frontier),
    )


def _united(walks: Mapping[str, Walk]) -> list[tuple[str, Relation]]:
    """Return the relations of all walks, nearer ones first; one that two walks have met counts once."""
    found: dict[tuple[uuid.UUID, str, Target], tuple[str, Relation]] = {}
    for direction, walk in walks.items():
        for relation in walk.relations:
            found.setdefault((relation.origin.uid, relation.relation, relation.target), (direction, relation))
    return sorted(found.values(), key=lambda pair: pair[1].depth)


def _without(asset: Node, visible: Visible) -> tuple[list[Target], dict[Target, Node]]:
    """Return the ways to name an asset that would mean nothing without it, and those that would mean another one."""
    targets = targets_that_may_mean(asset)
    known = candidates(targets, visible)
    meaning_it = [target for target in targets if known.meant_by(target) == asset]
    others = {target: known.meant_by(target, without=asset.uid) for target in meaning_it}
    stand_ins = {target: other for target, other in others.items() if other is not None}
    return [target for target in meaning_it if target not in stand_ins], stand_ins


def _redirected(asset: Node, targets: Iterable[Target], visible: Visible) -> int:
    some = list(targets)
    if not some:
        return 0
    naming = references_naming(some, visible).exclude(asset__uid=asset.uid)
    return naming.order_by().values("asset").distinct().count()


def _dependants(asset: Node, relations: Iterable[Relation]) -> tuple[Dependant, ...]:
    """Return each asset that the relations start from, with the shortest way from it to ``asset``."""
    paths: dict[uuid.UUID, tuple[Relation, ...]] = {asset.uid: ()}
    found = []
    for relation in relations:  # nearer ones first, so that the way on from where each leads to is known
        if relation.to is None or relation.origin.uid in paths:
            continue
        paths[relation.origin.uid] = (relation, *paths[relation.to.uid])
        found.append(Dependant(relation.origin, paths[relation.origin.uid]))
    return tuple(found)


def _relation_as_dict(direction: str, relation: Relation) -> dict[str, Any]:
    target = relation.target
    if relation.to is not None:
        to = relation.to.as_dict()
    else:
        source = {"source": target.source} if target.source else {}
        to = {"kind": target.kind, "name": target.name, **source, "unresolved": True}
    return {
        "from": relation.origin.as_dict(),
        "relation": relation.relation,
        "to": to,
        "direction": direction,
        "depth": relation.depth,
    }
