"""From what an asset is called to the asset that is meant, among those that readers see at this moment.

The rule is that of the look-up by name: of several assets with one kind and name, the one whose source stands first in
the configuration counts. ``a/b`` means the asset that is called so; if there is none, the asset ``b`` of the source
``a``. Where whoever names it gives the source apart from the name, only that source counts.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog_core.assets.view import AssetsView
from catalog_core.entities.envelope import Asset
from catalog_core.entities.references import Target, target_names

NODE_COLUMNS = ("uid", "kind", "name", "plugin", "source_id")


@dataclass(frozen=True, slots=True)
class Node:
    """An asset, as far as relations speak of it.

    Attributes:
        uid: its id.
        kind: its kind.
        name: its name.
        plugin: the catalog it is in.
        source: the id of its source.
        source_pk: the key of the row of its source.
    """

    uid: uuid.UUID
    kind: str
    name: str
    plugin: str
    source: str
    source_pk: int

    def as_dict(self) -> dict[str, Any]:
        """Return it as the API shows it."""
        return {
            "uid": str(self.uid),
            "kind": self.kind,
            "name": self.name,
            "plugin": self.plugin,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Visible:
    """The sources whose assets readers see: by the key of the row, the id and the place in the order of them all."""

    sources: Mapping[int, tuple[str, int]]

    @classmethod
    def of(cls, view: AssetsView) -> "Visible":
        """Return the sources of a view."""
        return cls({source.pk: (source.key, place) for place, source in enumerate(view.sources)})

    def node(self, columns: tuple[uuid.UUID, str, str, str, int]) -> Node:
        """Return the node of an asset, from its ``NODE_COLUMNS``; its source has to be visible."""
        uid, kind, name, plugin, source_pk = columns
        return Node(uid, kind, name, plugin, self.sources[source_pk][0], source_pk)

    def place(self, node: Node) -> int:
        """Return where the source of an asset stands among all."""
        return self.sources[node.source_pk][1]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Assets that may be meant by some targets, by kind and name, those of the first source first."""

    nodes: Mapping[tuple[str, str], tuple[Node, ...]]

    def meant_by(self, target: Target, *, without: uuid.UUID | None = None) -> Node | None:
        """Return the asset that a target means, or nothing if there is none.

        Args:
            target: one of those that the candidates were looked up for.
            without: an asset to leave out, as if it were gone.
        """
        own, *rest = target_names(target)
        chosen = [(own, target.source)] + [(name, target.name.removesuffix(f"/{name}")) for name in rest]
        for name, source in chosen:
            for node in self.nodes.get((target.kind, name), ()):
                if node.uid != without and source in ("", node.source):
                    return node
        return None


def candidates(targets: Iterable[Target], visible: Visible) -> Candidates:
    """Return the visible assets that may be meant by some targets; one query, none without targets."""
    wanted = {(target.kind, name) for target in targets for name in target_names(target)}
    found: dict[tuple[str, str], list[Node]] = defaultdict(list)
    if wanted:
        kinds, names = sorted({kind for kind, _ in wanted}), sorted({name for _, name in wanted})
        rows = Asset.objects.filter(kind__in=kinds, name__in=names, source__in=visible.sources)
        for columns in rows.order_by().values_list(*NODE_COLUMNS):
            node = visible.node(columns)
            found[node.kind, node.name].append(node)
    return Candidates({key: tuple(sorted(nodes, key=visible.place)) for key, nodes in found.items()})


def targets_that_may_mean(node: Node) -> tuple[Target, ...]:
    """Return all ways in which others can name an asset, whatever each of them leads to."""
    qualified = f"{node.source}/{node.name}"
    return Target(node.kind, node.name), Target(node.kind, node.name, node.source), Target(node.kind, qualified)
