from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_core.sources.configuration import Configuration, Section, SourceSpec, complete, merge, parse_configuration


def configuration(content: str, file: str = "one.yaml") -> Configuration:
    parsed = parse_configuration(content.encode(), file=file)
    assert [problem for problem in parsed.problems if problem.severity == "error"] == []
    return parsed.configuration


def merged_source(base: str, override: str) -> SourceSpec:
    documents = [f"catalogs: {{m: {{sources: [{source}]}}}}" for source in (base, override)]
    result = merge([configuration(document, f"{number}.yaml") for number, document in enumerate(documents)])
    (spec,) = result.sections["m"].sources
    return spec


BASE = "{id: a, name: A, type: yaml, enabled: false, labels: [x], properties: {p: 1, q: 2}, includedItems: [i]}"


def test_nothing_merges_to_nothing():
    assert merge([]) == Configuration()


def test_override_states_only_what_it_changes():
    spec = merged_source(BASE, "{id: a, enabled: true}")
    assert spec.as_dict() == {
        "id": "a",
        "name": "A",
        "type": "yaml",
        "enabled": True,
        "labels": ["x"],
        "properties": {"p": 1, "q": 2},
        "includedItems": ["i"],
        "excludedItems": [],
    }


def test_stated_values_replace_as_a_whole_and_empty_lists_count():
    spec = merged_source(BASE, "{id: a, labels: [], properties: {p: 3}, includedItems: []}")
    assert (spec.labels, spec.properties, spec.included_items) == ((), {"p": 3}, ())


def test_null_and_empty_text_state_nothing():
    spec = merged_source(BASE, "{id: a, name: '', type: , labels: ~, properties: }")
    assert (spec.name, spec.type, spec.labels, spec.properties) == ("A", "yaml", ("x",), {"p": 1, "q": 2})


@pytest.mark.parametrize(
    ("override", "origin"), [("{id: a, type: http}", "0.yaml"), ("{id: a, properties: {}}", "1.yaml")]
)
def test_origin_goes_with_the_properties(override, origin):
    spec = merged_source(BASE, override)
    assert (spec.origin, spec.file) == (origin, origin)


def test_sources_keep_the_order_of_their_first_appearance():
    one = configuration("catalogs: {m: {sources: [{id: z, type: t}, {id: y, type: t}]}}")
    two = configuration("catalogs: {m: {sources: [{id: b, type: t}, {id: y, name: Y}, {id: a, type: t}]}, n: {}}")
    merged = merge([one, two])
    assert list(merged.sections) == ["m", "n"]
    assert [(spec.id, spec.position) for spec in merged.sections["m"].sources] == [
        ("z", 0),
        ("y", 1),
        ("b", 2),
        ("a", 3),
    ]


def test_labels_are_replaced_and_queries_united_field_by_field():
    condition = "{operator: '=', value: %d}"
    one = configuration(
        f"catalogs: {{m: {{labels: [{{name: a}}], namedQueries: {{q: {{x: {condition % 1}, y: {condition % 1}}}}}}}}}"
    )
    two = configuration(f"catalogs: {{m: {{namedQueries: {{q: {{y: {condition % 2}}}, r: {{z: {condition % 2}}}}}}}}}")
    three = configuration("catalogs: {m: {labels: []}}")
    section = merge([one, two]).sections["m"]
    assert section.labels == ({"name": "a"},)
    queries = section.named_queries
    assert {name: list(query) for name, query in queries.items()} == {"q": ["x", "y"], "r": ["z"]}
    assert (queries["q"]["x"]["value"], queries["q"]["y"]["value"]) == (1, 2)
    assert merge([one, two, three]).sections["m"].labels == ()
    assert one.sections["m"].named_queries["q"]["y"]["value"] == 1


def test_source_that_one_file_states_wrongly_is_refused_as_a_whole():
    good = configuration("catalogs: {m: {sources: [{id: a, type: t}, {id: b, type: t}]}}")
    bad = parse_configuration(b"catalogs: {m: {sources: [{id: a, enabeld: false}]}}", file="two.yaml").configuration
    section = merge([good, bad]).sections["m"]
    assert [spec.id for spec in section.sources] == ["b"]
    assert section.refused == {"a"}


def test_source_without_type_is_found_after_merging():
    override = configuration("catalogs: {m: {sources: [{id: x, name: X}, {id: a, name: A}]}}", "two.yaml")
    result = complete(override)
    assert [(problem.rule, problem.line, problem.file) for problem in result.problems] == [
        ("missing-type", 1, "two.yaml"),
        ("missing-type", 1, "two.yaml"),
    ]
    assert result.configuration.sections["m"] == Section(refused=frozenset({"x", "a"}))
    base = configuration("catalogs: {m: {sources: [{id: a, type: t}]}}")
    section = complete(merge([base, override])).configuration.sections["m"]
    assert [(spec.id, spec.name, spec.position) for spec in section.sources] == [("a", "A", 0)]


def test_source_without_name_is_shown_by_its_id_with_a_warning():
    result = complete(configuration("catalogs: {m: {sources: [{id: a, type: t}]}}"))
    assert [(problem.rule, problem.severity) for problem in result.problems] == [("missing-name", "warning")]
    assert result.configuration.sections["m"].sources[0].name == "a"


ids = st.sampled_from("abcd")
keys = ("name", "type", "enabled", "labels", "properties", "includedItems", "excludedItems")
texts = st.text("xyz", max_size=2)


@st.composite
def specs(draw):
    stated = draw(st.frozensets(st.sampled_from(keys)))
    file = draw(st.sampled_from(["one", "two", "three"]))
    identity = draw(ids)
    return SourceSpec(
        id=identity,
        name=draw(texts) if "name" in stated else identity,
        type=draw(texts) if "type" in stated else "",
        enabled=draw(st.booleans()) if "enabled" in stated else True,
        labels=tuple(draw(st.lists(texts, max_size=2))) if "labels" in stated else (),
        properties=draw(st.dictionaries(texts, texts, max_size=2)) if "properties" in stated else {},
        included_items=tuple(draw(st.lists(texts, max_size=2))) if "includedItems" in stated else (),
        excluded_items=tuple(draw(st.lists(texts, max_size=2))) if "excludedItems" in stated else (),
        origin=file,
        file=file,
        line=draw(st.integers(1, 3)),
        stated=stated,
    )


@st.composite
def sections(draw):
    refused = draw(st.frozensets(ids, max_size=1))
    sources = draw(st.lists(specs(), unique_by=lambda spec: spec.id, max_size=4))
    kept = [spec for spec in sources if spec.id not in refused]
    states_labels = draw(st.booleans())
    return Section(
        sources=tuple(replace(spec, position=position) for position, spec in enumerate(kept)),
        labels=tuple(draw(st.lists(st.fixed_dictionaries({"name": texts}), max_size=2))) if states_labels else (),
        named_queries=draw(st.dictionaries(texts, st.dictionaries(texts, st.just({"operator": "="})), max_size=2)),
        states_labels=states_labels,
        refused=refused,
        is_incomplete=draw(st.booleans()),
    )


configurations = st.builds(
    lambda parts: Configuration(sections=parts), st.dictionaries(st.sampled_from("mn"), sections(), max_size=2)
)


@given(configurations, configurations, configurations)
@settings(deadline=None, max_examples=60)
def test_merging_is_associative(one, two, three):
    together = merge([one, two, three])
    assert merge([merge([one, two]), three]) == together
    assert merge([one, merge([two, three])]) == together
    order = [[spec.id for spec in section.sources] for section in together.sections.values()]
    other = merge([one, merge([two, three])]).sections.values()
    assert [[spec.id for spec in section.sources] for section in other] == order


@given(configurations)
@settings(deadline=None, max_examples=40)
def test_merging_with_an_empty_configuration_changes_nothing(one):
    empty = Configuration()
    assert merge([one]) == merge([one, empty]) == merge([empty, one]) == one
