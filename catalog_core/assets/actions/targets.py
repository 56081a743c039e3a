"""Finding the entity that an action is for."""

from catalog_core.assets.actions.request import Target
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.envelope import Asset
from catalog_core.exceptions import NotFound
from catalog_core.sources.models import Source


def target_by_name(plugin: CatalogPlugin, name: str, *, source: str = "") -> Target:
    """Return the entity called ``name``; where several sources have one, that of the first, or of ``source``.

    Raises:
        NotFound: readers see none.
    """
    found = dict(Asset.objects.filter(plugin=plugin.name, kind=plugin.kind, name=name).values_list("source_id", "uid"))
    candidates = Source.objects.visible().filter(plugin=plugin.name, pk__in=found)
    chosen = (candidates.filter(key=source) if source else candidates).first()
    if chosen is None:
        label = (plugin.kind_display_name or plugin.kind).lower()
        where = f" in source {source[:200]!r}" if source else ""
        raise NotFound(f'{label} "{name[:200]}" not found{where}.')
    return Target(uid=found[chosen.pk], name=name, source=chosen)
