"""The pieces that files are made of: whatever the text, the result is what it should say."""

import ast
import keyword
import re

import pytest
import yaml
from django.apps import apps
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from catalog_core.entities.fields import EntityField, FieldKind
from catalog_core.entities.fields import camel_case as json_name
from catalog_core.entities.models import ChildModel, EntityModel
from catalog_core.entities.translation import ItemReader
from catalog_core.plugins.declarations import plural_of
from catalog_core.plugins.registry import registry
from catalog_core.tools.gen.scaffold import naming, reserved
from catalog_core.tools.gen.scaffold.inference import infer
from catalog_core.tools.gen.scaffold.properties import InvalidProperty, Property
from catalog_core.tools.gen.scaffold.pytext import WIDTH, Argument, assignment, call, quoted
from catalog_core.tools.gen.scaffold.regions import find_region, region, with_region
from catalog_core.tools.gen.scaffold.yaml_insert import UneditableYaml, with_entry
from catalog_core.tools.gen.scaffold.yamltext import scalar, yaml_text

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
YAML_TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]))
PLUGIN_NAMES = st.from_regex(naming.PLUGIN_NAME, fullmatch=True)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | YAML_TEXTS | st.dates().map(str),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(YAML_TEXTS, inner, max_size=3),
    max_leaves=5,
)
KINDS = {
    "string": FieldKind.TEXT,
    "integer": FieldKind.INTEGER,
    "number": FieldKind.NUMBER,
    "boolean": FieldKind.BOOLEAN,
    "date": FieldKind.TIME,
    "object": FieldKind.OBJECT,
}


# --- Python


@given(TEXTS)
def test_a_quoted_text_is_that_text(text):
    literal = quoted(text)
    assert ast.literal_eval(literal) == text
    assert literal.isascii()


@given(TEXTS, st.integers(0, 40))
def test_an_assignment_assigns_the_text_on_lines_that_fit(text, indent):
    code = assignment("name", text, indent=indent)
    assert ast.literal_eval(code.removeprefix("name = ")) == text
    assert all(len(line) <= WIDTH for line in code.splitlines()[1:])


@given(TEXTS)
def test_a_call_passes_the_text_on_lines_that_fit(text):
    code = call("field = make", [Argument(code="blank=True"), Argument(keyword="help_text", text=text)], indent=4)
    (node,) = ast.parse(code).body
    passed = {word.arg: ast.literal_eval(word.value) for word in node.value.keywords}
    assert passed.get("help_text", "") == text
    assert all(len(line) <= WIDTH for line in code.splitlines()[1:])


# --- YAML


@given(YAML_TEXTS)
def test_a_scalar_is_that_text_for_other_readers_too(text):
    assert yaml.safe_load(f"key: {scalar(text)}") == {"key": text}


@given(st.dictionaries(YAML_TEXTS, st.lists(YAML_TEXTS, max_size=3), max_size=3))
def test_a_document_survives(document):
    assert yaml.safe_load(yaml_text(document)) == document


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a:\n  b: [x]  # why\nc: 1\n", "a:\n  b: [x, new]  # why\nc: 1\n"),
        ("a:\n  b: []\nc: 1\n", "a:\n  b:\n    - new\nc: 1\n"),
        (
            "a:\n  b:\n  - 'x'  # first\n\n  # of c\n  c: 1\n",
            "a:\n  b:\n  - 'x'  # first\n  - new\n\n  # of c\n  c: 1\n",
        ),
        ("a:\n    b:\n        - x\n    c: 1\n# end", "a:\n    b:\n        - x\n        - new\n    c: 1\n# end"),
        ("a:\n  c: 1 # one\n\n# end\n", "a:\n  c: 1 # one\n  b:\n    - new\n\n# end\n"),
        ("a:\r\n  b:\r\n  - x\r\n", "a:\r\n  b:\r\n  - x\r\n  - new\r\n"),
        ("a:\n  b:\n  - x", "a:\n  b:\n  - x\n  - new\n"),
    ],
)
def test_an_entry_is_added_and_every_other_byte_stays(before, after):
    assert with_entry(before.encode(), ("a", "b"), "new", file="a.yaml") == after


@pytest.mark.parametrize("text", ["a: {c: 1}", "a:\n  b: text\n", "a:\n  b: &x [1]\n  c: *x\nb: [", "- a", "", "a: 1"])
def test_what_cannot_be_added_in_its_place_is_told(text):
    with pytest.raises(UneditableYaml, match="write there: new"):
        with_entry(text.encode(), ("a", "b"), "new", file="a.yaml")


# --- names


@given(PLUGIN_NAMES)
def test_every_name_gives_names_that_python_and_django_take(name):
    module, kind = naming.module_of(name), naming.kind_of(name)
    assert module.isidentifier()
    assert not keyword.iskeyword(module)
    assert module not in reserved.APP_LABELS
    assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", kind)
    assert kind not in reserved.KINDS
    assert re.fullmatch(r"[a-z0-9]+", plural_of(kind))
    prefix = naming.PluginNames(name=name, package=module, display_name=name).class_prefix
    assert f"{prefix}Plugin".isidentifier()


@given(st.from_regex(r"[a-z][A-Za-z0-9]{0,20}", fullmatch=True))
def test_the_column_of_a_property_leads_back_to_its_name(name):
    assert json_name(naming.snake_case(name)) == name


@given(st.text())
def test_a_key_of_a_sample_becomes_a_property_or_is_refused(key):
    try:
        prop = Property(name=naming.camel_case(key))
    except InvalidProperty:
        return
    assert prop.column.isidentifier()


def test_taken_names_are_those_that_are_taken():
    assert {plugin.name for plugin in registry} >= reserved.BUNDLED_NAMES
    kinds = {plugin.kind for plugin in registry if plugin.name in reserved.BUNDLED_NAMES}
    assert kinds <= reserved.KINDS
    own = {config.label for config in apps.get_app_configs() if not config.name.startswith("catalog_plugins.")}
    assert own <= reserved.APP_LABELS
    attributes = {name for model in (models.Model, EntityModel, ChildModel) for name in dir(model)}
    columns = {field.column for model in (EntityModel, ChildModel) for field in model._meta.fields}
    base = {"id", "name", "description"}  # every entity has these, so properties of these names mean nothing
    assert {name for name in attributes | columns if name.islower() and name[0] != "_"} - base <= reserved.COLUMNS


# --- samples


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b", "c_d", "e"]), JSON, max_size=4), min_size=1, max_size=4))
def test_a_kind_made_from_a_sample_takes_every_item_of_it_without_reservations(items):
    named = [{**item, "name": f"item {place}"} for place, item in enumerate(items)]
    sample = infer(named, "sample.json")
    for item in sample.items:
        reader = ItemReader(item)
        for prop in sample.properties:
            kind = KINDS.get(prop.kind) or (FieldKind.TEXT_LIST if prop.items == "string" else FieldKind.OBJECT_LIST)
            reader.read(EntityField(name=prop.name, column=prop.column, kind=kind))
        assert reader.remarks == []


# --- pages


@pytest.mark.parametrize("content", ["one", "| a |\n|---|\n| \\1 |", ""])
def test_a_region_is_replaced_and_the_rest_of_the_page_stays(content):
    page = f"before\n\n{region('fields', 'old')}\n\nafter\n"
    new = with_region(page, "fields", region("fields", content))
    assert new == f"before\n\n{region('fields', content)}\n\nafter\n"
    assert find_region(new, "fields") == region("fields", content)


def test_a_page_without_the_region_stays():
    assert with_region("page", "fields", region("fields", "x")) == "page"
