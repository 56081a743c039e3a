"""What readers may see of all catalogs together at this moment."""

import hashlib
from dataclasses import dataclass

from django.db.models import QuerySet

from catalog_core.entities.envelope import Asset
from catalog_core.entities.generations import generation_tags
from catalog_core.plugins.lifecycle import plugin_statuses
from catalog_core.plugins.registry import PluginRegistry
from catalog_core.sources.models import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetSource:
    """A source whose assets readers see."""

    pk: int
    plugin: str
    key: str
    labels: tuple[str, ...]
    entity_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AssetsView:
    """All catalogs as readers see them.

    Attributes:
        generation: changes with every visible change of any catalog.
        sources: the visible sources: by plugin, then in the order of the configuration.
        hides_some: whether assets are stored that readers do not see.
    """

    generation: str
    sources: tuple[AssetSource, ...]
    hides_some: bool

    def visible(self) -> QuerySet[Asset]:
        """Return the assets that readers see."""
        return self.of(self.sources)

    def of(self, sources: tuple[AssetSource, ...]) -> QuerySet[Asset]:
        """Return the assets of some of the visible sources."""
        if not self.hides_some and len(sources) == len(self.sources):
            return Asset.objects.all()
        return Asset.objects.filter(source__in=[source.pk for source in sources])

    def rank(self) -> dict[int, int]:
        """Return the place of each visible source, by primary key: of two assets of one name the first counts."""
        return {source.pk: place for place, source in enumerate(self.sources)}


def assets_view(plugins: PluginRegistry, namespace: str = "default") -> AssetsView:
    """Return how readers see all catalogs now; three queries. Catalogs that do not serve are not seen."""
    tags = generation_tags(namespace)  # first: an answer may be newer than its tag, never older
    serving = {status.name for status in plugin_statuses(plugins) if status.serving}
    rows = Source.objects.filter(namespace=namespace).order_by("plugin", "position", "id")
    fields = rows.values_list("pk", "plugin", "key", "labels", "entity_count", "enabled", "removed_at")
    sources, hides_some = [], False
    for pk, plugin, key, labels, count, enabled, removed_at in fields:
        if enabled and removed_at is None and plugin in serving:
            sources.append(AssetSource(pk=pk, plugin=plugin, key=key, labels=tuple(labels), entity_count=count))
        else:
            hides_some = hides_some or count > 0
    state = repr((sorted(tags.items()), sorted(serving)))
    return AssetsView(
        generation=hashlib.blake2b(state.encode(), digest_size=12).hexdigest(),
        sources=tuple(sources),
        hides_some=hides_some,
    )
