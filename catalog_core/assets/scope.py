"""Where to look for assets: what of a filter the index of words knows, so that not every row has to be looked at."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from catalog_core.assets.filtering import AssetFilter, chosen_sources
from catalog_core.assets.view import AssetSource, AssetsView
from catalog_core.entities.query import Node, parse_filter
from catalog_core.entities.query.nodes import Comparison, Operator, conjuncts
from catalog_core.entities.search_index import Match, fact, has_fact
from catalog_core.entities.search_index.facets import TEXT_FACETS
from catalog_core.entities.search_index.models import MAX_FACET_CHARACTERS
from catalog_core.sources.models import Source

_MAX_SOURCES = 200
"""More sources than these are not named to the index; the rows are looked at instead."""


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


def scope_of(view: AssetsView, wanted: AssetFilter, chosen: Mapping[str, Sequence[str]]) -> Scope:
    """Return where to look for what is asked for.

    Args:
        view: what readers see.
        wanted: which assets are meant.
        chosen: for each further facet the values of which an asset has to have one.

    Raises:
        InvalidQuery: sources are given both by id and by label, or the filter query has a fault.
    """
    sources = chosen_sources(view, wanted)
    facts = [has_fact(*(fact("kind", kind) for kind in wanted.kinds))] if wanted.kinds else []
    if wanted.lifecycles:
        facts.append(has_fact(*(fact("lifecycle", phase) for phase in wanted.lifecycles)))
    known_tags = [tag for tag in wanted.tags if len(tag) <= MAX_FACET_CHARACTERS]
    facts += [has_fact(fact("tags", tag)) for tag in known_tags]
    facts += [has_fact(fact("label", _label(label))) for label in wanted.labels]
    facts += [has_fact(*(fact(name, value) for value in values)) for name, values in chosen.items()]
    said = list(named_values(parse_filter(wanted.filter_query)))
    facts += [has_fact(*(fact(one[0], value) for value in one[1])) for one in said if one is not None]
    by_source, besides, is_complete = _of_sources(view, wanted, sources)
    return Scope(
        sources=sources,
        facts=[*facts, *by_source],
        besides=besides,
        is_complete=is_complete and None not in said and len(known_tags) == len(wanted.tags),
    )


def named_values(node: Node | None) -> Iterator[tuple[str, tuple[str, ...]] | None]:
    """Yield for each condition that has to hold the facet that it is about, and the values that it allows.

    What speaks of something else, or in another way, yields ``None``.
    """
    if node is not None:
        yield from map(_facet_and_values, conjuncts(node))


def _facet_and_values(node: Node) -> tuple[str, tuple[str, ...]] | None:
    if not isinstance(node, Comparison) or node.negated or node.operator not in (Operator.EQUAL, Operator.IN):
        return None
    values = [literal.value for literal in node.literals]
    texts = tuple(value for value in values if isinstance(value, str) and 0 < len(value) <= MAX_FACET_CHARACTERS)
    name = str(node.name)
    return (name, texts) if name in TEXT_FACETS and len(texts) == len(values) else None


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
