"""Filters of one form share what was compiled for it, and mean what they meant."""

import pytest

from catalog_core.entities.query import parse_filter
from catalog_core.entities.query.lifting import IntegerSlot, TextSlot, lift, slotted
from catalog_core.entities.query.nodes import And, Comparison, Not, Or

FILTERS = [
    "name = 'x'",
    "name='it''s' AND pages < 12 OR NOT (author != \"a \\\"quoted\\\" one\")",
    "name IN ('a', 'b','c') AND pages IN (1,2 , -3)",
    "`odd name`.`with 'quotes' and 5` = 'x' -- and 'a comment', 7",
    "price > 1.5 AND price < 1e3 AND pages >= +4 AND price != .5 AND price = 0.0",
    "pages = 0 AND pages != 00 AND pages > 1234567890123456789012",
    "lent = TRUE AND name LIKE 'a%' AND name1 = '0' AND pages IS NOT NULL",
    "bought_at > '2024-01-01' AND id = '00000000-0000-0000-0000-000000000001'",
]


def literals(node):
    match node:
        case Comparison():
            return [literal.value for literal in node.literals]
        case Not(operand):
            return literals(operand)
        case And(operands) | Or(operands):
            return [value for operand in operands for value in literals(operand)]


@pytest.mark.parametrize("text", FILTERS)
def test_values_put_back_into_the_slots_give_the_filter(text):
    lifted = lift(text)
    filled = [
        lifted.values[value.number] if isinstance(value, TextSlot | IntegerSlot) else value
        for value in literals(slotted(lifted.shape))
    ]
    assert filled == literals(parse_filter(text))
    slots = [value.number for value in literals(slotted(lifted.shape)) if isinstance(value, TextSlot | IntegerSlot)]
    assert sorted(slots) == list(range(len(lifted.values)))


def test_filters_that_differ_in_values_only_have_one_shape():
    assert lift("name = 'a' AND pages < 5").shape == lift('name = "b c" AND pages < -77').shape


@pytest.mark.parametrize("text", ["name = ''", "name = 'a\x00'", "name = '" + "x" * 9000 + "'"])
def test_what_is_compiled_in_another_way_is_not_lifted(text):
    assert lift(text) is None
