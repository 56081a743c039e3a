import contextlib
import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_core.exceptions import InvalidDocument
from catalog_core.sources.configuration import complete, decides_alike, parse_configuration

ROOT = Path(__file__).resolve().parents[4]


def parsed(content, **options):
    content = content.encode() if isinstance(content, str) else content
    return parse_configuration(content, **{"file": "sources.yaml", **options})


def refusal(content):
    with pytest.raises(InvalidDocument) as caught:
        parsed(content)
    problem = caught.value.problems[0]
    assert problem.file == "sources.yaml"
    return problem


def with_sources(*entries):
    return "catalogs:\n  models:\n    sources:\n" + "".join(f"      - {entry}\n" for entry in entries)


def section(content, key="models"):
    return parsed(content).configuration.sections[key]


def rules(result, severity="error"):
    return [problem.rule for problem in result.problems if problem.severity == severity]


GOOD = "{id: good, name: Good, type: yaml}"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("", "empty"),
        ("# nothing\n", "empty"),
        ("catalogs:\n  models: {sources: [", "truncated"),
        ("catalogs:\n\tmodels: {}\n", "tab"),
        (b"catalogs: {a: \xff}", "encoding"),
        (b"catalogs: {a: \x00}", "control-character"),
        ("catalogs: {}\n---\ncatalogs: {}\n", "second-document"),
        ("catalogs: {}\ncatalogs: {}\n", "duplicate-key"),
        ("catalogs: {models: {}, models: {}}", "duplicate-key"),
        ("catalogs: {models: {sources: [], sources: []}}", "duplicate-key"),
        ("catalogs: !custom {}", "bad-tag"),
        ("text", "wrong-structure"),
        ("- catalogs", "wrong-structure"),
        ("{}", "wrong-structure"),
        ("catalogs:", "wrong-structure"),
        ("catalogs: []", "wrong-structure"),
        ("catalogs: text", "wrong-structure"),
        ("model_catalogs: []", "wrong-structure"),
        ("x: " + "[" * 60 + "]" * 60, "too-deep"),
        ("#" * 1024 * 1024 + "\ncatalogs: {}", "too-large"),
        (
            "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
            + "".join(f"{c}: &{c} [{','.join([f'*{b}'] * 10)}]\n" for b, c in zip("abcdef", "bcdefg", strict=True)),
            "too-many-values",
        ),
    ],
)
def test_file_of_which_nothing_may_be_applied(content, rule):
    problem = refusal(content)
    assert problem.rule == rule
    assert problem.hint


def test_size_limit_can_be_raised():
    content = "#" * 1024 * 1024 + "\ncatalogs: {}"
    assert parsed(content, max_bytes=2 * 1024 * 1024).problems == ()


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ("{name: x, type: yaml}", "missing-id"),
        ("{id: , name: x, type: yaml}", "missing-id"),
        ("{id: '', name: x, type: yaml}", "missing-id"),
        ("{id: [a], type: yaml}", "wrong-type"),
        (f"{{id: {'x' * 300}, type: yaml}}", "too-long"),
        ('{id: "a\\0b", type: yaml}', "control-character"),
        ('{id: "a\\nb", type: yaml}', "control-character"),
        ("{id: a, name: [x], type: yaml}", "wrong-type"),
        ("{id: a, name: x, type: {}}", "wrong-type"),
        ("{id: a, type: yaml, lables: [x]}", "unknown-key"),
        ("{id: a, type: yaml, excludeditem: [x]}", "unknown-key"),
        ("{id: a, type: yaml, origin: x}", "unknown-key"),
        ("{id: a, type: yaml, labels: x}", "wrong-type"),
        ("{id: a, type: yaml, labels: [{}]}", "wrong-type"),
        ("{id: a, type: yaml, labels: [null]}", "wrong-type"),
        ("{id: a, type: yaml, properties: [x]}", "wrong-type"),
        ('{id: a, type: yaml, properties: {x: [{y: "\\0"}]}}', "control-character"),
        ("{id: a, type: yaml, properties: {x: 1, x: 2}}", "duplicate-key"),
        ("{id: a, type: yaml, properties: {x: !y 2}}", "bad-tag"),
        ("{id: a, id: b, type: yaml}", "duplicate-key"),
        ("{id: a, ID: b, type: yaml}", "duplicate-key"),
        ('{id: a, type: yaml, enabled: "true"}', "wrong-type"),
        ("{id: a, type: yaml, enabled: 1}", "wrong-type"),
        ("{id: a, type: yaml, enabled: maybe}", "wrong-type"),
        ("{id: a, type: yaml, includedItems: x}", "wrong-type"),
        ("{id: a, type: yaml, excludedItems: [' ']}", "bad-pattern"),
        ("{id: good, name: Again, type: http}", "duplicate-id"),
        ("text", "wrong-type"),
        ("[a]", "wrong-type"),
        ("", "missing-id"),
    ],
)
def test_faulty_entry_is_left_out_and_the_rest_applies(entry, rule):
    result = parsed(with_sources(GOOD, entry, "{id: last, name: Last, type: git}"))
    (models,) = result.configuration.sections.values()
    assert [(spec.id, spec.position) for spec in models.sources] == [("good", 0), ("last", 1)]
    (problem,) = [problem for problem in result.problems if problem.severity == "error"]
    assert (problem.rule, problem.file, problem.line) == (rule, "sources.yaml", 5)
    assert problem.column
    assert problem.path.startswith("catalogs.models.sources[1]")


def test_refused_sources_are_known_by_their_ids():
    models = section(with_sources("{id: a, type: yaml, lables: []}", "{id: b, type: yaml}"))
    assert (models.refused, models.is_incomplete) == ({"a"}, False)


@pytest.mark.parametrize(
    "content",
    [
        with_sources("{type: yaml}"),
        "catalogs: {models: {sources: text}}",
        "catalogs: {models: {source: []}}",
        "catalogs: {models: text}",
    ],
)
def test_section_of_which_something_unknown_is_lost_is_incomplete(content):
    assert section(content).is_incomplete


def test_second_entry_of_a_refused_id_is_no_replacement():
    models = section(with_sources("{id: a, type: yaml, lables: []}", "{id: a, type: yaml}"))
    assert (models.sources, models.refused) == ((), {"a"})


def test_duplicate_id_names_both_lines():
    result = parsed(with_sources(GOOD, GOOD))
    assert "first in line 4" in result.problems[0].message
    assert result.problems[0].line == 5


def test_same_id_in_two_sections_is_legal():
    content = f"catalogs:\n  a: {{sources: [{GOOD}]}}\n  b: {{sources: [{GOOD}]}}\n"
    assert parsed(content).problems == ()


def test_unknown_key_gets_a_suggestion_and_its_place():
    (problem,) = parsed(with_sources("{id: a, type: yaml, excludedItem: [x]}")).problems
    assert str(problem) == (
        'sources.yaml:4:29: catalogs.models.sources[0].excludedItem: The key "excludedItem" is not known here. '
        'Did you mean "excludedItems"?'
    )


def test_unknown_key_at_the_top_hurts_nothing_else():
    result = parsed("catalog: {}\n" + with_sources(GOOD))
    assert rules(result) == ["unknown-key"]
    assert len(result.configuration.sections["models"].sources) == 1


def test_keys_in_other_case_are_understood_with_a_warning():
    result = parsed("Catalogs: {models: {Sources: [{ID: a, name: A, type: yaml, includeditems: [x]}]}}")
    assert rules(result) == []
    assert rules(result, "warning") == ["key-case"] * 4
    assert result.configuration.sections["models"].sources[0].included_items == ("x",)


def test_numbers_are_taken_as_the_text_that_was_written():
    result = parsed(with_sources("{id: 007, name: 1.10, type: yaml, labels: [2024, true, 1e3]}"))
    (spec,) = result.configuration.sections["models"].sources
    assert (spec.id, spec.name, spec.labels) == ("007", "1.10", ("2024", "true", "1e3"))
    assert set(rules(result, "warning")) == {"number-as-text"}


@pytest.mark.parametrize("word", ["true", "True", "yes", "Yes", "YES", "on", "y"])
def test_words_for_true(word):
    assert section(with_sources(f"{{id: a, type: yaml, enabled: {word}}}")).sources[0].enabled is True


@pytest.mark.parametrize("word", ["false", "FALSE", "no", "No", "off", "n"])
def test_words_for_false(word):
    assert section(with_sources(f"{{id: a, type: yaml, enabled: {word}}}")).sources[0].enabled is False


def test_unusual_id_is_a_warning():
    result = parsed(with_sources("{id: Größe/1, name: x, type: yaml}"))
    assert rules(result, "warning") == ["unusual-id"]
    assert result.configuration.sections["models"].sources[0].id == "Größe/1"


def test_other_version_is_a_warning():
    result = parsed("apiVersion: v2\nkind: Other\ncatalogs: {}\n")
    assert [(problem.rule, problem.line) for problem in result.problems] == [
        ("unknown-version", 1),
        ("unknown-version", 2),
    ]


def test_pattern_in_both_lists_is_a_warning():
    result = parsed(with_sources("{id: a, type: yaml, includedItems: [x], excludedItems: [x]}"))
    assert rules(result, "warning") == ["pattern-twice"]


@pytest.mark.parametrize("value", ["", " {}", " {sources: }", " {sources: []}", " {labels: , namedQueries: }"])
def test_empty_section_is_legal(value):
    result = parsed(f"catalogs:\n  models:{value}\n")
    assert result.problems == ()
    assert result.configuration.sections["models"].sources == ()


def test_entry_keeps_everything_it_states():
    content = with_sources(
        "{id: a, name: A, type: yaml, enabled: false, labels: [x], properties: {n: 12345678901234567890},"
        " includedItems: ['a*'], excludedItems: ['*b']}"
    )
    (spec,) = section(content).sources
    assert spec.as_dict() == {
        "id": "a",
        "name": "A",
        "type": "yaml",
        "enabled": False,
        "labels": ["x"],
        "properties": {"n": 12345678901234567890},
        "includedItems": ["a*"],
        "excludedItems": ["*b"],
    }
    assert (spec.origin, spec.file, spec.line, spec.positions["n"]) == ("sources.yaml", "sources.yaml", 4, (4, 83))


def test_origin_is_what_the_caller_calls_it():
    (spec,) = parsed(with_sources(GOOD), origin="somewhere/sources.yaml").configuration.sections["models"].sources
    assert (spec.origin, spec.file) == ("somewhere/sources.yaml", "sources.yaml")


@pytest.mark.parametrize(
    ("change", "matters", "decides"),
    [
        ("{id: a, name: B, type: yaml, properties: {p: x}}", True, False),
        ("{id: a, name: A, type: yaml, properties: {p: x}, enabled: false, labels: [x]}", False, False),
        ("{id: a, name: A, type: yaml, properties: {p: y}}", True, True),
        ("{id: a, name: A, type: http, properties: {p: x}}", True, True),
        ("{id: a, name: A, type: yaml, properties: {p: x}, includedItems: [x]}", True, True),
        ("{id: a, name: A, type: yaml, properties: {p: x}, excludedItems: [x]}", True, True),
    ],
)
def test_digest_changes_with_what_matters_for_a_refresh(change, matters, decides):
    (before,) = section(with_sources("{id: a, name: A, type: yaml, properties: {p: x}}")).sources
    (after,) = section("# a comment\n" + with_sources(change)).sources
    assert (before.digest() != after.digest()) is matters
    assert decides_alike(before.digest(), after.digest()) is not decides
    assert len(after.digest()) == 64


@pytest.mark.parametrize(
    ("labels", "rule"),
    [
        ("[{name: a}, {name: a}]", "duplicate-name"),
        ("[{name: null}, {name: ~}]", "duplicate-name"),
        ("[{displayName: x}]", "missing-name"),
        ("[{name: [x]}]", "wrong-type"),
        ("[{name: a, text: [x]}]", "wrong-type"),
        ("[{name: a, name: b}]", "duplicate-key"),
        ("text", "wrong-type"),
        ("[text]", "wrong-type"),
    ],
)
def test_faulty_labels_are_left_out(labels, rule):
    result = parsed(f"catalogs: {{models: {{labels: {labels}}}}}")
    assert rule in rules(result)


def test_labels_are_kept_in_order():
    content = "catalogs: {models: {labels: [{name: b, displayName: B}, {name: null}, {name: a}]}}"
    assert section(content).labels == ({"name": "b", "displayName": "B"}, {"name": None}, {"name": "a"})


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("{}", "empty-query"),
        ("text", "wrong-type"),
        ("{a: 3}", "wrong-type"),
        ("{a: {operator: '='}}", "missing-key"),
        ("{a: {operator: '=', value: null}}", "missing-key"),
        ("{a: {operator: '=', value: 1, valeu: 2}}", "unknown-key"),
        ("{a: {operator: '~', value: 1}}", "unknown-operator"),
        ("{a: {operator: IN, value: 1}}", "wrong-type"),
        ("{a: {operator: '=', value: [1]}}", "wrong-type"),
        ("{a: {operator: '=', value: {}}}", "wrong-type"),
        ("{' ': {operator: '=', value: 1}}", "missing-name"),
        ("{assetType: [x], filters: {a: {operator: '=', value: 1}}}", "wrong-type"),
        ("{assettype: x, filters: {}, more: 1}", "unknown-key"),
    ],
)
def test_faulty_named_query_is_left_out(query, rule):
    result = parsed(
        f"catalogs: {{models: {{namedQueries: {{bad: {query}, good: {{a: {{operator: '=', value: 1}}}}}}}}}}"
    )
    assert rules(result) == [rule]
    assert set(result.configuration.sections["models"].named_queries) == {"good"}


def test_named_queries_in_both_shapes_mean_the_same():
    condition = "{a.b: {operator: not  in, value: [1, x]}, filters: {operator: '=', value: max}}"
    queries = f"{{p: {condition}, q: {{assetType: models, filters: {condition}}}}}"
    content = f"catalogs: {{models: {{namedQueries: {queries}}}}}"
    queries = section(content).named_queries
    assert queries["p"] == queries["q"]
    assert queries["p"]["a.b"] == {"operator": "NOT IN", "value": [1, "x"]}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_and_line_ends_make_no_difference(encoding):
    content = with_sources("{id: a, name: Größe, type: yaml}").replace("\n", "\r\n").encode(encoding)
    assert parsed(content).configuration.sections["models"].sources[0].name == "Größe"


def test_example_of_the_documentation_is_right():
    text = (ROOT / "docs" / "sources-yaml.md").read_text()
    blocks = re.findall(r"```yaml\n(.*?)```", text, flags=re.DOTALL)
    assert len(blocks) == 2
    for block in blocks:
        assert parsed(block).problems == ()
    configuration = parsed(blocks[0]).configuration
    assert complete(configuration).problems == ()
    assert [len(section.sources) for section in configuration.sections.values()] == [2, 1]


@pytest.mark.real_data
@pytest.mark.parametrize(("name", "count"), [("sources.yaml", 10), ("reference-config/sources.yaml", 11)])
def test_real_configurations_are_read_without_any_problem(name, count, shared_data):
    result = parsed((shared_data / name).read_bytes())
    assert result.problems == ()
    assert complete(result.configuration).problems == ()
    assert sum(len(section.sources) for section in result.configuration.sections.values()) == count


@given(st.binary(max_size=100) | st.text("catlogs:soureid-{}[]&*,'\"\n ", max_size=120).map(str.encode))
@settings(deadline=None, max_examples=300)
def test_any_bytes_are_read_or_refused(content):
    with contextlib.suppress(InvalidDocument):
        parsed(content)


KEYS = ["id", "name", "type", "sources", "labels", "namedQueries", "filters", "operator", "value", "properties", "x"]
nonsense = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "name",
                    "type",
                    "sources",
                    "labels",
                    "namedQueries",
                    "filters",
                    "operator",
                    "value",
                    "properties",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.text(max_size=3), nonsense, max_size=3))
@settings(deadline=None, max_examples=300)
def test_any_structure_gives_sections_and_problems(sections):
    with contextlib.suppress(InvalidDocument):  # escapes for half of a character
        result = parsed(json.dumps({"catalogs": sections}))
        assert set(result.configuration.sections) == set(sections)
        complete(result.configuration)
