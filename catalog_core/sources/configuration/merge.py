"""Several configurations as one: later ones override earlier ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

from catalog_core.problems import Problem, Severity
from catalog_core.sources.configuration.schema import (
    Configuration,
    NamedQuery,
    ParsedConfiguration,
    Section,
    SourceSpec,
)
from catalog_core.sources.formats import path_text, shortened

_ATTRIBUTES = {
    "name": ("name",),
    "type": ("type",),
    "enabled": ("enabled",),
    "labels": ("labels",),
    "properties": ("properties", "positions", "origin", "file", "line"),
    "includedItems": ("included_items",),
    "excludedItems": ("excluded_items",),
}
"""What an override takes over with each key that it states; a relative path starts where the properties stand."""


def merge(configurations: Sequence[Configuration]) -> Configuration:
    """Return what all configurations say together. Nothing that is passed in is changed.

    Sections are united. Sources are merged by id and key by key: what a later configuration states replaces the whole
    value, an empty list too; what it does not state stays. Labels of a section are replaced as a whole, named queries
    field by field. Everything stands in the order in which it first appeared. A source that one of the configurations
    states wrongly is refused as a whole.
    """
    return reduce(_merged, configurations, Configuration())


def complete(configuration: Configuration) -> ParsedConfiguration:
    """Return the configuration without the sources that no file gives a type, and say which these are.

    To be called after merging, as an override needs to state only what it changes.
    """
    problems: list[Problem] = []
    sections = {}
    for key, section in configuration.sections.items():
        problems += [problem for spec in section.sources for problem in _missing(key, spec)]
        untyped = frozenset(spec.id for spec in section.sources if not spec.type)
        sources = _numbered(spec for spec in section.sources if spec.type)
        sections[key] = replace(section, sources=sources, refused=section.refused | untyped)
    return ParsedConfiguration(configuration=Configuration(sections=sections), problems=tuple(problems))


def _merged(base: Configuration, override: Configuration) -> Configuration:
    sections = dict(base.sections)
    for key, section in override.sections.items():
        sections[key] = _merged_section(sections[key], section) if key in sections else section
    return Configuration(sections=sections)


def _merged_section(base: Section, override: Section) -> Section:
    refused = base.refused | override.refused
    sources = {spec.id: spec for spec in base.sources}
    for spec in override.sources:
        sources[spec.id] = _merged_source(sources[spec.id], spec) if spec.id in sources else spec
    return Section(
        sources=_numbered(spec for spec in sources.values() if spec.id not in refused),
        labels=override.labels if override.states_labels else base.labels,
        named_queries=_merged_queries(base.named_queries, override.named_queries),
        states_labels=base.states_labels or override.states_labels,
        refused=refused,
        is_incomplete=base.is_incomplete or override.is_incomplete,
    )


def _merged_source(base: SourceSpec, override: SourceSpec) -> SourceSpec:
    taken = {
        attribute: getattr(override, attribute) for key in override.stated for attribute in _ATTRIBUTES.get(key, ())
    }
    return replace(base, **taken, stated=base.stated | override.stated)


def _merged_queries(base: Mapping[str, NamedQuery], override: Mapping[str, NamedQuery]) -> dict[str, NamedQuery]:
    merged = dict(base)
    for name, query in override.items():
        merged[name] = {**merged.get(name, {}), **query}
    return merged


def _numbered(sources: Iterable[SourceSpec]) -> tuple[SourceSpec, ...]:
    return tuple(replace(spec, position=position) for position, spec in enumerate(sources))


def _missing(key: str, spec: SourceSpec) -> list[Problem]:
    if not spec.type:
        message = f'The source "{shortened(spec.id)}" has no type, and is left out.'
        return [_problem(key, spec, message, "missing-type", "Add type, such as yaml, http or git.", "error")]
    if "name" not in spec.stated:
        message = f'The source "{shortened(spec.id)}" has no name; its id is shown instead.'
        return [_problem(key, spec, message, "missing-name", "Add name.", "warning")]
    return []


def _problem(key: str, spec: SourceSpec, message: str, rule: str, hint: str, severity: Severity) -> Problem:
    return Problem(
        message=message,
        rule=rule,
        hint=hint,
        file=spec.file,
        line=spec.line,
        path=f"{path_text(('catalogs', key))}.sources[{shortened(spec.id)}]",
        severity=severity,
    )
