"""Documents and data files in YAML and JSON: bytes in, JSON values with positions out."""

from catalog_core.sources.formats.document import Document, parse_document
from catalog_core.sources.formats.faults import Fault, Path, path_text
from catalog_core.sources.formats.item import Item
from catalog_core.sources.formats.items import iter_items
from catalog_core.sources.formats.limits import CONFIGURATION_LIMITS, FormatLimits
from catalog_core.sources.formats.scalars import shortened

__all__ = [
    "CONFIGURATION_LIMITS",
    "Document",
    "Fault",
    "FormatLimits",
    "Item",
    "Path",
    "iter_items",
    "parse_document",
    "path_text",
    "shortened",
]
