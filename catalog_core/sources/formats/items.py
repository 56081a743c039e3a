"""Data files: many items under one key, in YAML, JSON or JSON Lines."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Literal

from catalog_core.sources.formats.bytes_input import BytesInput
from catalog_core.sources.formats.item import Item
from catalog_core.sources.formats.json_items import JsonItems, JsonLines
from catalog_core.sources.formats.limits import FormatLimits
from catalog_core.sources.formats.yaml_items import YamlItems


def iter_items(
    content: bytes | BinaryIO,
    *,
    file: str,
    format: Literal["yaml", "json", "jsonl"],
    key: str | Sequence[str],
    limits: FormatLimits | None = None,
    accept_bare_list: bool = True,
) -> Iterator[Item]:
    """Give the items of a data file one after the other, while it is being read.

    A document is a mapping in which ``key`` holds a list; or a bare list; or one mapping that has a ``name`` and no
    ``key``, which is then the only item. Several YAML documents in a file are read alike, one after the other. An empty
    list, or none, is legal: no items. Other keys beside ``key`` are passed over.

    What is wrong inside an item but leaves its end clear (a duplicate key, an unknown tag, nesting that is too deep, in
    JSON Lines anything) goes into the problems of that item, and the next one follows.

    Args:
        content: UTF-8 with or without a byte order mark; YAML may also be UTF-16 with one.
        file: how people know the file, for messages.
        format: what the file is written in.
        key: the key that holds the list, such as ``models``, or several that may; the first goes into messages.
        limits: what is too much; the defaults of :class:`FormatLimits` if absent.
        accept_bare_list: whether the document itself may be the list.

    Raises:
        InvalidDocument: while iterating, where the rest of the file cannot be read; what was given out before
            is good.
    """
    limits = limits or FormatLimits()
    source = BytesInput(content, file=file, max_bytes=limits.max_bytes)
    if format == "jsonl":
        return iter(JsonLines(source, limits=limits))
    keys = (key,) if isinstance(key, str) else tuple(key)
    reader = JsonItems if format == "json" else YamlItems
    return iter(reader(source, keys=keys, limits=limits, accept_bare_list=accept_bare_list))
