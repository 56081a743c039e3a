"""Which references of a source name nothing that readers see."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import BigIntegerField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Value, Window
from django.db.models.functions import Left, RowNumber, StrIndex, Substr

from catalog_core.assets.view import AssetsView, assets_view
from catalog_core.entities.envelope import Asset
from catalog_core.entities.references import AssetReference
from catalog_core.plugins.registry import registry
from catalog_core.sources.models import Source

MAX_UNRESOLVED = 100
"""References that are listed for one source; the count is that of all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnresolvedReference:
    """A reference that names nothing.

    Attributes:
        item: the name of the asset that has it.
        relation: what the asset has to do with what it names.
        kind: the kind of what is named.
        name: what is named.
        source: the source that is named with it; often empty.
    """

    item: str
    relation: str
    kind: str
    name: str
    source: str = ""

    def as_dict(self) -> dict[str, str]:
        """Return it as the API shows it."""
        found = {"item": self.item, "relation": self.relation, "kind": self.kind, "name": self.name}
        return {**found, "source": self.source} if self.source else found


@dataclass(frozen=True, slots=True)
class Unresolved:
    """The references of one source that name nothing: how many there are, and the first of them."""

    count: int = 0
    first: Sequence[UnresolvedReference] = ()


def unresolved_references(sources: Collection[Source], *, view: AssetsView | None = None) -> Mapping[int, Unresolved]:
    """Return what the assets of some sources name in vain, by the key of the source; one query and the view.

    Args:
        sources: the sources; those that readers do not see lack nothing, and are left out.
        view: what readers see; found out where left out.
    """
    visible = [source.pk for source in (view or assets_view(registry)).sources]
    keys = {source.pk for source in sources} & set(visible)
    order = [F("asset__name").asc(), F("position").asc()]
    rows = _unresolved(keys, visible).annotate(
        place=Window(RowNumber(), partition_by="source_id", order_by=order),
        count=Window(Count("pk"), partition_by="source_id"),
    )
    shown = rows.filter(place__lte=MAX_UNRESOLVED).order_by("source_id", "place")
    found: dict[int, list[UnresolvedReference]] = defaultdict(list)
    counts: dict[int, int] = {}
    columns = ("source_id", "count", "asset__name", "relation", "kind", "name", "named_source")
    for source, count, item, relation, kind, name, named_source in shown.values_list(*columns):
        found[source].append(
            UnresolvedReference(item=item, relation=relation, kind=kind, name=name, source=named_source)
        )
        counts[source] = count
    return {source: Unresolved(counts[source], references) for source, references in found.items()}


def _unresolved(sources: Collection[int], visible: Collection[int]) -> QuerySet[AssetReference]:
    """Return the references that ``Candidates.meant_by`` would find nothing for, by the same rule in SQL."""
    # Kind and name lead to few rows. SQLite would rather go by the source, which leads to thousands: hide it from that.
    of_source = ExpressionWrapper(F("source_id") + 0, output_field=BigIntegerField())
    assets = Asset.objects.alias(of_source=of_source).filter(of_source__in=visible)
    slash = StrIndex(OuterRef("name"), Value("/"))
    named = assets.filter(kind=OuterRef("kind"), name=OuterRef("name"))
    behind_source = assets.filter(
        kind=OuterRef("kind"), name=Substr(OuterRef("name"), slash + 1), source__key=Left(OuterRef("name"), slash - 1)
    )
    anywhere: Any = Q(named_source="") & ~Exists(named) & ~Exists(behind_source)
    in_source: Any = ~Q(named_source="") & ~Exists(named.filter(source__key=OuterRef("named_source")))
    return AssetReference.objects.filter(anywhere | in_source, source__in=sources)
