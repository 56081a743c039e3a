"""What a search asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from catalog_core.assets.filtering import AssetFilter
from catalog_core.entities.search_index import Search
from catalog_core.entities.search_index.facets import COMMON_FACETS
from catalog_core.exceptions import InvalidQuery

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


def _with_values(wanted: AssetFilter, place: str, values: tuple[str, ...]) -> AssetFilter:
    options: dict[str, Any] = {place: values}
    return replace(wanted, **options)
