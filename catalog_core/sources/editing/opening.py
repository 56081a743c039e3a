"""A document opened for editing: what it says, its nodes, and its text."""

import codecs
from collections.abc import Iterable
from dataclasses import dataclass, replace

from catalog_core.sources.editing.nodes import Node, read_nodes
from catalog_core.sources.editing.sheet import Edit, Sheet, layout_of
from catalog_core.sources.formats import CONFIGURATION_LIMITS, Document, parse_document

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDocument:
    """A document and its parts.

    Attributes:
        document: what it says; faults at single places are collected.
        root: its outermost node.
        sheet: its text, without a byte order mark.
        mark: its byte order mark, if it has one.
        encoding: its encoding.
    """

    document: Document
    root: Node
    sheet: Sheet
    mark: bytes
    encoding: str

    def edited(self, edits: Iterable[Edit]) -> bytes:
        """Return the bytes of the document with edits made."""
        return self.mark + self.sheet.edited(edits).encode(self.encoding)


def parsed(content: bytes, *, file: str, max_bytes: int) -> Document:
    """Return what a document says; faults at single places are collected.

    Raises:
        InvalidDocument: it cannot be read.
    """
    limits = replace(CONFIGURATION_LIMITS, max_bytes=max_bytes)
    return parse_document(content, file=file, limits=limits, tolerates_faults=True)


def open_document(content: bytes, *, file: str, max_bytes: int = CONFIGURATION_LIMITS.max_bytes) -> OpenDocument:
    """Return a document opened for editing.

    Args:
        content: its bytes.
        file: how people know it, for messages.
        max_bytes: its largest size, in bytes.

    Raises:
        InvalidDocument: it cannot be read.
    """
    document = parsed(content, file=file, max_bytes=max_bytes)
    mark, encoding = next(((mark, name) for mark, name in _MARKS if content.startswith(mark)), (b"", "utf-8"))
    text = content[len(mark) :].decode(encoding)
    root = read_nodes(content, text, file=file, max_bytes=max_bytes)
    sheet = Sheet(text=text, layout=layout_of(text, root))
    return OpenDocument(document=document, root=root, sheet=sheet, mark=mark, encoding=encoding)
