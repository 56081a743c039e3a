"""The files of a plugin: those that follow from ``catalog.yaml`` alone, and those that are written once."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from catalog_core import FRAMEWORK_API
from catalog_core.tools.gen.scaffold import code
from catalog_core.tools.gen.scaffold.naming import PluginNames, words_of
from catalog_core.tools.gen.scaffold.properties import Property
from catalog_core.tools.gen.scaffold.pytext import assignment, quoted
from catalog_core.tools.gen.scaffold.regions import region
from catalog_core.tools.gen.scaffold.samples import sample_items
from catalog_core.tools.gen.scaffold.specification import CatalogSpecification, Part
from catalog_core.tools.gen.scaffold.templates import render
from catalog_core.tools.gen.scaffold.yamltext import yaml_text

WHOLE_FILES = frozenset(("declarations.py", "feed.py", "models.py"))
"""Files that are written from ``catalog.yaml`` as a whole."""
REGIONS = {"README.md": ("fields",), "docs/schema-guide.md": ("fields",)}
"""Pages with parts that are written from ``catalog.yaml``."""

_PAGES = ("README", "provider-guide", "publishing", "schema-guide", "testing")


@dataclass(frozen=True, kw_only=True)
class About:
    """Who answers for a plugin, and which servers it works with.

    Attributes:
        description: one or two sentences.
        team: who maintains it.
        contact: how they can be reached.
        license: an SPDX license expression.
        repository: where its code is; may be empty.
        version: a semantic version.
        min_server: the oldest server that it works with.
        max_server: the newest one, such as ``1.x``.
        framework_api: the plugin API that it was written for.
    """

    description: str
    team: str = "catalog-maintainers"
    contact: str = "catalog-maintainers@example.com"
    license: str = "Apache-2.0"
    repository: str = ""
    version: str = "0.1.0"
    min_server: str = "0.9.0"
    max_server: str = "1.x"
    framework_api: str = FRAMEWORK_API


def generated_files(spec: CatalogSpecification) -> dict[str, str]:
    """Return the files that are written from ``catalog.yaml`` as a whole, by path."""
    values = _values(spec)
    return {path: render(f"app/{path}", **values) for path in sorted(WHOLE_FILES)}


def generated_regions(spec: CatalogSpecification) -> dict[str, str]:
    """Return the parts of pages that are written from ``catalog.yaml``, by name, with their marks."""
    parts = [_table(spec.properties)]
    parts += [f"### Parts: `{part.key}`\n\n{_table(part.properties)}" for part in spec.parts]
    return {"fields": region("fields", "\n\n".join(parts))}


def app_files(
    names: PluginNames, spec: CatalogSpecification, about: About, items: Sequence[Mapping[str, Any]] = ()
) -> dict[str, str]:
    """Return all files of a new plugin but its migration, by path.

    Args:
        names: what it is called.
        spec: what its ``catalog.yaml`` is to say.
        about: what its ``plugin.yaml`` is to say.
        items: sample data; made up if there is none.
    """
    sample = list(items) or sample_items(spec.kind, spec.properties, spec.parts)
    values = {
        **_values(spec),
        "names": names,
        "about": about,
        "kind_title": spec.title,
        "description": assignment("description", about.description, indent=4),
        "regions": generated_regions(spec),
        "sample": yaml_text({spec.plural: sample}),
        "example": yaml_text({spec.plural: sample[:1]}).strip(),
        "first_name": sample[0]["name"],
    }
    once = ["__init__.py", "apps.py", "plugin.py", "plugin.yaml", "catalog.yaml", "README.md"]
    once += [f"docs/{page}.md" for page in _PAGES]
    once += ["tests/conformance/test_conformance.py", "tests/test_items.py"]
    files = generated_files(spec) | {path: render(f"app/{path}", **values) for path in once}
    return files | {f"data/{spec.plural}.yaml": render("app/data.yaml", **values), "migrations/__init__.py": ""}


def initial_migration(names: PluginNames, spec: CatalogSpecification) -> dict[str, str]:
    """Return the first migration of a kind without parts, by path.

    It is what Django would write; to have it written by Django takes several times as long as all the rest.
    """
    prefix = f"{names.label:.12s}_{spec.kind.lower():.12s}"
    fields = code.migration_fields(spec.properties)
    text = render("app/0001_initial.py", spec=spec, migration_fields=fields, index_prefix=prefix)
    return {"migrations/0001_initial.py": text}


def _values(spec: CatalogSpecification) -> dict[str, Any]:
    return {
        "spec": spec,
        "kind_words": words_of(spec.kind),
        "fields": code.model_fields(spec.properties),
        "field_imports": code.field_imports(spec),
        "uses_django_fields": code.uses_django_fields(spec),
        "parts": [_part(part) for part in spec.parts],
        "columns": code.columns(spec),
        "filters": code.filters(spec),
        "sections": code.sections(spec),
        "searchable": code.searchable(spec),
        "children": code.children(spec),
        "required": code.required(spec.properties),
        "any_required": code.any_required(spec),
        "reading_imports": code.reading_imports(spec),
        "translation_version": _translation_version(spec),
    }


def _part(part: Part) -> dict[str, Any]:
    function = code.function_name(part)
    return {
        "name": part.name,
        "words": words_of(part.name),
        "quoted_key": quoted(part.key),
        "function": function,
        "constant": function.lstrip("_").upper(),
        "fields": code.model_fields(part.properties),
        "reads": code.part_values(part),
        "required": code.required(part.properties),
    }


def _translation_version(spec: CatalogSpecification) -> int:
    """Return a number that changes with everything that decides how items are read."""
    read = {
        "properties": [asdict(prop) for prop in spec.properties],
        "parts": [asdict(part) for part in spec.parts],
    }
    return zlib.crc32(json.dumps(read, sort_keys=True).encode())


def _table(properties: Sequence[Property]) -> str:
    if not properties:
        return "There are none besides those that every entity has."
    lines = ["| Field | Type | Meaning |", "|---|---|---|"]
    for prop in properties:
        meaning = prop.description.replace("|", "\\|")
        told = " ".join(part for part in ("Required." if prop.required else "", meaning) if part)
        lines.append(f"| `{prop.name}` | {prop.words} | {told} |")
    return "\n".join(lines)
