"""YAML as people write it, and edits that keep their comments."""

import io
from dataclasses import dataclass
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

_NO_FOLDING = 1_000_000
"""Longest line that is not broken, in characters: lines stay as their author has broken them."""


class UnreadableYaml(ValueError):
    """A YAML file cannot be edited; the text says why."""


@dataclass(frozen=True, slots=True)
class EditedYaml:
    """A document that can be changed in place; comments, order, quotes and indentation of the rest survive.

    Attributes:
        document: mappings and lists to change.
    """

    document: Any
    _emitter: YAML
    _line_end: str

    def text(self) -> str:
        """Return the document as it is now."""
        return _dumped(self.document, self._emitter).replace("\n", self._line_end)


def edit_yaml(content: bytes, *, file: str) -> EditedYaml:
    """Return a document for editing.

    Raises:
        UnreadableYaml: the file is no YAML.
    """
    emitter = _round_trip()
    try:
        text = content.decode()
        document = emitter.load(text)
    except (YAMLError, UnicodeDecodeError) as error:
        raise UnreadableYaml(f"{file} is not YAML: {' '.join(str(error).split())}") from None
    mapping, dash = _indents(text)
    emitter.indent(mapping=mapping, sequence=dash + 2, offset=dash)
    emitter.explicit_start = text.startswith("---")
    return EditedYaml(document, emitter, "\r\n" if "\r\n" in text else "\n")


def yaml_text(document: Any) -> str:
    """Return a document as YAML in block style; texts that YAML 1.1 or 1.2 would take for something else are quoted."""
    emitter = _round_trip()
    emitter.indent(mapping=2, sequence=4, offset=2)
    return _dumped(_unambiguous(document), emitter)


def scalar(text: str) -> str:
    """Return a text as a YAML scalar for use in a template.

    >>> scalar("Build tools"), scalar("yes: no"), scalar("")
    ('Build tools', '"yes: no"', '""')
    """
    return yaml_text({"k": text})[3:].strip()


def _indents(text: str) -> tuple[int, int]:
    """Return how far mappings, and the dashes of lists, stand to the right of what holds them."""
    mapping, dash, above = 0, None, 0
    for line in text.splitlines():
        bare = line.lstrip(" ")
        if not bare or bare.startswith("#"):
            continue
        depth = len(line) - len(bare)
        if bare.startswith("- "):
            dash = depth - above if dash is None else dash
        elif not mapping and depth:
            mapping = depth
        above = depth
    return mapping or 2, 2 if dash is None else max(dash, 0)


def _unambiguous(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unambiguous(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_unambiguous(part) for part in value]
    return DoubleQuotedScalarString(value) if isinstance(value, str) and not _is_plain(value) else value


def _is_plain(text: str) -> bool:
    """Say whether a text may stand without quotes."""
    try:
        return bool(yaml.safe_load(f"k: {text}") == {"k": text})
    except (yaml.YAMLError, ValueError):
        return False


def _round_trip() -> YAML:
    emitter = YAML(typ="rt")
    emitter.preserve_quotes = True
    emitter.width = _NO_FOLDING
    return emitter


def _dumped(document: Any, emitter: YAML) -> str:
    stream = io.StringIO()
    emitter.dump(document, stream)
    return stream.getvalue()
