"""YAML as people write it."""

import io
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import DoubleQuotedScalarString

_NO_FOLDING = 1_000_000
"""Longest line that is not broken, in characters."""


def yaml_text(document: Any) -> str:
    """Return a document as YAML in block style; texts that YAML 1.1 or 1.2 would take for something else are quoted."""
    emitter = YAML(typ="rt")
    emitter.width = _NO_FOLDING
    emitter.indent(mapping=2, sequence=4, offset=2)
    stream = io.StringIO()
    emitter.dump(_unambiguous(document), stream)
    return stream.getvalue()


def scalar(text: str) -> str:
    """Return a text as a YAML scalar for use in a template.

    >>> scalar("Build tools"), scalar("yes: no"), scalar("")
    ('Build tools', '"yes: no"', '""')
    """
    return yaml_text({"k": text})[3:].strip("\n")


def _unambiguous(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _unambiguous(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_unambiguous(part) for part in value]
    if not isinstance(value, str) or _is_plain(value):
        return value
    return DoubleQuotedScalarString(value)


def _is_plain(text: str) -> bool:
    """Say whether a text may stand without quotes."""
    try:
        return text == text.strip() and bool(yaml.safe_load(f"k: {text}") == {"k": text})
    except (yaml.YAMLError, ValueError):
        return False
