"""YAML as people write it, and edits that keep their comments."""

import io
from pathlib import Path
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import DoubleQuotedScalarString


class UnreadableYaml(ValueError):
    """A YAML file cannot be read or edited; the text says why."""


def yaml_text(document: Any) -> str:
    """Return a document as YAML in block style; texts that YAML 1.1 or 1.2 would take for something else are quoted."""
    return _dumped(_unambiguous(document))


def load_for_editing(path: Path) -> Any:
    """Return a document whose comments, order and quoting survive :func:`edited_text`.

    Raises:
        UnreadableYaml: the file cannot be read.
    """
    try:
        return _round_trip().load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UnreadableYaml(f"{path.name} cannot be read: {error.strerror}.") from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise UnreadableYaml(f"{path.name} is not YAML: {' '.join(str(error).split())}") from None


def edited_text(document: Any) -> str:
    """Return a document that was loaded for editing, as text."""
    return _dumped(document)


def scalar(text: str) -> str:
    """Return a text as a YAML scalar for use in a template.

    >>> scalar("Build tools"), scalar("yes: no"), scalar("")
    ('Build tools', '"yes: no"', '""')
    """
    return yaml_text({"k": text})[3:].strip()


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
    parser = YAML(typ="rt")
    parser.preserve_quotes = True
    parser.width = 4096
    parser.indent(mapping=2, sequence=4, offset=2)
    return parser


def _dumped(document: Any) -> str:
    stream = io.StringIO()
    _round_trip().dump(document, stream)
    return stream.getvalue()
