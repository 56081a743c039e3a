"""The entries under ``namedQueries`` of a section."""

from collections.abc import Mapping
from typing import Any

from catalog_core.problems import did_you_mean
from catalog_core.sources.configuration.reader import Reader
from catalog_core.sources.configuration.schema import NamedQuery
from catalog_core.sources.formats import Path, shortened

_OPERATORS = ("=", "!=", ">", "<", ">=", "<=", "LIKE", "ILIKE", "IN", "NOT IN")
_LIST_OPERATORS = ("IN", "NOT IN")


def read_queries(reader: Reader, path: Path) -> dict[str, NamedQuery]:
    """Return the named queries in the mapping at ``path``; faulty ones are left out.

    A query is a mapping of fields to ``{operator, value}``, or has that mapping under ``filters``, beside an
    ``assetType`` that says no more than the section does.
    """
    queries: dict[str, NamedQuery] = {}
    for name in reader.mapping(path):
        errors_before = reader.errors
        place = (*path, name)
        reader.faults(place)
        conditions = _conditions(reader, place)
        query = {field: _condition(reader, (*conditions, field)) for field in reader.mapping(conditions)}
        if not query and reader.errors == errors_before:
            reader.error(place, "The query has no condition, and is left out.", "empty-query", "Add a field.")
        if not name.strip() or not all(field.strip() for field in query):
            reader.error(place, "The name of a query, or of a field, is blank.", "missing-name", at_key=True)
        if reader.errors == errors_before:
            queries[name] = query
    return queries


def _conditions(reader: Reader, path: Path) -> Path:
    """Return where the conditions of a query stand."""
    query = reader.value(path)
    filters = query.get("filters") if isinstance(query, dict) else None
    if not isinstance(filters, dict) or isinstance(filters.get("operator"), str):
        return path
    fields = reader.fields(path, ("assetType", "filters"))
    if "assetType" in fields:
        reader.text(fields["assetType"])
    return fields["filters"]


def _condition(reader: Reader, path: Path) -> Mapping[str, Any]:
    fields = reader.fields(path, ("operator", "value"))
    if not isinstance(reader.value(path), dict | None):
        return {}
    missing = [key for key in ("operator", "value") if key not in fields]
    if missing:
        hint = "Write {operator: ..., value: ...}."
        reader.error(path, f"The condition has no {' and no '.join(missing)}.", "missing-key", hint)
        return {}
    operator = " ".join(reader.text(fields["operator"]).upper().split())
    if operator not in _OPERATORS:
        message = f'The operator "{shortened(operator)}" is not known.'
        reader.error(fields["operator"], message, "unknown-operator", did_you_mean(operator, _OPERATORS))
    value = reader.value(fields["value"])
    _check_operand(reader, fields["value"], operator, value)
    return {"operator": operator, "value": value}


def _check_operand(reader: Reader, path: Path, operator: str, value: Any) -> None:
    wants_list = operator in _LIST_OPERATORS
    if wants_list != isinstance(value, list):
        message = (
            f"{operator} needs a list of values." if wants_list else f"A list goes with IN only, not with {operator}."
        )
        reader.error(path, message, "wrong-type")
    elif any(isinstance(one, dict | list) or one is None for one in (value if wants_list else [value])):
        reader.error(path, "A condition compares with text, numbers, true or false.", "wrong-type")
