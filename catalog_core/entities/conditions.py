"""From the parameters of a list to the condition that its entries satisfy."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Max, Min, Q

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.envelope import Asset
from catalog_core.entities.query import FieldType, Node, QueryFields, named_query, parse_name
from catalog_core.entities.query.conditions import value_of
from catalog_core.entities.query.nodes import conjunction
from catalog_core.entities.search_index import Matches, fact, has_fact, matching, parse_search
from catalog_core.exceptions import InvalidQuery
from catalog_core.problems import did_you_mean
from catalog_core.sources.models import ConfigurationState


def together(*conditions: Node | None) -> Node | None:
    """Return the condition that all of these hold; those that are not there do not count."""
    found = tuple(node for node in conditions if node is not None)
    return conjunction(found) if found else None


def named_condition(plugin: CatalogPlugin, fields: QueryFields, name: str) -> Node:
    """Return the condition that the configuration calls ``name``; its bounds are those of what is stored now.

    Raises:
        InvalidQuery: there is none of that name.
    """
    section = ConfigurationState.current().sections.get(plugin.name) or {}
    queries: Mapping[str, Any] = section.get("namedQueries") or {}
    if name not in queries:
        hint = did_you_mean(name, queries) or "The configuration names no queries for this catalog."
        raise InvalidQuery(f"there is no query called {name!r}. {hint}", parameter="namedQuery")
    return named_query(queries[name], ranges=_ranges(plugin, fields, queries[name]))


def _ranges(
    plugin: CatalogPlugin, fields: QueryFields, query: Mapping[str, Mapping[str, Any]]
) -> dict[str, tuple[float, float]]:
    """Return the smallest and largest value of each field whose condition speaks of ``min`` or ``max``."""
    ranges = {}
    for name, entry in query.items():
        if entry.get("value") not in ("min", "max"):
            continue
        target = fields.resolve(parse_name(name, parameter="namedQuery"), parameter="namedQuery")
        if target.field.type not in (FieldType.INTEGER, FieldType.NUMBER):
            continue
        rows = fields.children[target.child].rows() if target.child else plugin.rows()
        value = value_of(target.field)
        low, high = rows.aggregate(low=Min(value), high=Max(value)).values()
        ranges[name] = (low if low is not None else 0, high if high is not None else 0)
    return ranges


def search_condition(plugin: CatalogPlugin, text: str) -> Q:
    """Return the condition that the index of words finds an entity.

    Raises:
        InvalidQuery: the text cannot be understood.
    """
    match = matching(parse_search(text), [has_fact(fact("plugin", plugin.name))])
    return Q(pk__in=Asset.objects.filter(Matches(match)).order_by().values("uid"))
