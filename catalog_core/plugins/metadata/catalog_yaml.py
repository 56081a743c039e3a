"""``catalog.yaml``: what a catalog holds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from catalog_core.exceptions import InvalidDocument
from catalog_core.plugins.contract import default_base_path
from catalog_core.plugins.declarations import plural_of
from catalog_core.plugins.metadata.structure import Parsed, api_version_warnings, parse_structure
from catalog_core.problems import Problem
from catalog_core.sources.formats import Document, Path

CATALOG_FILE = "catalog.yaml"
RESERVED_NAMES = frozenset(
    {
        "name",
        "id",
        "externalId",
        "description",
        "customProperties",
        "createTimeSinceEpoch",
        "lastUpdateTimeSinceEpoch",
    }
)
"""The properties that every entity has; one that is declared again is left out."""

TYPES: Mapping[str, str] = MappingProxyType(
    {
        "string": "string",
        "integer": "integer",
        "int": "integer",
        "int64": "integer",
        "boolean": "boolean",
        "bool": "boolean",
        "number": "number",
        "float": "number",
        "double": "number",
        "array": "array",
        "struct": "object",
        "object": "object",
        "date": "date",
    }
)
"""The types that a property can have, with all their spellings, and what each stands for."""

FOLDER_BASE_PATH = re.compile(r"/api/[a-z0-9_-]+_catalog/(?P<version>v[0-9]+((alpha|beta)[0-9]+)?)")
"""What the base path of a plugin without code looks like."""

_ENTITY: Path = ("spec", "entity")


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogProperty:
    """One property of an entity, or of a part of it.

    Attributes:
        name: what JSON and data files call it.
        type: what it is, as written: ``int64`` or ``integer``, ``struct`` or ``object``.
        required: whether an item without it is set aside.
        description: what it means; may be empty.
        display_name: what stands above it in tables; may be empty.
        options: its usual values, if it has such.
        item_type: what the elements of an array are; empty where not said.
    """

    name: str
    type: str
    required: bool = False
    description: str = ""
    display_name: str = ""
    options: tuple[str, ...] = ()
    item_type: str = ""

    @property
    def kind(self) -> str:
        """The type without synonyms: string, integer, boolean, number, array, object or date."""
        return TYPES[self.type]

    @property
    def label(self) -> str:
        """What stands above it in tables; may be empty."""
        return self.display_name

    @property
    def is_text(self) -> bool:
        """Whether text is searched for in it."""
        return self.kind == "string" or (self.kind == "array" and not self.holds_objects)

    @property
    def is_scalar(self) -> bool:
        """Whether lists can be ordered by it."""
        return self.kind not in ("array", "object")

    @property
    def holds_objects(self) -> bool:
        """Whether its elements are mappings; those of other arrays are texts."""
        return self.kind == "array" and TYPES.get(self.item_type) == "object"


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A sort of parts of an entity that are kept as rows of their own."""

    name: str
    description: str = ""
    properties: tuple[CatalogProperty, ...] = ()

    @property
    def key(self) -> str:
        """What data files and filters call the list of these parts."""
        return part_key(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogConfig:
    """What ``catalog.yaml`` says.

    Attributes:
        name: the plugin's name.
        package: where its code is; empty where it has none.
        kind: the kind of asset, such as ``McpServer``.
        plural: the kind in paths; the kind in lower case with an ``s`` where not said.
        display_name: the kind for people; may be empty.
        description: what the kind is; may be empty.
        properties: the properties of an entity, reserved names left out.
        artifacts: the parts of an entity.
        providers: the types of source it is meant for.
        base_path: the path below which its routes are.
    """

    name: str
    package: str
    kind: str
    plural: str
    display_name: str = ""
    description: str = ""
    properties: tuple[CatalogProperty, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    providers: tuple[str, ...] = ()
    base_path: str = ""


def parse_catalog_yaml(content: bytes, *, file: str = CATALOG_FILE) -> Parsed[CatalogConfig]:
    """Return what a ``catalog.yaml`` says.

    Args:
        content: the file.
        file: how people know it, for messages.

    Raises:
        InvalidDocument: it breaks the rules of the format; every problem is listed, with line and column.
    """
    document = parse_structure(content, file=file, schema_name="catalog")
    problems = list(_name_problems(document))
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise InvalidDocument(errors)
    return Parsed(_config(document.value), (*api_version_warnings(document), *problems))


def part_key(name: str) -> str:
    """Return what the list of parts of one sort is called in data files and filters.

    >>> part_key("UserManual"), part_key("Box")
    ('userManuals', 'boxes')
    """
    plural = plural_of(name)
    kept = name[:-1]
    return kept[:1].lower() + kept[1:] + plural[len(kept) :] if kept else plural


def _config(value: Mapping[str, Any]) -> CatalogConfig:
    name, spec = value["metadata"]["name"], value["spec"]
    entity = spec["entity"]
    return CatalogConfig(
        name=name,
        package=spec.get("package", ""),
        kind=entity["name"],
        plural=entity.get("plural", f"{entity['name'].lower()}s"),
        display_name=entity.get("displayName", ""),
        description=entity.get("description", ""),
        properties=_properties(entity),
        artifacts=tuple(
            Artifact(name=part["name"], description=part.get("description", ""), properties=_properties(part))
            for part in spec.get("artifacts", ())
        ),
        providers=tuple(provider["type"] for provider in spec.get("providers", ())),
        base_path=spec.get("api", {}).get("basePath", "") or default_base_path(name),
    )


def _properties(owner: Mapping[str, Any]) -> tuple[CatalogProperty, ...]:
    return tuple(
        CatalogProperty(
            name=entry["name"],
            type=entry["type"],
            required=entry.get("required", False),
            description=entry.get("description", ""),
            display_name=entry.get("displayName", ""),
            options=tuple(entry.get("options", ())),
            item_type=entry.get("items", {}).get("type", ""),
        )
        for entry in owner.get("properties", ())
        if entry["name"] not in RESERVED_NAMES
    )


def _name_problems(document: Document) -> Iterator[Problem]:
    """Yield names that stand twice, and those that need not be declared."""
    spec = document.value["spec"]
    artifacts = spec.get("artifacts", ())
    lists: list[tuple[Path, str, Sequence[Mapping[str, Any]]]] = [
        ((*_ENTITY, "properties"), "name", spec["entity"].get("properties", ())),
        (("spec", "artifacts"), "name", artifacts),
        (("spec", "providers"), "type", spec.get("providers", ())),
        *(
            (("spec", "artifacts", place, "properties"), "name", part.get("properties", ()))
            for place, part in enumerate(artifacts)
        ),
    ]
    for path, key, entries in lists:
        first: dict[str, int] = {}
        for place, entry in enumerate(entries):
            where = (*path, place, key)
            if entry[key] in first:
                message = f'"{entry[key]}" stands twice here, first in line {first[entry[key]]}.'
                yield document.problem(where, message, "duplicate-name", "Remove one of the two.")
            elif path[-1] == "properties" and entry[key] in RESERVED_NAMES:
                message = f'"{entry[key]}" is left out, as every entity has it.'
                yield document.problem(where, message, "reserved-name", "Remove it from the list.", is_warning=True)
            first.setdefault(entry[key], document.position(where)[0])
