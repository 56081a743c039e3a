import pytest

from catalog_core.entities.query import named_query
from catalog_core.entities.query.nodes import And, Comparison, Literal, Name, Operator
from catalog_core.exceptions import InvalidQuery


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ({}, "1 to 200"),
        ({"a": 3}, "operator"),
        ({"a": {"operator": "="}}, "operator"),
        ({"a": {"operator": "~", "value": 1}}, 'namedQuery.a: "~" is none of'),
        ({"a": {"operator": "IN", "value": 1}}, "IN takes a list"),
        ({"a": {"operator": "=", "value": [1]}}, "IN takes a list"),
        ({"a": {"operator": "IN", "value": [1] * 501}}, "at most 500"),
        ({"a": {"operator": "=", "value": None}}, "a value is"),
        ({"a": {"operator": "=", "value": float("inf")}}, "a value is"),
        ({"a": {"operator": "=", "value": float("nan")}}, "a value is"),
        ({"a": {"operator": "=", "value": 10**400}}, "a value is"),
        ({"a": {"operator": "=", "value": "\x00"}}, "a value is"),
        ({"a": {"operator": "IN", "value": [{}]}}, "a value is"),
        ({"a b": {"operator": "=", "value": 1}}, "expected"),
    ],
)
def test_query_of_another_form_is_refused(query, part):
    with pytest.raises(InvalidQuery) as caught:
        named_query(query)
    assert part in str(caught.value)


def test_conditions_are_joined_by_and():
    node = named_query(
        {
            "artifacts.ttft_p90.double_value": {"operator": "<", "value": 80},
            "provider": {"operator": "not in", "value": ["a", "b' OR 1 = 1"]},
        }
    )
    assert node == And(
        (
            Comparison(Name(("artifacts", "ttft_p90", "double_value"), 0), Operator.LESS, (Literal(80),)),
            Comparison(Name(("provider",), 0), Operator.IN, (Literal("a"), Literal("b' OR 1 = 1")), negated=True),
        )
    )


def test_min_and_max_stand_for_the_bounds_of_fields_that_have_them():
    query = {
        "pages": {"operator": ">=", "value": "min"},
        "size": {"operator": "<", "value": "max"},
        "name": {"operator": "=", "value": "max"},
    }
    node = named_query(query, ranges={"pages": (1, 9), "size": (0.5, 2.5)})
    assert [operand.literals[0].value for operand in node.operands] == [1, 2.5, "max"]
