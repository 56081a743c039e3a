"""What the document of an entity names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_core.entities.references import Target, targets_of
from catalog_core.plugins.declarations import Reference

SKILLS = Reference("tools[].skillRef", "Skill", "uses")
MODEL = Reference("modelConfig.fallbackModelRefs[]", "CatalogModel", "falls back to")


@pytest.mark.parametrize(
    ("value", "target"),
    [
        ("look", Target("Skill", "look")),
        ("  look ", Target("Skill", "look")),
        (7, Target("Skill", "7")),
        ("tools/look", Target("Skill", "tools/look")),
        ({"name": "look"}, Target("Skill", "look")),
        ({"name": "look", "kind": "McpServer", "source": "near"}, Target("McpServer", "look", "near")),
        ({"name": "look", "kind": "", "source": None}, Target("Skill", "look")),
        ({"metadataType": "MetadataStringValue", "string_value": "look"}, Target("Skill", "look")),
    ],
)
def test_a_name_is_text_a_number_of_digits_or_an_object(value, target):
    assert targets_of([SKILLS], {"tools": [{"skillRef": value}]}) == [("uses", target)]


@pytest.mark.parametrize(
    "value", [None, True, 1.5, "", "  ", {}, {"name": ""}, {"name": ["a"]}, {"string_value": 1.5}, []]
)
def test_what_cannot_be_a_name_is_passed_over(value):
    assert targets_of([SKILLS], {"tools": [{"skillRef": value}, "text", None, {"skillRef": "look"}]}) == [
        ("uses", Target("Skill", "look"))
    ]


def test_one_in_place_of_a_list_and_a_list_in_place_of_one_are_understood():
    names = [("uses", Target("Skill", "a")), ("uses", Target("Skill", "b"))]
    assert targets_of([SKILLS], {"tools": {"skillRef": ["a", "b"]}}) == names
    assert targets_of([MODEL], {"modelConfig": {"fallbackModelRefs": "m"}}) == [
        ("falls back to", Target("CatalogModel", "m"))
    ]


def test_what_is_named_twice_in_one_relation_counts_once():
    document = {"tools": [{"skillRef": "b"}, {"skillRef": "a"}, {"skillRef": "b"}]}
    again = Reference("tools[].skillRef", "Skill", "needs")
    assert [(relation, target.name) for relation, target in targets_of([SKILLS, again], document)] == [
        ("uses", "b"),
        ("uses", "a"),
        ("needs", "b"),
        ("needs", "a"),
    ]


def test_a_name_that_no_asset_can_have_is_cut_to_one_that_still_names_nothing():
    ((_, target),) = targets_of([SKILLS], {"tools": [{"skillRef": "x" * 600}]})
    assert target.name == "x" * 511 + "…"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["tools", "skillRef", "name", "kind", "string_value"]) | st.text(max_size=3), inner
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["tools", "other"]), json_values))
def test_no_document_whatever_is_in_it_breaks_the_search(document):
    for relation, target in targets_of([SKILLS, Reference("tools", "Skill", "uses")], document):
        assert relation == "uses"
        assert target.name
