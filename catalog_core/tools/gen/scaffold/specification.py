"""What a kind is made of: ``catalog.yaml``, checked for what Python, Django and the filter language allow besides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from catalog_core.plugins.metadata import CatalogConfig, CatalogProperty, parse_catalog_yaml
from catalog_core.plugins.metadata.catalog_yaml import CATALOG_FILE, part_key
from catalog_core.tools.gen.scaffold.naming import InvalidName, check_kind, title_of
from catalog_core.tools.gen.scaffold.properties import InvalidProperty, Property


class InvalidSpecification(ValueError):
    """No plugin can be made of a ``catalog.yaml``; the text says everything that stands in the way, one to a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part of an entity that is stored as rows of its own."""

    name: str
    properties: tuple[Property, ...] = ()

    @property
    def key(self) -> str:
        """What data files and filters call the list of these parts.

        >>> Part(name="UserManual").key
        'userManuals'
        """
        return part_key(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogSpecification:
    """What a kind is made of.

    Attributes:
        kind: what it is called.
        plural: the kind in paths and data files.
        title: what people call it.
        properties: its properties, without those that every entity has.
        parts: parts of an entity, the artifacts of ``catalog.yaml``.
        providers: types of source.
    """

    kind: str
    plural: str
    title: str
    properties: tuple[Property, ...] = ()
    parts: tuple[Part, ...] = ()
    providers: tuple[str, ...] = ("yaml",)

    def check(self) -> None:
        """Check that no two things share a name, in whatever case.

        Raises:
            InvalidSpecification: some do; every clash is told.
        """
        keys = [prop.name for prop in self.properties] + [part.key for part in self.parts]
        within = [[prop.name for prop in part.properties] for part in self.parts]
        problems = [
            f"{name} and another one differ in the case of letters at most; rename one."
            for names in (keys, *within, [self.kind, *(part.name for part in self.parts)])
            for name in _doubles(names)
        ]
        if problems:
            raise InvalidSpecification("\n".join(problems))


def read_specification(folder: Path) -> CatalogSpecification:
    """Return what the ``catalog.yaml`` in a folder says.

    Raises:
        OSError: it cannot be read.
        InvalidDocument: it breaks the rules of its format.
        InvalidSpecification: no plugin can be made of it.
    """
    return specification_of(parse_catalog_yaml((folder / CATALOG_FILE).read_bytes()).value)


def specification_of(config: CatalogConfig, file: str = CATALOG_FILE) -> CatalogSpecification:
    """Return what a ``catalog.yaml`` says.

    Raises:
        InvalidSpecification: no plugin can be made of it; all reasons are told.
    """
    problems: list[str] = []
    made = CatalogSpecification(
        kind=_kind(config.kind, problems),
        plural=config.plural,
        title=config.display_name or title_of(config.kind),
        properties=_properties(config.properties, problems),
        parts=tuple(
            Part(name=_kind(part.name, problems), properties=_properties(part.properties, problems))
            for part in config.artifacts
        ),
        providers=config.providers or ("yaml",),
    )
    try:
        made.check()
    except InvalidSpecification as error:
        problems.append(str(error))
    if problems:
        raise InvalidSpecification("\n".join(f"{file}: {problem}" for problem in problems))
    return made


def _kind(name: str, problems: list[str]) -> str:
    try:
        return check_kind(name)
    except InvalidName as error:
        problems.append(str(error))
        return name


def _properties(declared: Sequence[CatalogProperty], problems: list[str]) -> tuple[Property, ...]:
    made = []
    for prop in declared:
        try:
            made.append(_property(prop))
        except InvalidProperty as error:
            problems.append(str(error))
    return tuple(made)


def _property(declared: CatalogProperty) -> Property:
    return Property(
        name=declared.name,
        type=declared.type,
        items="object" if declared.item_type in ("object", "struct") else "string",
        required=declared.required,
        description=" ".join(declared.description.split()),
        label=declared.display_name,
        options=declared.options,
    )


def _doubles(names: Sequence[str]) -> Iterator[str]:
    folded = [name.lower() for name in names]
    yield from (name for place, name in enumerate(names) if folded[place] in folded[:place])
