"""Filling in templates."""

import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from catalog_core.tools.gen.scaffold.properties import Property
from catalog_core.tools.gen.scaffold.pytext import quoted
from catalog_core.tools.gen.scaffold.yamltext import scalar

FOLDER = Path(__file__).resolve().parent.parent / "templates"


def render(template: str, **values: Any) -> str:
    """Return a template, by its path below the folder of templates and without its suffix, filled in.

    The result ends in exactly one line feed, or is empty.
    """
    text = _environment().get_template(f"{template}.jinja").render(**values).strip("\n")
    return f"{text}\n" if text else ""


@cache
def _environment() -> Environment:
    environment = Environment(  # noqa: S701 - what is made is Python, YAML and Markdown, not HTML
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"py": quoted, "yaml": scalar, "toml": json.dumps, "property_entries": _property_entries}
    return environment


def _property_entries(properties: Iterable[Property], indent: int) -> str:
    """Return properties as ``catalog.yaml`` lists them."""
    pad = " " * indent
    lines = []
    for prop in properties:
        lines += [f"{pad}- name: {scalar(prop.name)}", f"{pad}  type: {prop.type}"]
        if prop.kind == "array":
            lines += [f"{pad}  items:", f"{pad}    type: {prop.items}"]
        if prop.required:
            lines.append(f"{pad}  required: true")
        if prop.label:
            lines.append(f"{pad}  displayName: {scalar(prop.label)}")
        if prop.options:
            lines += [f"{pad}  options:", *(f"{pad}    - {scalar(option)}" for option in prop.options)]
        if prop.description:
            lines.append(f"{pad}  description: {scalar(prop.description)}")
    return "\n".join(lines)
