import pytest

from catalog_core.exceptions import InvalidDocument
from catalog_core.sources.formats import FormatLimits, parse_document, path_text

CONTENT = b"""\
# about
name: x
list:
  - a: 1
    b: [007, "q"]
other: &o {k: v}
merged:
  <<: *o
again: *o
"""


def refusal(content: bytes, **options):
    with pytest.raises(InvalidDocument) as caught:
        parse_document(content, file="c.yaml", **options)
    return caught.value.problems


@pytest.mark.parametrize("content", [b"", b"# only a comment\n", b"---\n", b"---\n---\n"])
def test_empty_document_is_refused(content):
    assert refusal(content)[0].rule == "empty"


def test_second_document_is_refused_with_its_line():
    (problem,) = refusal(b"a: 1\n---\nb: 2\n")
    assert (problem.rule, problem.line) == ("second-document", 2)


@pytest.mark.parametrize("content", [b"a: 1\n---\n", b"a: 1\n...\n", b"---\na: 1\n---\n# end\n"])
def test_markers_without_a_second_document_are_fine(content):
    assert parse_document(content, file="c.yaml").value == {"a": 1}


def test_all_faults_are_told_at_once():
    problems = refusal(b"a: {b: 1, b: 2}\nc: !x y\na: 3\n")
    assert [(problem.rule, problem.line, problem.path) for problem in problems] == [
        ("duplicate-key", 1, "a.b"),
        ("bad-tag", 2, "c"),
        ("duplicate-key", 3, "a"),
    ]
    assert "first in line 1" in problems[0].message


def test_faults_can_be_tolerated():
    document = parse_document(b"a: {b: 1, b: 2}\nc: 3\n", file="c.yaml", tolerates_faults=True)
    assert document.value == {"a": {"b": 1}, "c": 3}
    assert [fault.path() for fault in document.faults] == [("a", "b")]


def test_limits_hold():
    assert refusal(b"[[[1]]]", limits=FormatLimits(max_depth=2))[0].rule == "too-deep"
    assert refusal(b"[1, 2, 3]", limits=FormatLimits(max_values=3))[0].rule == "too-many-values"
    assert refusal(b"[1, 2, 3]", limits=FormatLimits(max_bytes=3))[0].rule == "too-large"


def test_positions_of_values_and_keys():
    document = parse_document(CONTENT, file="c.yaml")
    assert document.position(()) == (2, 1)
    assert document.position(("name",)) == (2, 7)
    assert document.key_position(("name",)) == (2, 1)
    assert document.position(("list", 0, "b", 1)) == (5, 14)
    assert document.key_position(("list", 0, "b")) == (5, 5)


def test_position_of_what_is_not_there_is_that_of_what_is_around_it():
    document = parse_document(CONTENT, file="c.yaml")
    assert document.position(("list", 0, "missing")) == (4, 5)
    assert document.position(("name", "x", "y")) == (2, 7)
    assert document.position(("nothing", "at", 3)) == (2, 1)


def test_positions_through_aliases_and_merge_keys():
    document = parse_document(CONTENT, file="c.yaml")
    assert document.position(("merged", "k")) == (8, 3)
    assert document.position(("again", "k")) == (6, 15)


def test_text_is_as_written():
    document = parse_document(CONTENT, file="c.yaml")
    assert document.value["list"][0]["b"] == [7, "q"]
    assert document.text(("list", 0, "b", 0)) == "007"
    assert document.text(("list", 0, "b", 1)) == "q"
    assert document.text(("list", 0, "b")) is None
    assert document.text(("nothing",)) is None


def test_problem_has_everything_people_need():
    document = parse_document(CONTENT, file="c.yaml")
    problem = document.problem(("list", 0, "a"), "Wrong.", "some-rule", "Mend it.", is_warning=True)
    assert str(problem) == "c.yaml:4:8: list[0].a: Wrong. Mend it."
    assert problem.severity == "warning"


def test_paths_in_messages_stay_short():
    assert path_text(("catalogs", "mcp", "sources", 2, "type")) == "catalogs.mcp.sources[2].type"
    assert len(path_text(("x" * 1000,) * 1000)) < 1100
    assert path_text(("line\nbreak",)) == "line break"
