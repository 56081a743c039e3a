"""What filters have to find is worked out right: another filter language, written apart, finds the same."""

from hypothesis import given
from hypothesis import strategies as st

from catalog_core.tools.conformance.expectations import expectations
from catalog_core.tools.conformance.values import identity
from tests.tools.conformance.fake_filters import compile_filter

TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=6)
ITEMS = st.lists(
    st.fixed_dictionaries(
        {"name": TEXTS},
        optional={"weight": st.integers(-5, 5), "tags": st.lists(TEXTS, max_size=3), "on": st.booleans()},
    ),
    max_size=8,
).map(lambda items: [{**item, "id": str(index)} for index, item in enumerate(items)])
FILTERS = (
    {"name": "name", "type": "text"},
    {"name": "weight", "type": "number"},
    {"name": "tags", "type": "text"},
    {"name": "on", "type": "boolean"},
)


def found(query, items):
    condition = compile_filter(query, ("name", "weight", "tags", "on"))
    return [item for item in items if condition(item)]


@given(ITEMS, st.sampled_from(FILTERS))
def test_a_right_answer_has_no_problem(items, filter_):
    for expectation in expectations(filter_, filter_["name"], items):
        assert expectation.problem(found(expectation.query, items)) == ""


@given(ITEMS, st.sampled_from(FILTERS), st.data())
def test_an_entry_too_many_or_too_few_is_a_problem(items, filter_, data):
    for expectation in expectations(filter_, filter_["name"], items):
        told = [item for item in items if identity(item) not in expectation.free]
        if not told:
            continue
        wrong = data.draw(st.sampled_from(told))
        answer = found(expectation.query, items)
        turned = [item for item in answer if item is not wrong] if wrong in answer else [*answer, wrong]
        assert expectation.problem(turned)


def test_values_of_several_types_are_not_compared():
    items = [{"id": "1", "name": "a", "x": 1}, {"id": "2", "name": "b", "x": "one"}]
    assert list(expectations({"name": "x", "type": "text"}, "x", items)) == []
