"""What a search asks for, and the same as conditions on the index and on the rows of assets."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from catalog_core.assets.listing import AssetFilter, chosen_sources
from catalog_core.assets.view import AssetSource, AssetsView
from catalog_core.entities.search_index import Match, Search, fact, has_fact
from catalog_core.entities.search_index.facets import COMMON_FACETS
from catalog_core.exceptions import InvalidQuery
from catalog_core.sources.models import Source

_MAX_SOURCES = 200
"""More sources than these are not named to the index; the rows are looked at instead."""
_PARAMETERS = {"kind": "kinds", "plugin": "plugins", "source": "sources", "lifecycle": "lifecycles", "tags": "tags"}
"""The facets that parameters of their own choose values of, and where the filter has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What a search asks for.

    Attributes:
        search: the words.
        filter: which assets are meant.
        chosen: for each further facet the values of which an asset has to have one.
        page_size: how many hits a page holds at most.
        page_token: leads to the page.
    """

    search: Search
    filter: AssetFilter = field(default_factory=AssetFilter)
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page_size: int = 20
    page_token: str = ""

    def values(self, facet: str) -> tuple[str, ...]:
        """Return the chosen values of a facet."""
        name = _PARAMETERS.get(facet)
        return getattr(self.filter, name) if name else self.chosen.get(facet, ())

    def without(self, facet: str) -> "SearchQuery":
        """Return the same, whatever values of that facet were chosen."""
        if name := _PARAMETERS.get(facet):
            return replace(self, filter=_with_values(self.filter, name, ()))
        return replace(self, chosen={key: values for key, values in self.chosen.items() if key != facet})

    @property
    def narrowed(self) -> tuple[str, ...]:
        """The facets of which values were chosen."""
        return tuple(facet for facet in (*_PARAMETERS, *self.chosen) if self.values(facet))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where to look.

    Attributes:
        sources: the visible sources that are meant.
        facts: conditions that the index knows, all of which have to hold.
        besides: conditions that the index knows, none of which may hold.
        is_complete: whether the index knows all conditions, so that the rows need not be asked.
    """

    sources: tuple[AssetSource, ...]
    facts: Sequence[Match]
    besides: Sequence[Match]
    is_complete: bool


def with_chosen(wanted: AssetFilter, selections: Iterable[str]) -> tuple[AssetFilter, dict[str, tuple[str, ...]]]:
    """Return the filter with the values that ``facet=name:value`` parameters choose, and those of further facets.

    Raises:
        InvalidQuery: a selection has no name or no value.
    """
    chosen: dict[str, tuple[str, ...]] = {}
    for text in selections:
        name, colon, value = text.partition(":")
        if not (name and colon and value):
            raise InvalidQuery(
                f"{text[:80]!r} is no facet with a value; write it as license:MIT. There are"
                f" {', '.join(COMMON_FACETS)}, and those that a catalog announces in its capabilities.",
                parameter="facet",
            )
        if place := _PARAMETERS.get(name):
            wanted = _with_values(wanted, place, (*getattr(wanted, place), value))
        else:
            chosen[name] = (*chosen.get(name, ()), value)
    return wanted, chosen


def scope_of(view: AssetsView, query: SearchQuery) -> Scope:
    """Return where to look for what is asked for.

    Raises:
        InvalidQuery: sources are given both by id and by label.
    """
    wanted = query.filter
    sources = chosen_sources(view, wanted)
    facts = [has_fact(*(fact("kind", kind) for kind in wanted.kinds))] if wanted.kinds else []
    if wanted.lifecycles:
        facts.append(has_fact(*(fact("lifecycle", phase) for phase in wanted.lifecycles)))
    facts += [has_fact(fact("tags", tag)) for tag in wanted.tags]
    facts += [has_fact(fact("label", _label(label))) for label in wanted.labels]
    facts += [has_fact(*(fact(name, value) for value in values)) for name, values in query.chosen.items()]
    by_source, besides, is_complete = _of_sources(view, wanted, sources)
    return Scope(
        sources=sources,
        facts=[*facts, *by_source],
        besides=besides,
        is_complete=is_complete and not wanted.filter_query.strip(),
    )


def _with_values(wanted: AssetFilter, place: str, values: tuple[str, ...]) -> AssetFilter:
    options: dict[str, Any] = {place: values}
    return replace(wanted, **options)


def _of_sources(
    view: AssetsView, wanted: AssetFilter, sources: tuple[AssetSource, ...]
) -> tuple[list[Match], list[Match], bool]:
    """Return what the index has to know of the sources: those that count, or the few that do not."""
    if len(sources) < len(view.sources) and 0 < len(sources) <= _MAX_SOURCES:
        return [has_fact(*(fact("source", str(source.pk)) for source in sources))], [], True
    facts = [has_fact(*(fact("plugin", plugin) for plugin in wanted.plugins))] if wanted.plugins else []
    if not view.hides_some:
        return facts, [], len(sources) == len(view.sources)
    visible = [source.pk for source in view.sources]
    hidden = list(
        Source.objects.filter(entity_count__gt=0).exclude(pk__in=visible).values_list("pk", flat=True)[:_MAX_SOURCES]
    )
    besides = [has_fact(*(fact("source", str(key)) for key in hidden))] if hidden else []
    return facts, besides, len(hidden) < _MAX_SOURCES and len(sources) == len(view.sources)


def _label(text: str) -> str:
    key, equals, value = text.partition("=")
    return f"{key.strip()}={value.strip()}" if equals else key.strip()
