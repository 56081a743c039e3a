"""What a configuration says, as values. Where it was read from and how is no matter here."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from catalog_core.problems import Problem

_CONTENT_DIGITS = 48

NamedQuery = Mapping[str, Mapping[str, Any]]
"""Field to ``{"operator": ..., "value": ...}``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSpec:
    """One entry under ``sources``.

    Attributes:
        id: unique within its section.
        name: for people; the id where the entry has none.
        type: the type of the provider; empty where no file states it (see :func:`complete`).
        enabled: whether its entities are shown.
        labels: texts that group sources.
        properties: as written; what they may be depends on the type (see :func:`check_properties`).
        included_items: name patterns; empty includes all.
        excluded_items: name patterns.
        origin: the file that states the properties, as the caller of the parser calls it; relative paths start there.
        file: the same file as people know it.
        line: where the entry begins in ``file``, from 1.
        position: its place within the section, from 0.
        stated: the keys that the entry has, as some file wrote them; everything else holds by default.
        positions: line and column, from 1, of each property.
    """

    id: str
    name: str
    type: str
    enabled: bool = True
    labels: tuple[str, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)
    included_items: tuple[str, ...] = ()
    excluded_items: tuple[str, ...] = ()
    origin: str = ""
    file: str = ""
    line: int = 1
    position: int = 0
    stated: frozenset[str] = frozenset()
    positions: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def digest(self) -> str:
        """Return a digest that changes with everything that changes what a refresh yields.

        What decides on the entities makes up its first digits, see :func:`decides_alike`; the name of the source, which
        assets only show, the last ones.
        """
        content = [self.type, self.properties, self.included_items, self.excluded_items, self.origin]
        return _digits(content)[:_CONTENT_DIGITS] + _digits(self.name)[_CONTENT_DIGITS:]

    def as_dict(self) -> dict[str, Any]:
        """Return the entry with the names that the file and the API use, defaults filled in."""
        return {
            "id": self.id,
            "name": self.name,
            "type": self.type,
            "enabled": self.enabled,
            "labels": list(self.labels),
            "properties": dict(self.properties),
            "includedItems": list(self.included_items),
            "excludedItems": list(self.excluded_items),
        }


def decides_alike(digest: str, other: str) -> bool:
    """Say whether two digests are of configurations by which a source holds the same entities, whatever its name."""
    return digest[:_CONTENT_DIGITS] == other[:_CONTENT_DIGITS]


def _digits(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """What the configuration says about one catalog.

    Attributes:
        sources: in their order.
        labels: descriptions of source labels, each with ``name`` (text, or ``None`` for sources without label).
        named_queries: by name.
        states_labels: whether ``labels`` stands in the file; even an empty list replaces that of an earlier file.
        refused: ids of sources whose entries are faulty. They are not in ``sources``, but not removed either: what they
            served goes on being served.
        is_incomplete: whether something is left out of which the id is unknown; a source that is not in ``sources`` is
            then not known to be removed.
    """

    sources: tuple[SourceSpec, ...] = ()
    labels: tuple[Mapping[str, Any], ...] = ()
    named_queries: Mapping[str, NamedQuery] = field(default_factory=dict)
    states_labels: bool = False
    refused: frozenset[str] = frozenset()
    is_incomplete: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What the configuration says, by section: the source key of each catalog."""

    sections: Mapping[str, Section] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedConfiguration:
    """What could be made of a configuration, and what is wrong with the rest of it."""

    configuration: Configuration
    problems: tuple[Problem, ...] = ()
