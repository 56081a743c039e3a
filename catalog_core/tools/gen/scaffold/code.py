"""The Python that follows from ``catalog.yaml``: pieces that the templates put together."""

from collections.abc import Iterator, Sequence

from catalog_core.plugins.declarations import Column, Filter, Section
from catalog_core.plugins.usual import usual_columns, usual_filters, usual_searchable, usual_sections
from catalog_core.tools.gen.scaffold.naming import snake_case
from catalog_core.tools.gen.scaffold.properties import Property
from catalog_core.tools.gen.scaffold.pytext import Argument, call, quoted, sequence
from catalog_core.tools.gen.scaffold.specification import CatalogSpecification, Part

_FIELDS = {
    "string": ("models.TextField", ("blank=True",)),
    "integer": ("models.BigIntegerField", ("null=True", "blank=True")),
    "number": ("models.FloatField", ("null=True", "blank=True")),
    "boolean": ("models.BooleanField", ("null=True", "blank=True")),
    "date": ("models.DateTimeField", ("null=True", "blank=True")),
    "object": ("ObjectField", ()),
}
_READERS = {
    "string": "text",
    "integer": "integer",
    "number": "number",
    "boolean": "boolean",
    "date": "time",
    "object": "object",
}


def model_fields(properties: Sequence[Property]) -> list[str]:
    """Return the fields of a model as lines of its class.

    A field called ``models`` comes last: it hides the module that the others are declared with.
    """
    ordered = sorted(properties, key=lambda prop: prop.column == "models")
    return [_field(prop) for prop in ordered]


def migration_fields(properties: Sequence[Property]) -> list[str]:
    """Return the fields of a model as Django's migration writer has them."""
    return [_migration_field(prop) for prop in sorted(properties, key=lambda prop: prop.column == "models")]


def field_imports(spec: CatalogSpecification) -> list[str]:
    """Return what ``models.py`` imports from the core."""
    names = {"EntityModel", *(["ChildModel"] if spec.parts else [])}
    return sorted(names | {_field_class(prop) for prop in _all_properties(spec)} - _DJANGO_FIELDS)


def uses_django_fields(spec: CatalogSpecification) -> bool:
    """Say whether ``models.py`` needs Django's own fields."""
    return bool(spec.parts) or any(_field_class(prop) in _DJANGO_FIELDS for prop in spec.properties)


def columns(spec: CatalogSpecification) -> str:
    """Return the columns of the list: the name, and what can be shown in a cell."""
    return sequence(map(_column, usual_columns(spec.properties)), indent=0)


def filters(spec: CatalogSpecification) -> str:
    """Return the filters that clients should offer."""
    return sequence(map(_filter, usual_filters(spec.properties)), indent=0)


def sections(spec: CatalogSpecification) -> str:
    """Return the sections of the detail view."""
    return sequence(map(_section, usual_sections(spec.properties)), indent=0)


def searchable(spec: CatalogSpecification) -> str:
    """Return the fields that a search looks into."""
    names = usual_searchable(spec.properties)
    flat = f"({', '.join(map(quoted, names))})"
    return flat if len(flat) <= 90 else sequence(map(quoted, names), indent=4)


def required(properties: Sequence[Property]) -> str:
    """Return the names of the properties that have to be there."""
    names = [quoted(prop.name) for prop in properties if prop.required]
    flat = f"({', '.join(names)}{',' if len(names) == 1 else ''})"
    return flat if len(flat) <= 90 else sequence(names, indent=0)


def children(spec: CatalogSpecification) -> str:
    """Return the mapping of parts to their models."""
    if not spec.parts:
        return "{}"
    entries = [f"    {quoted(part.key)}: {part.name}," for part in spec.parts]
    return "\n".join(["{", *entries, "}"])


def part_values(part: Part) -> list[str]:
    """Return how each value of a part is read, as entries of a mapping."""
    return [f"{quoted(prop.column)}: part.{_reader(prop)}({quoted(prop.name)})" for prop in part.properties]


def function_name(part: Part) -> str:
    """Return the name of the function that reads one part."""
    return f"_{snake_case(part.name).lstrip('_')}"


def any_required(spec: CatalogSpecification) -> bool:
    """Say whether anything has to be there."""
    return any(prop.required for prop in _all_properties(spec))


def reading_imports(spec: CatalogSpecification) -> list[str]:
    """Return what ``feed.py`` imports from the core."""
    return sorted({"Entity", "ItemReader", "read_entity", *(["Child"] if spec.parts else [])})


_DJANGO_FIELDS = {name for name, _ in _FIELDS.values() if name.startswith("models.")}


def _all_properties(spec: CatalogSpecification) -> Iterator[Property]:
    yield from spec.properties
    for part in spec.parts:
        yield from part.properties


def _column(column: Column) -> str:
    arguments = [quoted(text) for text in (column.name, column.label, column.width) if text]
    return f"Column({', '.join(arguments + ([] if column.sortable else ['sortable=False']))})"


def _filter(filter_: Filter) -> str:
    arguments = [quoted(text) for text in (filter_.name, filter_.label) if text]
    if filter_.type != "text":
        arguments.append(f'type="{filter_.type}"')
    if not filter_.options:
        return f"Filter({', '.join(arguments)})"
    flat = f"({', '.join(map(quoted, filter_.options))}{',' if len(filter_.options) == 1 else ''})"
    line = f"Filter({', '.join([*arguments, f'options={flat}'])})"
    if len(line) <= 110:
        return line
    options = f"        options={sequence(map(quoted, filter_.options), indent=8)},"
    return "\n".join(["Filter(", *(f"        {argument}," for argument in arguments), options, "    )"])


def _field(prop: Property) -> str:
    options = [] if prop.kind == "array" else list(_FIELDS[prop.kind][1])
    arguments = [Argument(code=option) for option in options]
    if prop.description:
        arguments.append(Argument(keyword="help_text", text=prop.description))
    code = call(f"{prop.column} = {_field_class(prop)}", arguments, indent=4)
    return f"{code}  # noqa: E741 - the name that the catalog gives it" if prop.column == "l" else code


def _migration_field(prop: Property) -> str:
    field_class = _field_class(prop)
    options = dict(option.split("=") for option in _FIELDS[prop.kind][1]) if prop.kind in _FIELDS else {}
    if field_class not in _DJANGO_FIELDS:
        options = {"blank": "True", "default": "dict" if field_class == "ObjectField" else "list"}
        field_class = f"catalog_core.plugin.{field_class}"
    if prop.description:
        options["help_text"] = repr(prop.description)
    arguments = ", ".join(f"{name}={value}" for name, value in sorted(options.items()))
    return f"({prop.column!r}, {field_class}({arguments}))"


def _field_class(prop: Property) -> str:
    if prop.kind == "array":
        return "TextListField" if prop.items == "string" else "ObjectListField"
    return _FIELDS[prop.kind][0]


def _reader(prop: Property) -> str:
    if prop.kind == "array":
        return "text_list" if prop.items == "string" else "object_list"
    return _READERS[prop.kind]


def _section(section: Section) -> str:
    title, names = quoted(section.title), [quoted(entry) for entry in section.fields if isinstance(entry, str)]
    flat = f"Section({title}, ({', '.join(names)}{',' if len(names) == 1 else ''}))"
    if len(flat) <= 110:
        return flat
    return f"Section(\n        {title},\n        {sequence(names, indent=8)},\n    )"
