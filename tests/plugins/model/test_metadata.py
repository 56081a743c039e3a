"""Custom properties of models: typed metadata values, whatever way they were written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_core.plugin import InvalidItem, ItemReader
from catalog_plugins.model.metadata import typed_properties

VALUES = st.one_of(
    st.text().map(lambda value: ("MetadataStringValue", "string_value", value)),
    st.integers(-(2**63), 2**63 - 1).map(lambda value: ("MetadataIntValue", "int_value", str(value))),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: ("MetadataDoubleValue", "double_value", value)),
    st.booleans().map(lambda value: ("MetadataBoolValue", "bool_value", value)),
    st.sampled_from(["", "e30=", "eyJhIjoxfQ=="]).map(lambda value: ("MetadataStructValue", "struct_value", value)),
)


def properties(value):
    reader = ItemReader({"name": "a", "customProperties": {"tier": value}}, path="[3]")
    return typed_properties(reader)["tier"], reader.remarks


def refused(value):
    with pytest.raises(InvalidItem) as caught:
        properties(value)
    return caught.value.problem


@given(VALUES)
def test_metadata_values_stay_as_they_are(written):
    name, key, value = written
    metadata = {"metadataType": name, key: value}
    assert properties(metadata) == (metadata, [])


@given(VALUES.filter(lambda written: written[0] not in ("MetadataIntValue", "MetadataStructValue")))
def test_plain_values_get_the_type_that_fits_with_a_remark(written):
    name, key, value = written
    typed, remarks = properties(value)
    assert typed == {"metadataType": name, key: value}
    assert [remark.rule for remark in remarks] == ["untyped-property"]


@given(st.integers(-(2**63), 2**63 - 1))
def test_whole_numbers_become_texts_because_json_numbers_do_not_hold_them(number):
    expected = {"metadataType": "MetadataIntValue", "int_value": str(number)}
    assert properties(number)[0] == expected
    assert properties({"metadataType": "MetadataIntValue", "int_value": number}) == (expected, [])


def test_a_type_that_was_left_out_follows_from_the_key():
    typed, remarks = properties({"double_value": 0.5})
    assert typed == {"metadataType": "MetadataDoubleValue", "double_value": 0.5}
    assert [(remark.rule, remark.path) for remark in remarks] == [
        ("missing-metadata-type", "[3].customProperties.tier")
    ]


def test_a_proto_value_keeps_the_name_of_its_type():
    value = {"metadataType": "MetadataProtoValue", "proto_value": "CgA=", "type": "acme.Card"}
    assert properties(value) == (value, [])


def test_a_property_without_a_value_is_left_out():
    assert typed_properties(ItemReader({"customProperties": {"tier": None}})) == {}


def test_an_unknown_type_is_refused_and_the_known_ones_are_named():
    problem = refused({"metadataType": "MetadataTextValue", "string_value": "gold"})
    assert problem.rule == "unknown-metadata-type"
    assert problem.path == "[3].customProperties.tier"
    assert "'MetadataTextValue'" in problem.message
    assert "MetadataStringValue" in problem.hint


def test_a_value_under_the_key_of_another_type_is_refused():
    problem = refused({"metadataType": "MetadataStringValue", "int_value": "1"})
    assert problem.rule == "missing-value"
    assert "string_value" in problem.message


@pytest.mark.parametrize("value", [{}, {"value": 1}, {"string_value": "a", "int_value": "1"}])
def test_a_type_that_cannot_be_told_is_refused(value):
    assert refused(value).rule == "missing-metadata-type"


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [
        ("MetadataStringValue", "string_value", ["gold"]),
        ("MetadataStringValue", "string_value", True),
        ("MetadataIntValue", "int_value", "one"),
        ("MetadataIntValue", "int_value", 1.5),
        ("MetadataIntValue", "int_value", str(2**63)),
        ("MetadataIntValue", "int_value", True),
        ("MetadataDoubleValue", "double_value", "fast"),
        ("MetadataDoubleValue", "double_value", float("inf")),
        ("MetadataDoubleValue", "double_value", 10**400),
        ("MetadataBoolValue", "bool_value", "true"),
        ("MetadataStructValue", "struct_value", {"a": 1}),
        ("MetadataStructValue", "struct_value", "no base64!"),
    ],
)
def test_a_value_that_does_not_fit_its_type_is_refused(name, key, value):
    problem = refused({"metadataType": name, key: value})
    assert problem.rule == "wrong-type"
    assert key in problem.message


@pytest.mark.parametrize("value", [["gold"], 2**63])
def test_what_is_no_metadata_value_of_any_type_is_refused(value):
    assert refused(value).rule == "wrong-type"
