import contextlib
import io
import json
import string

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalog_core.exceptions import InvalidDocument
from catalog_core.sources.formats import FormatLimits, Item, iter_items
from catalog_core.sources.formats.bytes_input import BytesInput
from catalog_core.sources.formats.scalars import plain_scalar
from catalog_core.sources.formats.yaml_events import YamlEvents
from catalog_core.sources.formats.yaml_values import ValueBuilder


def items(content, **options) -> list[Item]:
    content = content.encode() if isinstance(content, str) else content
    return list(iter_items(content, **{"file": "m.yaml", "format": "yaml", "key": "models", **options}))


def values(content, **options) -> list:
    return [item.value for item in items(content, **options)]


def refusal(content, **options):
    with pytest.raises(InvalidDocument) as caught:
        items(content, **options)
    (problem,) = caught.value.problems
    assert problem.file == "m.yaml"
    return problem


@pytest.mark.parametrize("content", ["", "\n\n", "# nothing but a comment\n", "---\n", "---\n...\n---\n"])
def test_empty_file_is_refused(content):
    assert refusal(content).rule == "empty"


@pytest.mark.parametrize("content", ["models: []", "models:", "models: ~", "source: x\nmodels: null\n"])
def test_empty_list_means_no_items(content):
    assert items(content) == []


@pytest.mark.parametrize(
    ("content", "line"),
    [("models:\n- name: 'a", 2), ("models: [{name: a}, {name: b", 1), ("models:\n- name: a\n  descr", 3)],
)
def test_truncated_file_is_called_so(content, line):
    problem = refusal(content)
    assert (problem.rule, problem.line) == ("truncated", line)
    assert "truncated" in problem.hint


def test_items_before_a_syntax_error_are_given_out():
    reader = iter_items(b"models:\n- name: a\n- name: b\n- [}\n", file="m.yaml", format="yaml", key="models")
    assert [next(reader).value["name"], next(reader).value["name"]] == ["a", "b"]
    with pytest.raises(InvalidDocument, match=r"m\.yaml:4:4: This is not YAML"):
        next(reader)


@pytest.mark.parametrize("content", ["models:\n\t- name: a\n", "models:\n- name: a\n  \tb: c: d\n"])
def test_tab_as_indentation_is_named(content):
    problem = refusal(content)
    assert problem.rule == "tab"
    assert "spaces" in problem.hint


def test_tabs_inside_text_are_fine():
    assert values('models:\n- name: "a\tb"\n  x: c\td\n') == [{"name": "a\tb", "x": "c\td"}]


@pytest.mark.parametrize(
    ("content", "rule", "line"),
    [
        (b"models:\n- name: \xff\n", "encoding", 2),
        (b"models:\n- name: a\n- name: \xc3", "encoding", 3),
        (b"models:\n- name: \x00\n", "control-character", 2),
        (b"models:\n- name: \x07\n", "control-character", 2),
        (b"models:\n" + b"- name: a\n" * 20_000 + b"- name: \xff\n", "encoding", 20_002),
    ],
)
def test_bytes_that_are_not_text_are_refused_with_their_line(content, rule, line):
    problem = refusal(content)
    assert (problem.rule, problem.line) == (rule, line)
    assert "yte " in problem.message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encodings_and_line_ends_make_no_difference(encoding, line_end):
    content = line_end.join(["models:", "- name: größe/ü", "  x: 1", "- name: 模型", ""])
    read = items(content.encode(encoding))
    assert [item.value["name"] for item in read] == ["größe/ü", "模型"]
    assert [(item.line, item.column) for item in read] == [(2, 3), (4, 3)]
    assert read[0].key_lines == {"name": 2, "x": 3}


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ("{name: a, name: b}", "duplicate-key"),
        ("{name: a, x: !python/object:os.system b}", "bad-tag"),
        ("{name: a, x: !custom [1]}", "bad-tag"),
        ("{name: a, x: !!set {b}}", "bad-tag"),
        ("{name: a, x: !!int b}", "bad-tag"),
        ("{name: a, x: .nan}", "bad-number"),
        ("{name: a, x: -.INF}", "bad-number"),
        ("{name: a, x: 1e999}", "bad-number"),
        (f"{{name: a, x: {'9' * 5000}}}", "bad-number"),
        ("{name: a, [x]: b}", "bad-key"),
        ("{name: a, x: *nowhere}", "unknown-alias"),
        ("{name: a, x: &self [*self]}", "unknown-alias"),
        ("{name: a, <<: text}", "bad-merge"),
        ("{name: a, <<: {b: 1}, <<: {c: 1}}", "duplicate-key"),
        (f"{{name: a, x: {'[' * 101}{']' * 101}}}", "too-deep"),
    ],
)
def test_fault_inside_an_item_condemns_that_item_only(entry, rule):
    before, faulty, after = items(f"models:\n- name: before\n- {entry}\n- name: after\n")
    assert (before.value, after.value) == ({"name": "before"}, {"name": "after"})
    assert {(problem.rule, problem.line) for problem in faulty.problems} == {(rule, 3)}
    assert all(problem.path.startswith("models[1]") for problem in faulty.problems)


def test_faulty_item_can_still_be_told_from_others():
    first, second = items("models:\n- {name: a, x: .inf, y: 1}\n- {name: b, name: c}\n")
    assert (first.value, second.value) == ({"name": "a", "x": None, "y": 1}, {"name": "b"})


def test_several_keys_may_hold_lists():
    content = "mcpServers: [{name: a}]\nmcpservers: [{name: b}]\n"
    assert values(content, key=("mcpservers", "mcpServers")) == [{"name": "a"}, {"name": "b"}]
    assert values(json.dumps(yaml.safe_load(content)), format="json", key=("mcpservers", "mcpServers")) == [
        {"name": "a"},
        {"name": "b"},
    ]
    assert 'Did you mean "mcpServers"' in refusal("mcpServer: []", key=("servers-x", "mcpServers")).hint


def test_path_of_a_fault_leads_to_its_place():
    (item,) = items("models:\n- name: a\n  x:\n    tags: [1, !no 2]\n")
    assert item.problems[0].path == "models[0].x.tags[1]"


def test_alias_to_a_faulty_value_is_faulty_too():
    first, second = items("models:\n- &a {name: a, name: b}\n- {name: c, x: *a}\n")
    assert [item.problems[0].rule for item in (first, second)] == ["duplicate-key", "faulty-alias"]


def test_fault_in_another_key_concerns_nobody():
    assert values("junk: {a: 1, a: 2}\nmodels: [{name: a}]\nmore: !x {b: 1, b: 2}\n") == [{"name": "a"}]


@pytest.mark.parametrize("content", ["models: text", "models: 3", "models: {name: a}", "models: .inf", "models: &x 1"])
def test_something_else_than_a_list_is_refused(content):
    problem = refusal(content)
    assert (problem.rule, problem.path) == ("wrong-type", "models")


@pytest.mark.parametrize("content", ["text", "3", "'quoted'"])
def test_document_that_is_a_scalar_is_refused(content):
    assert refusal(content).rule == "wrong-type"


@pytest.mark.parametrize("wrong", ["modles", "Models", "model"])
def test_misspelt_key_is_found(wrong):
    problem = refusal(f"source: x\n{wrong}: [{{name: a}}]\n")
    assert problem.rule == "missing-key"
    assert f'Did you mean "models" where it says "{wrong}"' in problem.hint


def test_list_that_stands_twice_is_refused_and_loses_nothing():
    problem = refusal("models: [{name: a}]\nsource: x\nmodels: [{name: b}]\n")
    assert (problem.rule, problem.line) == ("duplicate-key", 3)


def test_bare_list_is_accepted_unless_told_otherwise():
    assert values("- name: a\n- name: b\n") == [{"name": "a"}, {"name": "b"}]
    assert "a list" in refusal("- name: a\n", accept_bare_list=False).message


def test_single_mapping_with_a_name_is_one_item():
    (item,) = items("---\ndescription: d\nname: a\ntags: [x]\n")
    assert item.value == {"description": "d", "name": "a", "tags": ["x"]}
    assert item.key_lines == {"description": 2, "name": 3, "tags": 4}
    assert items("name: a\nname: b\n")[0].problems[0].rule == "duplicate-key"


def test_all_documents_of_a_file_are_read():
    read = items("models: [{name: a}]\n---\nname: b\n---\n- name: c\n---\n")
    assert [(item.index, item.value["name"], item.line) for item in read] == [(0, "a", 1), (1, "b", 3), (2, "c", 5)]


def test_second_document_without_items_is_refused_with_its_line():
    problem = refusal("models: [{name: a}]\n---\nother: x\n")
    assert (problem.rule, problem.line) == ("missing-key", 3)


def test_anchors_end_with_their_document():
    items_read = items("models: [&a {name: a}]\n---\nmodels: [*a]\n")
    assert items_read[1].problems[0].rule == "unknown-alias"


def test_items_that_are_not_mappings_are_left_to_the_caller():
    assert values("models: [text, 3, null, [1]]") == ["text", 3, None, [1]]


def test_names_are_kept_as_they_are():
    names = ["a/b:c@d & 'e' #f", "Grüße 😀", "x" * 700_000]
    assert [value["name"] for value in values(yaml.safe_dump({"models": [{"name": n} for n in names]}))] == names


def test_numbers_and_missing_names_are_left_to_the_caller():
    assert values("models: [{name: 7}, {name: 1.5}, {name: true}, {x: 1}]") == [
        {"name": 7},
        {"name": 1.5},
        {"name": True},
        {"x": 1},
    ]


def test_scalars_follow_the_core_schema_of_yaml_1_2():
    texts = ["no", "on", "Yes", "2024-01-01", "12:30", "1_000", "0b1", "1.2.3", "+", ".", "e3", "nUll", "0o8", "0xg"]
    numbers = {"0": 0, "-7": -7, "+1": 1, "007": 7, "0o17": 15, "0xFf": 255, "1e3": 1000.0, ".5": 0.5, "-1.": -1.0}
    words = {"~": None, "null": None, "NULL": None, "true": True, "False": False, "TRUE": True}
    for text in texts:
        assert plain_scalar(text) == text
    for text, value in {**numbers, **words}.items():
        assert plain_scalar(text) == value
        assert type(plain_scalar(text)) is type(value)
    assert plain_scalar("9" * 300) == int("9" * 300)


def test_explicit_tags_of_the_core_schema_are_honoured():
    content = (
        "a: !!str 5\nb: !!int '5'\nc: !!float 5\nd: !!bool 'true'\ne: !!null ''\nf: ! 5\ng: !!timestamp 2024-01-01\n"
    )
    (value,) = values(f"name: x\n{content}h: !!binary aGk=\ni: !!seq [1]\nj: !!map {{k: 1}}\n")
    expected = {"a": "5", "b": 5, "c": 5.0, "d": True, "e": None, "f": "5", "g": "2024-01-01", "h": "aGk="}
    assert value == {"name": "x", **expected, "i": [1], "j": {"k": 1}}


def test_keys_become_text_as_written():
    assert values("name: x\n1: a\n1.50: b\ntrue: c\n~: d\n? !!int 7\n: e\n&k key: f\nother: *k\n") == [
        {"name": "x", "1": "a", "1.50": "b", "true": "c", "~": "d", "7": "e", "key": "f", "other": "key"}
    ]


def test_alias_may_be_a_key():
    assert values("a: &k key\nname: x\n*k : 1\n") == [{"a": "key", "name": "x", "key": 1}]


def test_merge_keys_give_way_to_own_keys_and_earlier_mappings():
    content = "d: &d {a: 1, b: 1}\ne: &e {b: 2, c: 2}\nmodels:\n- {<<: *d, b: 9}\n- {<<: [*d, *e]}\n- {'<<': x}\n"
    assert values(content) == [{"a": 1, "b": 9}, {"a": 1, "b": 1, "c": 2}, {"<<": "x"}]


def test_list_given_by_an_alias_is_read():
    assert values("all: &all [{name: a}]\nmodels: *all\n") == [{"name": "a"}]
    assert values("models: &all [{name: a}, {name: b}]\n") == [{"name": "a"}, {"name": "b"}]


def bomb(levels: int, width: int = 9) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * width)}]" for n in range(1, levels)]
    return "\n".join([*lines, f"models: [{{name: a, x: *a{levels - 1}}}]"])


@pytest.mark.parametrize("levels", [6, 9, 12])
def test_alias_bomb_is_defused(levels):
    assert refusal(bomb(levels)).rule in {"too-many-aliases", "too-many-values"}


def test_bomb_of_long_text_is_defused():
    problem = refusal(f"t: &t {'x' * 10_000}\nmodels:\n- name: a\n  x: [{', '.join(['*t'] * 10_000)}]\n")
    assert (problem.rule, problem.line) == ("too-many-aliases", 4)


def test_bomb_of_merge_keys_is_defused():
    lines = ["a0: &a0 {" + ", ".join(f"k{n}: {n}" for n in range(1000)) + "}"]
    merges = ", ".join(["*a0"] * 100)
    assert refusal("\n".join([*lines, "models:", *[f"- {{<<: [{merges}]}}"] * 300])).rule == "too-many-aliases"


def test_bomb_of_depth_through_aliases_is_defused():
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 120))]
    (item,) = items("\n".join([*lines, "models: [{name: a, x: *a119}]"]))
    assert {problem.rule for problem in item.problems} <= {"too-deep", "faulty-alias"}
    assert item.problems


def test_many_modest_aliases_are_fine():
    content = f"d: &d {{text: {'x' * 200}}}\nmodels:\n" + "- {name: a, <<: *d}\n" * 5000
    assert len(items(content)) == 5000


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? ", "[[],"])
def test_endless_nesting_is_refused_early(opening):
    with pytest.raises(InvalidDocument):
        items("models:\n- " + opening * 200_000)


def test_file_with_countless_tag_directives_is_refused():
    assert refusal("".join(f"%TAG !a{n}! tag:x\n" for n in range(100_000))).rule == "too-many-tags"


def test_too_large_file_is_refused_before_anything_is_read():
    problem = refusal("models: [1]", limits=FormatLimits(max_bytes=10))
    assert problem.rule == "too-large"
    assert "10 bytes" in problem.message


def test_too_large_stream_is_refused_while_reading():
    content = io.BytesIO(b"models:\n" + b"- name: a\n" * 100_000)
    reader = iter_items(content, file="m.yaml", format="yaml", key="models", limits=FormatLimits(max_bytes=500_000))
    assert next(reader).value == {"name": "a"}
    with pytest.raises(InvalidDocument, match="larger than 500000 bytes"):
        list(reader)


def test_too_many_values_are_refused():
    assert refusal("models: [[1, 2, 3, 4, 5]]", limits=FormatLimits(max_values=4)).rule == "too-many-values"


def test_items_come_before_the_stream_is_read_to_its_end():
    content = io.BytesIO(b"models:\n" + b"- name: a\n" * 100_000)
    next(iter_items(content, file="m.yaml", format="yaml", key="models"))
    assert content.tell() < 200_000


def test_depth_limit_has_bounds():
    with pytest.raises(ValueError, match="between 1 and 100"):
        FormatLimits(max_depth=101)


def test_loader_without_libyaml_gives_the_same_events():
    content = "d: &d {a: 1}\nmodels:\n- {name: a, <<: *d}\n- name: 'ü'\n- {name: b, name: c}\n".encode()
    assert built_with(yaml.SafeLoader, content) == built_with(yaml.CSafeLoader, content)
    for bad in (b"models: \xff", b"models:\n- name: 'a", b"a:\n\t- b\n", b'"\\ud800\\U00110000"'):
        with pytest.raises(InvalidDocument):
            built_with(yaml.SafeLoader, bad)


def built_with(loader, content):
    events = YamlEvents(BytesInput(content, file="m.yaml", max_bytes=1000), loader=loader)
    builder = ValueBuilder(events, FormatLimits())
    events.next(), events.next()
    return builder.node(events.next(), 1), builder.faults


text = st.text(st.characters(codec="utf-8"), max_size=12)
printable = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]) | st.just(" "), max_size=12)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)


def _reads_otherwise(value: str) -> bool:
    """Whether it may be a number in YAML 1.2; the dumper, which writes YAML 1.1, would leave some without quotes."""
    try:
        return plain_scalar(value) != value
    except ValueError:
        return True


written_as_text = text.filter(lambda value: not _reads_otherwise(value))


def json_values(texts):
    leaves = st.none() | st.booleans() | numbers | texts
    return st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4))


@given(st.lists(json_values(written_as_text), max_size=4))
@settings(deadline=None, max_examples=150)
def test_what_a_yaml_dumper_writes_is_read_as_it_was(expected):
    assert values(yaml.safe_dump({"models": expected})) == expected


@given(st.lists(json_values(printable), max_size=4))
@settings(deadline=None, max_examples=150)
def test_json_is_read_as_yaml_too(expected):
    assert values(json.dumps({"models": expected}, ensure_ascii=False)) == expected


any_text = st.text(string.printable, max_size=200) | st.text("{}[]&*a:-,'\"|>?!%#\n \t<", max_size=60)


@given(st.binary(max_size=200) | any_text.map(str.encode))
@example(b"models:\n- *a\n")
@example(b"models: &a\n- *a\n")
@example(b"? &a\n: *a\n*a : x\n")
@settings(deadline=None, max_examples=600)
def test_any_bytes_give_items_or_a_refusal(content):
    with contextlib.suppress(InvalidDocument):
        read = items(content)
        assert [item.index for item in read] == list(range(len(read)))
        json.dumps([item.value for item in read], allow_nan=False).encode()


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["models", "prompts", "agents", "mcp-servers", "knowledge-sources"])
def test_real_files_are_read_like_by_the_usual_loader(name, shared_data):
    lines = (shared_data / "real" / f"{name}.yaml").read_bytes().splitlines(keepends=True)
    content = b"".join(lines[:20_000])
    if len(lines) > 20_000:
        content = content[: content.rindex(b"\n- ") + 1]
    expected = yaml.load(content, Loader=yaml.CSafeLoader)
    key = next(key for key, value in expected.items() if isinstance(value, list))
    assert json.dumps(values(content, key=key), default=str) == json.dumps(expected[key], default=str)
