"""Changing the version in a ``plugin.yaml`` and nothing else: comments, order and quotes stay."""

import copy
import re
from typing import Any

from catalog_core.exceptions import InvalidDocument
from catalog_core.problems import Problem
from catalog_core.sources.formats import Document, parse_document

_VERSION = ("spec", "version")
_LINE = re.compile("[^\n\r\x85\u2028\u2029]*(?:\r\n|[\n\r\x85\u2028\u2029]|$)")
"""A line with its end, as YAML 1.1 counts lines, which the positions of documents go by."""


def version_in(content: bytes, *, file: str) -> str:
    """Return the version of a plugin as its ``plugin.yaml`` has it.

    Raises:
        InvalidDocument: the file is no YAML, or has no version that is text.
    """
    return _version(parse_document(content, file=file))


def name_in(content: bytes, *, file: str) -> str:
    """Return what a plugin is called by its ``plugin.yaml``; nothing where that does not say.

    Raises:
        InvalidDocument: the file is no YAML.
    """
    name = _at(parse_document(content, file=file), ("metadata", "name"))
    return name if isinstance(name, str) else ""


def with_version(content: bytes, version: str, *, file: str) -> bytes:
    """Return a ``plugin.yaml`` with another version.

    Args:
        content: the file now.
        version: what it is to say.
        file: how people know it, for messages.

    Raises:
        InvalidDocument: there is no version, or it is written in a way that cannot be changed in its place.
    """
    document = parse_document(content, file=file)
    old = _version(document)
    line, column = document.position(_VERSION)
    lines = _LINE.findall(_decoded(content, document))
    place = re.compile(rf"(?P<quote>[\"']?){re.escape(old)}(?P=quote)")
    match = place.match(lines[line - 1], column - 1)
    if match:
        text = lines[line - 1]
        lines[line - 1] = f"{text[: match.start()]}{match['quote']}{version}{match['quote']}{text[match.end() :]}"
        changed = "".join(lines).encode()
        if _says(changed, _expected(document, version), file):
            return changed
    hint = 'Write it as version: "1.2.3", without anchors and escapes.'
    raise InvalidDocument(
        [document.problem(_VERSION, "The version cannot be changed in its place.", "uneditable", hint)]
    )


def _version(document: Document) -> str:
    value = _at(document, _VERSION)
    if not isinstance(value, str):
        hint = 'Write it under spec, as in version: "1.2.3".'
        raise InvalidDocument([document.problem((), "There is no version, or it is not text.", "missing-key", hint)])
    return value


def _at(document: Document, path: tuple[str, ...]) -> Any:
    value = document.value
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def _decoded(content: bytes, document: Document) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        problem = Problem(
            message="The file is not UTF-8.", rule="encoding", hint="Save it as UTF-8.", file=document.file
        )
        raise InvalidDocument([problem]) from error


def _expected(document: Document, version: str) -> Any:
    value = copy.deepcopy(document.value)
    value["spec"]["version"] = version
    return value


def _says(content: bytes, value: Any, file: str) -> bool:
    """Whether a document says what it should; a careless edit shows here, not in somebody's repository."""
    return bool(parse_document(content, file=file).value == value)
