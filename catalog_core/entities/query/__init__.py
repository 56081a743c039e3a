"""The filter language of every catalog; ``docs/query-language.md`` is its reference."""

from catalog_core.entities.query.compiler import compile_child_filter, compile_filter
from catalog_core.entities.query.conditions import operators_of
from catalog_core.entities.query.expressions import AsciiLower, BinaryText
from catalog_core.entities.query.fields import Children, CustomProperties, FieldType, QueryField, QueryFields
from catalog_core.entities.query.named import named_query
from catalog_core.entities.query.nodes import Node
from catalog_core.entities.query.parser import parse_filter, parse_name

__all__ = [
    "AsciiLower",
    "BinaryText",
    "Children",
    "CustomProperties",
    "FieldType",
    "Node",
    "QueryField",
    "QueryFields",
    "compile_child_filter",
    "compile_filter",
    "named_query",
    "operators_of",
    "parse_filter",
    "parse_name",
]
