import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from catalog_core.entities.query import parse_filter, parse_name
from catalog_core.entities.query.nodes import And, Comparison, Literal, Name, Not, Operator, Or
from catalog_core.exceptions import InvalidQuery


def error_of(text):
    with pytest.raises(InvalidQuery) as caught:
        parse_filter(text)
    assert caught.value.parameter == "filterQuery"
    return caught.value


def only_value(text):
    (literal,) = parse_filter(f"x = {text}").literals
    return literal.value


@pytest.mark.parametrize(
    ("text", "position", "part"),
    [
        ("a", 1, "expected an operator"),
        ("a =", 3, "found the end, expected a value"),
        ("a = router", 4, "Text stands in quotes: 'router'"),
        ("a = 'x", 4, "quote ' is not closed"),
        ('a = "x', 4, 'quote " is not closed'),
        ("`a = 1", 0, "quote ` is not closed"),
        ("= 3", 0, "a field name"),
        ("a = 1 b = 2", 6, "expected AND or OR or the end"),
        ("a = 1 AND", 9, "expected"),
        ("a = 1)", 5, "the end"),
        ("(a = 1", 6, '")"'),
        ("a IN 3", 5, '"("'),
        ("a IN (1,)", 8, "a value"),
        ("a IS 3", 5, "NOT or NULL"),
        ("a NOT = 3", 6, "ILIKE or IN or LIKE"),
        ("a ~ 3", 2, "an operator"),
        ("a == 3", 3, "a value"),
        ("a..b = 3", 2, "a field name"),
        ("`` = 3", 0, "quote ` is not closed"),
        ("a = 1.5.6", 7, "AND or OR"),
        ("a = b = c", 4, "a value"),
        ("a = 'x'; DROP TABLE a", 7, "the end"),
        ("é = 3", 0, "a field name"),
        ("a BETWEEN 1 AND 2", 2, "an operator"),
    ],
)
def test_syntax_error_says_where_it_is_and_what_was_expected(text, position, part):
    error = error_of(text)
    assert error.position == position
    assert part in str(error)


@pytest.mark.parametrize("text", ["a", "a =", "a = 1 b", "(", "a IN (", "a NOT 3", "a IS", ")", "a.", "a ? 1"])
def test_syntax_error_never_shows_words_of_the_parser(text):
    message = str(error_of(text))
    for word in ("WORD", "BACKTICKED", "COMPARATOR", "LPAR", "_RPAR", "Token", "$END", "something else"):
        assert word not in message


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("a = '" + "x" * 8192 + "'", "8198 bytes"),
        ("a = '" + "é" * 4096 + "'", "at most 8192"),
        ("(" * 51 + "a = 1" + ")" * 51, "deeper than 50"),
        ("NOT " * 51 + "a = 1", "deeper than 50"),
        ("a IN (" + "1," * 500 + "1)", "more than 500 values"),
        (" OR ".join(["a = 1"] * 201), "more than 200 conditions"),
        ("a = 1e999", "too large"),
        ("a = -1e999", "too large"),
        ("a = " + "9" * 5000, "too large"),
        ("a = 'x\x00'", "cannot occur"),
        ("a = '\ud800'", "cannot occur"),
    ],
)
def test_filter_beyond_a_limit_is_refused(text, part):
    assert part in str(error_of(text))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 50 + "a = 1" + ")" * 50,
        "NOT " * 50 + "a = 1",
        "a IN (" + "1," * 499 + "1)",
        " OR ".join(["a=1"] * 200),
        "a = '" + "x" * 8186 + "'",
    ],
)
def test_filter_at_a_limit_is_read(text):
    assert parse_filter(text) is not None


@pytest.mark.parametrize("text", ["", "  \n\t ", "-- nothing", "-- nothing\n  -- more"])
def test_filter_without_conditions_lets_everything_through(text):
    assert parse_filter(text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("'it''s'", "it's"),
        (r"'it\'s'", "it's"),
        (r'"say \"hi\""', 'say "hi"'),
        ('"say ""hi"""', 'say "hi"'),
        ("'a\"\"b'", 'a""b'),
        ("\"'quoted'\"", "'quoted'"),
        (r"'back\\slash'", r"back\slash"),
        (r"'50\%'", r"50\%"),
        ("''", ""),
        ("'-- no comment'", "-- no comment"),
        ("'two\nlines'", "two\nlines"),
        ("TRUE", True),
        ("false", False),
        ("3", 3),
        ("-3", -3),
        ("+3", 3),
        ("3.0", 3.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1e-3", 0.001),
        ("9" * 45, 1e45),
    ],
)
def test_literal_keeps_its_value_and_type(text, value):
    assert only_value(text) == value
    assert type(only_value(text)) is type(value)


@pytest.mark.parametrize(
    ("text", "operator", "negated"),
    [
        ("x = 1", Operator.EQUAL, False),
        ("x != 1", Operator.EQUAL, True),
        ("x <> 1", Operator.EQUAL, True),
        ("x<=1", Operator.LESS_OR_EQUAL, False),
        ("x like 'a'", Operator.LIKE, False),
        ("x Not Like 'a'", Operator.LIKE, True),
        ("x iLike 'a'", Operator.ILIKE, False),
        ("x NOT ILIKE 'a'", Operator.ILIKE, True),
        ("x in ()", Operator.IN, False),
        ("x not in (1, 'a', true)", Operator.IN, True),
        ("x is null", Operator.IS_NULL, False),
        ("x IS NOT NULL", Operator.IS_NULL, True),
    ],
)
def test_operator_is_known_in_any_case(text, operator, negated):
    comparison = parse_filter(text)
    assert (comparison.operator, comparison.negated) == (operator, negated)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a.b.c = 1", ("a", "b", "c")),
        ("`a.b`.c = 1", ("a.b", "c")),
        (r"`a\`b\.c\\d` = 1", (r"a`b.c\d",)),
        ("a.`b c` = 1", ("a", "b c")),
        ("like = 1", ("like",)),
        ("in.not.null = 1", ("in", "not", "null")),
        ("`not` = 1", ("not",)),
        ("nothing = 1", ("nothing",)),
        ("orders = 1", ("orders",)),
    ],
)
def test_name_is_read_in_parts(text, parts):
    assert parse_filter(text).name.parts == parts


def test_not_binds_tighter_than_and_and_and_tighter_than_or():
    a, b, c = (parse_filter(text) for text in ("a = 1", "  b = 1", "c = 1"))
    tree = parse_filter("NOT a = 1 AND b = 1 OR c = 1")
    assert isinstance(tree, Or)
    conjunction, last = tree.operands
    assert isinstance(conjunction, And)
    assert isinstance(conjunction.operands[0], Not)
    assert [inner.name.parts for inner in (conjunction.operands[0].operand, conjunction.operands[1], last)] == [
        comparison.name.parts for comparison in (a, b, c)
    ]


def test_parentheses_change_what_binds_and_chains_are_flat():
    tree = parse_filter("a = 1 AND (b = 1 AND (c = 1 OR d = 1))")
    assert isinstance(tree, And)
    assert [type(operand) for operand in tree.operands] == [Comparison, Comparison, Or]


def test_comment_ends_with_its_line():
    tree = parse_filter("a = 1 -- AND b = 2\n AND c = 3 -- the end")
    assert [operand.name.parts for operand in tree.operands] == [("a",), ("c",)]


def test_positions_are_those_of_the_text():
    assert parse_filter("  a  =  'x'") == Comparison(Name(("a",), 2), Operator.EQUAL, (Literal("x", 8),))


def test_name_alone_is_read_for_orders():
    assert parse_name("artifacts.`my prop`.double_value", parameter="orderBy").parts == (
        "artifacts",
        "my prop",
        "double_value",
    )


@pytest.mark.parametrize("text", ["", "a b", "a = 1", "a.", "1", "a\x00", "*", "a, b"])
def test_anything_but_a_name_is_refused_for_orders(text):
    with pytest.raises(InvalidQuery) as caught:
        parse_name(text, parameter="orderBy")
    assert caught.value.parameter == "orderBy"


NAMES = ["a", "b.c", "`d e`", "é", ".", "`"]
SIGNS = ["=", "!=", "<", "LIKE", "not", "IN", "(", ")", ",", "AND", "or", "IS", "--", "\n", " "]
VALUES = ["'x'", '"', "'", "\\", "3", "1e9", "1e999", "''", "NULL", "TRUE", "\x00"]
WORDS = st.sampled_from([*NAMES, *SIGNS, *VALUES])


def position_of_error(text):
    try:
        parse_filter(text)
    except InvalidQuery as error:
        return error.position
    return None


@given(st.one_of(st.text(), st.lists(WORDS, max_size=30).map(" ".join), st.lists(WORDS, max_size=30).map("".join)))
@example("a = 'x' AND")
def test_any_text_is_read_or_refused_with_a_position_inside_it(text):
    position = position_of_error(text)
    assert position is None or 0 <= position <= len(text)
