import contextlib
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_core.exceptions import InvalidDocument
from catalog_core.sources.formats import FormatLimits, Item, iter_items


def items(content, **options) -> list[Item]:
    content = content.encode() if isinstance(content, str) else content
    return list(iter_items(content, **{"file": "m.json", "format": "json", "key": "models", **options}))


def lines(content, **options) -> list[Item]:
    return items(content, format="jsonl", **options)


def values(content, **options) -> list:
    return [item.value for item in items(content, **options)]


def refusal(content, **options):
    with pytest.raises(InvalidDocument) as caught:
        items(content, **options)
    (problem,) = caught.value.problems
    assert problem.file == "m.json"
    return problem


@pytest.mark.parametrize("content", ["", " \n\t", "\ufeff"])
@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_empty_file_is_refused(content, format):
    assert refusal(content, format=format).rule == "empty"


@pytest.mark.parametrize(
    "content",
    ['{"models": [', '{"models": [{"name": "a"}', '{"models": [{"name": "a', '{"models"', "{", "[1,"],
)
def test_truncated_file_is_called_so(content):
    problem = refusal(content)
    assert problem.rule == "truncated"
    assert problem.line == 1


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ('{"models": [\n {"name": "a"},\n]}', 3, 1),
        ('{"models": [\n {"name": "a"}\n {"name": "b"}]}', 3, 2),
        ("{'models': []}", 1, 2),
        ('{"models": [{"name": "a"}]} x', 1, 29),
        ('{"models" []}', 1, 11),
        ('{"x": 1,\n "models": [{"a": 1 "b": 2}]}', 2, 21),
    ],
)
def test_syntax_error_names_its_place(content, line, column):
    problem = refusal(content)
    assert (problem.rule, problem.line, problem.column) == ("json-syntax", line, column)


def test_items_before_a_syntax_error_are_given_out():
    reader = iter_items(b'[{"name": "a"}, {"name": "b"} ?', file="m.json", format="json", key="models")
    assert [next(reader).value["name"], next(reader).value["name"]] == ["a", "b"]
    with pytest.raises(InvalidDocument, match="not JSON"):
        next(reader)


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ('{"name": "a", "name": "b"}', "duplicate-key"),
        ('{"name": "a", "x": [{"y": 1, "y": 1}]}', "duplicate-key"),
        ('{"x": NaN}', "bad-number"),
        ('{"x": -Infinity}', "bad-number"),
        ('{"x": 1e999}', "bad-number"),
        (f'{{"x": {"9" * 5000}}}', "bad-number"),
        ('{"x": "\\ud800"}', "bad-character"),
        ('{"\\uDFFF": 1}', "bad-character"),
        ("[" * 101 + "]" * 101, "too-deep"),
    ],
)
@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_fault_inside_an_item_condemns_that_item_only(entry, rule, format):
    separator = ",\n" if format == "json" else "\n"
    content = separator.join(['{"name": "before"}', entry, '{"name": "after"}'])
    read = items(f"[{content}]" if format == "json" else content, format=format)
    assert [read[0].value, read[2].value] == [{"name": "before"}, {"name": "after"}]
    json.dumps(read[1].value, allow_nan=False, ensure_ascii=False).encode()
    assert {(problem.rule, problem.line) for problem in read[1].problems} == {(rule, 2)}


def test_nesting_beyond_all_measure_is_refused():
    assert refusal("[" * 100_000).rule == "too-deep"
    assert lines("[" * 100_000)[0].problems[0].rule == "too-deep"


def test_invalid_utf8_is_refused_with_its_line():
    problem = refusal(b'{"models": [\n{"name": "\xff"}]}')
    assert (problem.rule, problem.line) == ("encoding", 2)
    assert "Byte 24 " in problem.message


def test_too_many_values_in_one_item():
    first, second = items("[[1, 2], [1, 2, 3, 4]]", limits=FormatLimits(max_values=4))
    assert first.value == [1, 2]
    assert second.problems[0].rule == "too-many-values"


@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_too_large_file_and_stream_are_refused(format):
    content = b'["abcdefgh"]'
    assert refusal(content, format=format, limits=FormatLimits(max_bytes=5)).rule == "too-large"
    with pytest.raises(InvalidDocument, match="larger than 5 bytes"):
        list(iter_items(io.BytesIO(content), file="m", format=format, key="models", limits=FormatLimits(max_bytes=5)))


@pytest.mark.parametrize("content", ['{"models": {}}', '{"models": 3}', '{"models": "x"}'])
def test_something_else_than_a_list_is_refused(content):
    assert refusal(content).rule == "wrong-type"


def test_document_that_is_a_scalar_is_refused():
    assert refusal("3").rule == "wrong-type"
    assert "a list" in refusal("[]", accept_bare_list=False).message


def test_list_that_stands_twice_is_refused():
    assert refusal('{"models": [],\n"models": []}').line == 2


def test_misspelt_key_is_found():
    assert 'Did you mean "models"' in refusal('{"modles": []}').hint


@pytest.mark.parametrize("content", ["{}", '{"x": {"models": []}}'])
def test_mapping_without_list_and_name_is_refused(content):
    assert refusal(content).rule == "missing-key"


@pytest.mark.parametrize("content", ['{"models": []}', '{"models": null}', "[ ]", '{"x": [1], "models": [], "y": {}}'])
def test_empty_list_means_no_items(content):
    assert items(content) == []


def test_single_object_with_a_name_is_one_item():
    assert values('{"x": 1, "name": "a"}') == [{"x": 1, "name": "a"}]
    (item,) = items('{"name": "a",\n"x": {"y": 1, "y": 2}}')
    assert [(problem.line, problem.path) for problem in item.problems] == [(2, "x")]
    assert items('{"name": "a", "name": "b"}')[0].problems[0].rule == "duplicate-key"


def test_items_know_their_places():
    read = items('\ufeff{"source": "x", "models": [\r\n  {"name": "é"},\r\n\r\n  {"name": "b"}, 7]}')
    assert [(item.index, item.line, item.column) for item in read] == [(0, 2, 3), (1, 4, 3), (2, 4, 18)]


def test_integers_keep_their_precision():
    assert values("[123456789012345678901234567890, 9007199254740993]") == [
        123456789012345678901234567890,
        9007199254740993,
    ]


def test_bad_line_of_json_lines_condemns_that_line_only():
    read = lines(b'\xef\xbb\xbf{"name": "a"}\r\n\n{"name": \n"\xff"\n{} {}\n3\n{"name": "b"}')
    assert [item.value for item in read] == [{"name": "a"}, None, None, None, 3, {"name": "b"}]
    assert [item.line for item in read] == [1, 3, 4, 5, 6, 7]
    assert [item.problems[0].rule for item in read if item.problems] == ["json-syntax", "encoding", "json-syntax"]


class Trickle(io.BytesIO):
    """A stream that gives a few bytes at a time, as sockets do."""

    def read(self, size=-1):
        return super().read(min(size, 3) if size >= 0 else 3)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
)


@given(st.lists(json_values, max_size=5), st.booleans(), st.sampled_from([None, 1]))
@settings(deadline=None, max_examples=200)
def test_what_was_written_is_read_however_it_arrives(expected, ascii_only, indent):
    content = json.dumps({"source": "x", "models": expected}, ensure_ascii=ascii_only, indent=indent)
    content = content.encode("utf-8", "replace")
    expected = json.loads(content)["models"]
    try:
        json.dumps(expected, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return  # half a character, which is refused
    assert values(content) == expected
    assert [item.value for item in iter_items(Trickle(content), file="m", format="json", key="models")] == expected


def test_long_numbers_may_be_cut_anywhere():
    content = json.dumps([-1.25e-07, 12345678.5, 1e22, 10**20]).encode()
    read = iter_items(Trickle(content), file="m", format="json", key="models")
    assert [item.value for item in read] == [-1.25e-07, 12345678.5, 1e22, 10**20]


@given(
    st.binary(max_size=80) | st.text('{}[]",:0e.-\\u ntrue\n', max_size=60).map(str.encode),
    st.sampled_from(["json", "jsonl"]),
)
@settings(deadline=None, max_examples=500)
def test_any_bytes_give_items_or_a_refusal(content, format):
    with contextlib.suppress(InvalidDocument):
        read = items(content, format=format)
        json.dumps([item.value for item in read], allow_nan=False).encode()
