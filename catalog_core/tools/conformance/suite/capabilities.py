"""Category A: the capabilities document of a catalog says everything that a generic client needs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from catalog_core.tools.conformance.checks import Category, Findings, check
from catalog_core.tools.conformance.kinds import Kind
from catalog_core.tools.conformance.subjects import Catalog
from catalog_core.tools.conformance.wire import as_list, as_objects, listed, shown

FIELD_TYPES = ("string", "integer", "number", "boolean", "array", "object", "date")
FILTER_TYPES = ("text", "select", "multiselect", "boolean", "number")
OPERATORS = ("=", "!=", ">", "<", ">=", "<=", "LIKE", "ILIKE", "IN", "NOT IN")
WIDTHS = ("sm", "md", "lg")
SCOPES = ("source", "asset")

_check = check(Category.CAPABILITIES)


@_check
def schema_version(catalog: Catalog) -> Findings:
    """The document is there, and of version v1."""
    version = catalog.capabilities.get("schemaVersion")
    if version != "v1":
        yield f'schemaVersion is {shown(version)}, not "v1"'


@_check
def plugin_identity(catalog: Catalog) -> Findings:
    """The document says what the plugin is, the same as discovery does."""
    plugin = catalog.capabilities.get("plugin")
    if not isinstance(plugin, dict):
        yield f"plugin is {shown(plugin)}, not an object"
        return
    yield from absent(plugin, ("name", "version", "description"), "plugin")
    for key in ("name", "version", "description"):
        if plugin.get(key) != catalog.entry.get(key):
            yield f"plugin.{key} is {shown(plugin.get(key))}, but /api/plugins says {shown(catalog.entry.get(key))}"


@_check
def kinds_are_named(catalog: Catalog) -> Findings:
    """There is a kind at least, and each has a name, a plural and a label; no two share them."""
    if not catalog.kinds:
        yield "entities is empty"
    for kind in catalog.kinds:
        yield from absent(kind.entity, ("kind", "plural", "displayName"), f"kind {kind.name}")
    for key in ("kind", "plural"):
        yield from repeated((kind.entity.get(key) for kind in catalog.kinds), key)


@_check
def endpoints(catalog: Catalog) -> Findings:
    """Lists and look-ups lie below the base path, and the look-up has a place for the name."""
    for kind in catalog.kinds:
        for what, path in (("list", kind.list_path), ("get", kind.get_path)):
            if not path.startswith(f"{catalog.base_path}/"):
                yield f"endpoints.{what} of {kind.name} is {shown(path)}, not below {shown(catalog.base_path)}"
        if "{name}" not in kind.get_path:
            yield f"endpoints.get of {kind.name} has no {{name}}: {shown(kind.get_path)}"


@_check
def columns(catalog: Catalog) -> Findings:
    """Each kind has a column at least; columns have a name, a label, a path and a type that exists."""
    for kind in catalog.kinds:
        if not kind.columns:
            yield f"{kind.name} has no columns"
        for column in kind.columns:
            what = f"column {shown(column.get('name'))} of {kind.name}"
            yield from absent(column, ("name", "displayName", "path", "type"), what)
            yield from outside(column.get("type"), FIELD_TYPES, f"type of {what}")
            if "width" in column:
                yield from outside(column["width"], WIDTHS, f"width of {what}")
            if not isinstance(column.get("sortable", False), bool):
                yield f"sortable of {what} is {shown(column['sortable'])}, not true or false"
        yield from repeated((column.get("name") for column in kind.columns), f"column of {kind.name}")


@_check
def filter_fields(catalog: Catalog) -> Findings:
    """Filters have a name, a label, and a type and operators that exist; those to choose from have options."""
    for kind in catalog.kinds:
        for field in kind.filters:
            what = f"filter {shown(field.get('name'))} of {kind.name}"
            yield from absent(field, ("name", "displayName", "type"), what)
            yield from outside(field.get("type"), FILTER_TYPES, f"type of {what}")
            for operator in as_list(field.get("operators", []), f"operators of {what}"):
                yield from outside(operator, OPERATORS, f"an operator of {what}")
            options = as_list(field.get("options", []), f"options of {what}")
            if any(not isinstance(option, str) or not option for option in options):
                yield f"options of {what} are {shown(options)}, not all texts"
            if field.get("type") in ("select", "multiselect") and not options:
                yield f"{what} is to be chosen, but has no options"
        yield from repeated((field.get("name") for field in kind.filters), f"filter of {kind.name}")


@_check
def detail_fields(catalog: Catalog) -> Findings:
    """Fields of the detail view have a name, a label, a path and a type that exists."""
    for kind in catalog.kinds:
        for field in kind.details:
            what = f"detail field {shown(field.get('name'))} of {kind.name}"
            yield from absent(field, ("name", "displayName", "path", "type"), what)
            yield from outside(field.get("type"), FIELD_TYPES, f"type of {what}")


@_check
def actions(catalog: Catalog) -> Findings:
    """Actions are described, and no kind names one that is not."""
    defined = as_objects(catalog.capabilities.get("actions", []), "actions")
    for action in defined:
        what = f"action {shown(action.get('id'))}"
        yield from absent(action, ("id", "displayName", "description", "scope"), what)
        yield from outside(action.get("scope"), SCOPES, f"scope of {what}")
        for flag in ("supportsDryRun", "idempotent"):
            if not isinstance(action.get(flag), bool):
                yield f"{flag} of {what} is {shown(action.get(flag))}, not true or false"
    ids = [action.get("id") for action in defined]
    yield from repeated(ids, "action")
    for kind in catalog.kinds:
        unknown = [name for name in _named_actions(kind) if name not in ids]
        if unknown:
            yield f"{kind.name} names actions that are not defined: {listed(unknown)}"


def absent(document: Mapping[str, Any], keys: Iterable[str], what: str) -> Iterator[str]:
    """Yield the keys that are missing, empty or no text."""
    missing = [key for key in keys if not isinstance(document.get(key), str) or not document[key]]
    if missing:
        yield f"{what} lacks {listed(missing)}"


def outside(value: Any, known: Sequence[str], what: str) -> Iterator[str]:
    """Yield that a value is not among those that exist."""
    if value not in known:
        yield f"{what} is {shown(value)}, not one of {listed(known)}"


def repeated(values: Iterable[Any], what: str) -> Iterator[str]:
    """Yield the values that stand there more than once."""
    found = list(values)
    twice = sorted({str(value) for value in found if found.count(value) > 1})
    if twice:
        yield f"more than one {what} is called {listed(twice)}"


def _named_actions(kind: Kind) -> list[Any]:
    return as_list(kind.entity.get("actions", []), f"actions of {kind.name}")


CHECKS = (
    schema_version,
    plugin_identity,
    kinds_are_named,
    endpoints,
    columns,
    filter_fields,
    detail_fields,
    actions,
)
