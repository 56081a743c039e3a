"""Changing single entries of the configuration, byte for byte but for what is meant. Bytes in, bytes out."""

from catalog_core.sources.editing.nodes import Node
from catalog_core.sources.editing.opening import OpenDocument, open_document
from catalog_core.sources.editing.rewriting import rewrite, same
from catalog_core.sources.editing.sheet import Edit
from catalog_core.sources.editing.sources import is_stated, put_source, remove_source
from catalog_core.sources.editing.writing import json_text

__all__ = [
    "Edit",
    "Node",
    "OpenDocument",
    "is_stated",
    "json_text",
    "open_document",
    "put_source",
    "remove_source",
    "rewrite",
    "same",
]
