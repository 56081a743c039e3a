"""``docs/plugin-yaml.md`` tells of every field that the published schemas have, and of no other."""

import re
from pathlib import Path

import pytest

from catalog_core.entities.declared.in_force import build
from catalog_core.plugins.metadata.catalog_yaml import TYPES
from catalog_core.schemas import schema

PAGE = (Path(__file__).parents[3] / "docs" / "plugin-yaml.md").read_text()
ROW = re.compile(r"^\| `([\w.\[\]]+)` \| (\w+) \| (yes|no) \| (.+) \|$", re.MULTILINE)


def section(name: str) -> str:
    return re.split(r"^##+ ", PAGE.partition(f"\n## {name}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def fields(rules: dict, path: str = ""):
    """Yield path, type and whether it is required of every field below an object."""
    for name, inner in rules.get("properties", {}).items():
        here = f"{path}{name}"
        kind = inner.get("type", "string")
        yield here, kind, "yes" if name in rules.get("required", ()) else "no"
        if kind == "object":
            yield from fields(inner, f"{here}.")
        elif kind == "array":
            yield from fields(inner["items"], f"{here}[].")


@pytest.mark.parametrize("name", ["plugin", "catalog"])
def test_every_field_of_the_schema_has_a_row_and_every_row_a_field(name):
    rows = ROW.findall(section(f"{name}.yaml"))
    assert [row[:3] for row in rows] == list(fields(schema(name)))


def test_every_type_has_a_row_with_its_other_spellings():
    rows = re.findall(r"^\| `(\w+)` \|([^|]*)\| [^|]+ \| [^|]+ \|$", PAGE.partition("\n### Types\n")[2], re.MULTILINE)
    told = {kind: re.findall(r"`(\w+)`", others) for kind, others in rows}
    assert told == {kind: [one for one in TYPES if TYPES[one] == kind != one] for kind in dict.fromkeys(TYPES.values())}


def test_the_examples_make_a_catalog_together():
    plugin_yaml, catalog_yaml = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    built = build(plugin_yaml, catalog_yaml, folder="recipes")
    assert list(built.plugin.declaration_problems()) == []
    assert built.plugin.get_path() == "/api/recipes_catalog/v1alpha1/recipes/{name}"
