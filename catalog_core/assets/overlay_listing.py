"""Listing overlays, those without an entity too."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, UUIDField, Value

from catalog_core.assets.overlays import orphans
from catalog_core.entities.envelope import Asset, Overlay
from catalog_core.entities.paging import decode_token, encode_token, parse_page_size
from catalog_core.entities.query.expressions import Compare, Row

_DEFAULT_PAGE_SIZE = 100
_MAX_PAGE_SIZE = 1000
_ORDER = ("plugin", "source_key", "name", "uid")


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayQuery:
    """Which overlays are meant; everything where left out.

    Attributes:
        orphaned: only those whose entity is not there, or only those whose entity is.
        plugin: only those of this plugin.
        source: only those of the sources with this id.
    """

    orphaned: bool | None = None
    plugin: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayPage:
    """One page of overlays.

    Attributes:
        overlays: each has ``is_orphan`` besides its columns.
        next_page_token: leads to the next page; empty on the last one.
        total: how many there are on all pages.
    """

    overlays: Sequence[Overlay]
    next_page_token: str
    total: int


def chosen_overlays(query: OverlayQuery) -> QuerySet[Overlay]:
    """Return the overlays that are meant, in no particular order."""
    if query.orphaned is None:
        found = Overlay.objects.all()
    else:
        found = orphans() if query.orphaned else Overlay.objects.filter(_has_entity())
    if query.plugin:
        found = found.filter(plugin=query.plugin)
    return found.filter(source_key=query.source) if query.source else found


def list_overlays(query: OverlayQuery, *, page_size: str = "", page_token: str = "") -> OverlayPage:
    """Return one page of the overlays that are meant, by plugin, source and name; three queries.

    Raises:
        InvalidQuery: the size is no number, or the token none of this list.
    """
    size = parse_page_size(page_size, default=_DEFAULT_PAGE_SIZE, maximum=_MAX_PAGE_SIZE)
    scope = f"overlays|{query!r}"
    chosen = chosen_overlays(query)
    rows = chosen.filter(_after(decode_token(page_token, scope))) if page_token else chosen
    found = list(with_orphan_mark(rows).order_by(*_ORDER)[: size + 1])
    shown = found[:size]
    token = encode_token([getattr(shown[-1], name) for name in _ORDER], scope) if len(found) > size else ""
    return OverlayPage(overlays=shown, next_page_token=token, total=chosen.count())


def with_orphan_mark(overlays: QuerySet[Overlay]) -> QuerySet[Overlay]:
    """Return overlays that say in ``is_orphan`` whether their entity is not there."""
    marked: QuerySet[Overlay] = overlays.annotate(is_orphan=~_has_entity())
    return marked


def _has_entity() -> Exists:
    return Exists(Asset.objects.filter(uid=OuterRef("uid")))


def _after(row: tuple[object, ...]) -> Q:
    *texts, uid = row
    constants = [*(Value(text, output_field=CharField()) for text in texts), Value(uid, output_field=UUIDField())]
    return Q(Compare(Row(*map(F, _ORDER)), ">", Row(*constants)))
