"""By which values assets are counted, and keeping the counts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from django.db import connection

from catalog_core.entities.search_index.models import MAX_FACET_CHARACTERS, FacetCount
from catalog_core.sources.models import Source

COMMON_FACETS = ("kind", "plugin", "source", "lifecycle", "tags", "license", "provider")
"""The facets that assets of all kinds have."""
TEXT_FACETS = ("kind", "plugin", "lifecycle", "license", "provider")
"""The facets of which an asset has one value at most, in a column of that name; the column may be empty."""
COUNTED_COLUMNS = ("source_id", "kind", "plugin", "lifecycle", "tags", "license", "provider", "facets")
"""The columns of an asset that its facets stand in."""
_MOST_CHANGES = 50_000
"""So many changes are kept until all assets are written; then they are saved, and more are counted."""


class Counted(Protocol):
    """What an asset is counted by: a row of its table, or some columns of it."""

    @property
    def source_id(self) -> int: ...  # noqa: D102 - as in the model
    @property
    def kind(self) -> str: ...  # noqa: D102
    @property
    def plugin(self) -> str: ...  # noqa: D102
    @property
    def lifecycle(self) -> str: ...  # noqa: D102
    @property
    def tags(self) -> Sequence[Any]: ...  # noqa: D102
    @property
    def license(self) -> str: ...  # noqa: D102
    @property
    def provider(self) -> str: ...  # noqa: D102
    @property
    def facets(self) -> Mapping[str, Sequence[str]]: ...  # noqa: D102


def facet_values(asset: Counted) -> Iterator[tuple[str, str]]:
    """Yield facets and values of an asset, each pair once; its source is not among them."""
    yield "kind", asset.kind
    yield "plugin", asset.plugin
    yield "lifecycle", asset.lifecycle
    for field, value in (("license", asset.license), ("provider", asset.provider)):
        if value and len(value) <= MAX_FACET_CHARACTERS:
            yield field, value
    yield from several_values(asset)


def several_values(asset: Counted) -> Iterator[tuple[str, str]]:
    """Yield those of :func:`facet_values` of which an asset may have several of one facet."""
    for tag in dict.fromkeys(tag for tag in asset.tags if isinstance(tag, str)):
        if len(tag) <= MAX_FACET_CHARACTERS:
            yield "tags", tag
    for field, values in asset.facets.items():
        for value in values:
            yield field, value


class CountChanges:
    """By how much the counts change while many assets are written. Saved in the transaction that writes these."""

    def __init__(self) -> None:
        self._changes: Counter[tuple[int, str, str]] = Counter()

    def add(self, before: Iterable[Counted], after: Iterable[Counted]) -> None:
        """Count assets otherwise than before.

        Args:
            before: the assets as they were, those that are new left out.
            after: the assets as they are, those that are gone left out.
        """
        self._changes.update((asset.source_id, *pair) for asset in after for pair in facet_values(asset))
        self._changes.subtract((asset.source_id, *pair) for asset in before for pair in facet_values(asset))
        if len(self._changes) > _MOST_CHANGES:
            self.save()

    def save(self) -> None:
        """Change the counts that are stored."""
        _save(sorted((*key, change) for key, change in self._changes.items() if change))
        self._changes.clear()


def _save(rows: list[tuple[int, str, str, int]]) -> None:
    """Add to the counts; the rows stand in one order, for the sake of locks."""
    if not rows:
        return
    table = FacetCount._meta.db_table
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} (source_id, field, value, count) VALUES (%s, %s, %s, %s)"  # noqa: S608 - no part comes from outside
            f" ON CONFLICT (source_id, field, value) DO UPDATE SET count = {table}.count + excluded.count",
            rows,
        )
    if any(change < 0 for *_, change in rows):
        FacetCount.objects.filter(source__in={row[0] for row in rows}, count__lte=0).delete()


def forget_counts(source: Source) -> None:
    """Count nothing of a source any more. To be called in the transaction that removes all of its assets."""
    FacetCount.objects.filter(source=source).delete()
