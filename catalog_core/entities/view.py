"""What readers may see of a catalog at this moment: its generation and its visible sources."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Count

from catalog_core.entities.envelope import Asset, Lifecycle
from catalog_core.entities.generations import generation_tag
from catalog_core.sources.models import Source

_OTHER_PHASES = tuple(phase for phase in Lifecycle.values if phase != Lifecycle.ACTIVE)

_T = TypeVar("_T")

_MOST_KEPT = 256
_UNKNOWN = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class VisibleSource:
    """A source whose entities readers see."""

    pk: int
    key: str
    labels: tuple[str, ...]
    entity_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogView:
    """A catalog as readers see it.

    Attributes:
        generation: changes with every visible change.
        sources: the visible sources in the order of the configuration.
        hides_some: whether entities are stored that readers do not see.
    """

    generation: str
    sources: tuple[VisibleSource, ...]
    hides_some: bool
    _kept: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    def keep(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """Return what follows from this view and ``key``: what was made for them before, if it is still kept."""
        made: Any = self._kept.get(key, _UNKNOWN)
        if made is _UNKNOWN:
            made = make()
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            self._kept[key] = made
        return made  # type: ignore[no-any-return]  # what the same key was made for before

    @property
    def entity_count(self) -> int:
        """How many entities readers see."""
        return sum(source.entity_count for source in self.sources)


def catalog_view(plugin: str, namespace: str = "default") -> CatalogView:
    """Return how readers see the catalog of a plugin now; two queries."""
    generation = generation_tag(plugin, namespace)  # first: an answer may be newer than its tag, never older
    rows = Source.objects.configured().filter(namespace=namespace, plugin=plugin)
    fields = rows.values_list("pk", "key", "labels", "entity_count", "enabled")
    visible = [
        VisibleSource(pk=pk, key=key, labels=tuple(labels), entity_count=count)
        for pk, key, labels, count, enabled in fields
        if enabled
    ]
    return CatalogView(
        generation=generation,
        sources=tuple(visible),
        hides_some=any(count for _, _, _, count, enabled in fields if not enabled),
    )


def has_label(labels: Iterable[str], wanted: set[str]) -> bool:
    """Say whether a source has one of the labels ``wanted``, which are in lower case; ``null`` means it has none."""
    folded = {label.casefold() for label in labels}
    return bool(folded & wanted) if folded else "null" in wanted


def lifecycle_counts(namespace: str = "default") -> dict[str, dict[str, int]]:
    """Return how many entities readers see in each phase of the lifecycle, by plugin; two queries.

    Only entities that are not active are counted one by one, so the cost grows with what people set aside.
    """
    counts = {plugin: {Lifecycle.ACTIVE.value: count} for plugin, count in entity_counts(namespace).items()}
    visible = Source.objects.visible().filter(namespace=namespace).order_by()
    others = Asset.objects.filter(source__in=visible, lifecycle__in=_OTHER_PHASES).order_by()
    for plugin, phase, count in others.values_list("source__plugin", "lifecycle").annotate(count=Count("pk")):
        of_plugin = counts.setdefault(plugin, {Lifecycle.ACTIVE.value: 0})
        of_plugin[phase] = count
        of_plugin[Lifecycle.ACTIVE] = max(of_plugin[Lifecycle.ACTIVE] - count, 0)  # the two queries may differ
    return counts


def entity_counts(namespace: str = "default") -> dict[str, int]:
    """Return how many entities readers see in each catalog, by plugin; one query."""
    counts: dict[str, int] = {}
    rows = Source.objects.visible().filter(namespace=namespace).values_list("plugin", "entity_count")
    for plugin, count in rows:
        counts[plugin] = counts.get(plugin, 0) + count
    return counts
