"""A new plugin: from what somebody wishes to all of its files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from catalog_core.plugins.declarations import plural_of
from catalog_core.plugins.metadata import parse_catalog_yaml
from catalog_core.tools.gen.scaffold.app_files import About, app_files, initial_migration
from catalog_core.tools.gen.scaffold.inference import infer, read_document
from catalog_core.tools.gen.scaffold.manifest import FILE_NAME, Manifest
from catalog_core.tools.gen.scaffold.migrations import plan_migration
from catalog_core.tools.gen.scaffold.naming import PluginNames, check_kind, kind_of, title_of
from catalog_core.tools.gen.scaffold.package_files import package_files
from catalog_core.tools.gen.scaffold.parts import generated_parts
from catalog_core.tools.gen.scaffold.properties import Property, parse_property
from catalog_core.tools.gen.scaffold.specification import CatalogSpecification, specification_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """What a file shows of a kind that is to be made.

    Attributes:
        name: the name of the plugin, if the file says one.
        spec: what the kind is made of, if the file says it outright.
        properties: the properties.
        items: sample data.
        notes: what is not as in the file, for people.
    """

    name: str = ""
    spec: CatalogSpecification | None = None
    properties: tuple[Property, ...] = ()
    items: tuple[dict[str, Any], ...] = ()
    notes: tuple[str, ...] = ()


def read_example(path: Path | None) -> Example:
    """Return what a ``catalog.yaml``, or a file with sample items, shows; nothing is shown by no file.

    Raises:
        OSError: the file cannot be read.
        InvalidDocument, InvalidSpecification: it is a ``catalog.yaml`` that cannot be used.
        InvalidSample: it is something else that cannot be used.
    """
    if path is None:
        return Example()
    document = read_document(path)
    if isinstance(document, dict) and document.get("kind") == "CatalogConfig":
        config = parse_catalog_yaml(path.read_bytes(), file=path.name).value
        spec = specification_of(config, path.name)
        return Example(name=config.name, spec=spec, properties=spec.properties)
    sample = infer(document, path.name)
    return Example(properties=sample.properties, items=sample.items, notes=sample.notes)


def wished_specification(name: str, kind: str, example: Example, fields: Iterable[str]) -> CatalogSpecification:
    """Return what the kind is to be made of.

    Args:
        name: the name of the plugin, which suggests the kind.
        kind: the kind, if somebody has named one.
        example: what a file shows.
        fields: further properties as ``name:type[:required]``; they replace those of the same name.

    Raises:
        InvalidName, InvalidProperty: a name or a property cannot be used.
        InvalidSpecification: two things have the same name.
    """
    properties = {prop.name: prop for prop in example.properties}
    properties |= {prop.name: prop for prop in map(parse_property, fields) if prop}
    made = example.spec
    if made is None or (kind and kind != made.kind):
        chosen = check_kind(kind) if kind else kind_of(name)
        base = CatalogSpecification(kind=chosen, plural=plural_of(chosen), title=title_of(chosen))
        made = replace(base, parts=made.parts, providers=made.providers) if made else base
    made = replace(made, properties=tuple(properties.values()))
    made.check()
    return made


def plugin_files(
    names: PluginNames,
    about: About,
    spec: CatalogSpecification,
    items: Iterable[Mapping[str, Any]] = (),
    *,
    is_package: bool,
) -> dict[str, str]:
    """Return all files of a new plugin, by path.

    Raises:
        MigrationImpossible: its tables cannot be worked out.
    """
    files = app_files(names, spec, about, list(items))
    if spec.parts:
        code = {path: text for path, text in files.items() if path.endswith(".py") and not path.startswith("tests/")}
        planned = plan_migration(None, names.package, code)
        files |= {planned.path: planned.text} if planned else {}
    else:
        files |= initial_migration(names, spec)
    files[FILE_NAME] = Manifest().with_texts(generated_parts(spec)).text()
    return package_files(names, spec, about, files) if is_package else files
