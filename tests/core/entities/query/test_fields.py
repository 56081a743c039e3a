import pytest

from catalog_core.entities.query import Children, CustomProperties, FieldType, QueryField, QueryFields, operators_of
from catalog_core.entities.query.nodes import Name
from catalog_core.exceptions import InvalidQuery, PluginDefinitionError
from tests.core.entities.query.shelf import FIELDS, Chapter

NAME = QueryField(name="name", type=FieldType.TEXT, column="name", aliases=("title",))


def test_two_fields_of_one_name_are_both_told():
    other = QueryField(name="title", type=FieldType.TEXT, column="title")
    with pytest.raises(PluginDefinitionError, match="title is declared twice"):
        QueryFields(fields=(NAME, other))


def test_children_have_no_children():
    rows = Children(model=Chapter, foreign_key="entity", fields=FIELDS)
    with pytest.raises(PluginDefinitionError, match="parts have children"):
        QueryFields(fields=(NAME,), children={"parts": rows})


def test_ids_cannot_lie_inside_json():
    with pytest.raises(PluginDefinitionError, match="inside JSON"):
        QueryField(name="key", type=FieldType.ID, column="details", path=("key",))


def test_alias_stands_for_the_same_field():
    fields = QueryFields(fields=(NAME,))
    assert fields.resolve(Name(("title",))) == fields.resolve(Name(("name",)))


def test_name_with_dots_may_be_declared():
    dotted = QueryField(name="spec.risk", type=FieldType.TEXT, column="risk")
    assert QueryFields(fields=(dotted,)).resolve(Name(("spec", "risk"))).field is dotted


def test_typed_property_is_found_by_its_last_part_only_where_there_are_typed_properties():
    plain = QueryFields(fields=(NAME,), custom=(CustomProperties(),))
    with pytest.raises(InvalidQuery, match=r"customProperties\.tier\.string_value"):
        plain.resolve(Name(("tier", "string_value")))


def test_dots_inside_the_name_of_a_typed_property_need_no_backticks():
    custom = CustomProperties(typed=True)
    assert custom.field(("vendor", "tier", "string_value")).path == ("vendor.tier", "string_value")
    assert custom.field(("vendor", "tier")).path == ("vendor.tier",)


def test_only_values_with_an_order_can_be_sorted():
    assert set(FIELDS.sortable_names).isdisjoint({"topics", "details", "languages"})
    assert "pages" in FIELDS.sortable_names


def test_every_type_tells_its_operators():
    assert operators_of(FieldType.BOOLEAN) == ("=", "!=", "IN", "NOT IN", "IS NULL", "IS NOT NULL")
    assert "NOT ILIKE" in operators_of(FieldType.TEXT)
    for type_ in FieldType:
        assert "IS NULL" in operators_of(type_)
