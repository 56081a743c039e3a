"""Adding an entry to a list of a YAML document, and leaving every other byte of it as it is."""

import json
import textwrap
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from catalog_core.tools.gen.scaffold.yamltext import yaml_text


class UneditableYaml(ValueError):
    """A YAML document has a form in which nothing can be added to it; the text says what to do."""


def with_entry(content: bytes, path: tuple[str, ...], entry: Any, *, file: str) -> str:
    """Return the document with another entry at the end of a list.

    Args:
        content: the document.
        path: the keys that lead to the list; the last one is added if it is not there.
        entry: what to add.
        file: what people call the document.

    Raises:
        UneditableYaml: it is no YAML, or nothing can be added to it in its place.
    """
    try:
        text = content.decode()
        changed = _inserted(text, path, entry)
        expected = yaml.safe_load(text)
        owner = expected
        for key in path[:-1]:
            owner = owner[key]
        owner[path[-1]] = [*(owner.get(path[-1]) or ()), entry]
        if yaml.safe_load(changed) == expected:
            return changed
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as error:
        raise UneditableYaml(_by_hand(file, path, entry)) from error
    raise UneditableYaml(_by_hand(file, path, entry))


def _inserted(text: str, path: tuple[str, ...], entry: Any) -> str:
    owner = yaml.compose(text, Loader=yaml.SafeLoader)
    for key in path[:-1]:
        owner = _value(owner, key)
    target = _value(owner, path[-1])
    if target is None:
        return _as_last_key(text, owner, path[-1], entry)
    if not isinstance(target, SequenceNode):
        raise TypeError
    if not target.flow_style:
        return _after(text, target, _block([entry], target.start_mark.column))
    start, end = target.start_mark.index, target.end_mark.index
    if target.value:
        return f"{text[: end - 1].rstrip()}, {_flow(entry)}]{text[end:]}"
    column = owner.start_mark.column + 2 if owner else 2
    return f"{text[:start].rstrip(' ')}\n{_block([entry], column)}{text[end:]}"


def _as_last_key(text: str, owner: Node | None, key: str, entry: Any) -> str:
    if not isinstance(owner, MappingNode) or owner.flow_style:
        raise TypeError
    pad = " " * owner.start_mark.column
    return _after(text, owner, f"{pad}{key}:\n{_block([entry], owner.start_mark.column + 2)}")


def _after(text: str, node: Node, lines: str) -> str:
    """Return the text with lines after the one on which a node ends, comment included."""
    end = text.find("\n", _end(node))
    line_end = "\r\n" if "\r\n" in text else "\n"
    head, tail = (text, "") if end < 0 else (text[:end].removesuffix("\r"), text[end + 1 :])
    return line_end.join([head, *lines.splitlines(), tail])


def _end(node: Node) -> int:
    """Return where the last value inside a node ends: a block itself goes on over the comments that follow it."""
    while isinstance(node, SequenceNode | MappingNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    index: int = node.end_mark.index
    return index


def _value(node: Node | None, key: str) -> Node | None:
    if not isinstance(node, MappingNode):
        raise TypeError
    return next((value for name, value in node.value if isinstance(name, ScalarNode) and name.value == key), None)


def _block(entries: list[Any], column: int) -> str:
    return textwrap.indent(textwrap.dedent(yaml_text(entries)), " " * column).rstrip("\n")


def _flow(entry: Any) -> str:
    return entry if isinstance(entry, str) else json.dumps(entry, ensure_ascii=False)


def _by_hand(file: str, path: tuple[str, ...], entry: Any) -> str:
    return f"{file}: nothing can be added to {'.'.join(path)} in its place; write there: {_flow(entry)}"
