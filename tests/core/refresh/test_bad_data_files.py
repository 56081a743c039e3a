"""Data files as strangers write them: whatever is wrong, what was served before is still served, and why is said."""

import codecs
import json

import pytest

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{chr(98 + level)}: &{chr(98 + level)} [{', '.join([f'*{chr(97 + level)}'] * 9)}]\n" for level in range(12)
)


def deep(levels):
    return "agents:\n- name: first\n  tools: " + "[" * levels + "]" * levels + "\n"


@pytest.mark.parametrize(
    ("content", "rule_words", "line"),
    [
        (b"", ["empty"], None),
        (b"# only a comment\n", ["empty"], None),
        (b"agents:\n- name: first\n\tversion: 1\n", ["tab", "spaces"], 3),
        (b"agents: [\n", ["truncated"], 1),
        (b'agents:\n- name: "first\n', ["truncated"], 2),
        (b"{\xff\xfe\xfd}", ["UTF-8"], 1),
        (b"agents: first\n", ["list"], 1),
        (b"servers:\n- name: first\n", ["agents"], 1),
        (b"just words\n", ["mapping"], 1),
        (b"agents:\n- name: a: b\n", ["quotes"], 2),
        (BOMB.encode() + b"agents:\n- name: *m\n", ["alias"], None),
        (b"agents: *nobody\n", ["list"], 1),
        (deep(5_000).encode(), ["levels", "nested", "deep"], None),
    ],
    ids=[
        "empty",
        "comment",
        "tab",
        "truncated list",
        "truncated text",
        "not UTF-8",
        "no list",
        "other key",
        "no mapping",
        "colon",
        "alias bomb",
        "unknown alias",
        "very deep",
    ],
)
def test_a_file_that_cannot_be_read_changes_nothing(served, content, rule_words, line):
    before, generation = served.stored(), served.generation
    row = served.load(content)
    assert served.names == ["first", "second"]
    assert (served.stored(), served.generation) == (before, generation) or row.stale_count
    told = row.error or json.dumps(served.problems)
    assert any(word.lower() in told.lower() for word in rule_words), told
    assert "feed.yaml" in told
    if line:
        assert f"feed.yaml:{line}" in told
    assert str(served.sandbox.folder) not in told
    served.load([{"name": "first"}, {"name": "third"}])
    assert served.names == ["first", "third"]
    assert (served.row.state, served.row.error, served.problems) == ("available", "", [])


def test_a_file_larger_than_allowed_changes_nothing(served, settings):
    settings.CATALOG = {**settings.CATALOG, "source_max_bytes": 1000}
    row = served.load([{"name": "first", "description": "x" * 2000}])
    assert row.state == "error"
    assert "larger than" in row.error
    assert "1000 bytes" in row.error
    assert served.names == ["first", "second"]


def test_a_file_that_ends_in_the_middle_keeps_what_it_held_before(feed):
    items = [{"name": f"agent-{number:02}", "version": "1"} for number in range(20)]
    feed.load(items)
    text = "agents:\n" + "".join(f"- name: agent-{number:02}\n  version: '2'\n" for number in range(20))
    row = feed.load(text[: text.index("agent-07") + 12])
    assert len(feed.names) == 20
    assert row.state == "partially-available"
    assert feed.item("agent-03")["version"] == "2"
    assert feed.item("agent-15")["version"] == "1"
    assert row.stale_count >= 12
    assert any(problem.get("line") for problem in feed.problems)
    row = feed.load(text)
    assert (row.state, row.stale_count, row.set_aside_count) == ("available", 0, 0)
    assert feed.item("agent-15")["version"] == "2"


@pytest.mark.parametrize(
    ("bad", "rule", "says"),
    [
        ("- version: '1'", "missing-name", "it has no name"),
        ("- name: ''", "missing-name", "empty"),
        ("- name: '   '", "missing-name", "empty"),
        ("- name: [a, b]", "wrong-type", "a list"),
        ("- name: true", "wrong-type", "true"),
        ("- just text", "wrong-type", "not a mapping"),
        ("- [a, list]", "wrong-type", "a list"),
        ("-", "wrong-type", "nothing"),
        ("- {name: second, name: other}", "duplicate-key", "twice"),
        ("- {name: second, tools: many}", "wrong-type", "tools"),
        ("- {name: second, description: {a: b}}", "wrong-type", "a mapping"),
        ("- {name: second, version: .nan}", None, "JSON"),
        ("- {name: second, tools: !!python/object:os.system [ls]}", None, "tag"),
        ('- {name: second, description: "a\\0b"}', "forbidden-character", "NUL"),
        ("- {name: second, description: " + "[" * 120 + "]" * 120 + "}", "too-deep", "levels"),
        ("- {name: " + "n" * 600 + "}", "too-long", "512"),
        ("- {name: second, version: " + "9" * 600 + "}", "too-long", "100"),
    ],
)
def test_a_bad_item_is_set_aside_with_its_place_and_the_others_are_loaded(served, bad, rule, says):
    row = served.load(f"agents:\n- name: first\n  version: '2'\n{bad}\n- name: third\n")
    assert served.item("first")["version"] == "2"
    assert "third" in served.names
    errors = [problem for problem in served.problems if problem["severity"] == "error"]
    assert len(errors) == 1
    assert rule in (None, errors[0]["rule"])
    assert says in errors[0]["message"]
    assert (errors[0]["file"].lstrip("./"), errors[0]["line"]) == ("feed.yaml", 4)
    assert "agents[1]" in errors[0]["path"] or "[1]" in errors[0]["path"]
    assert (row.state, row.set_aside_count) == ("partially-available", 1)


def test_a_bad_item_keeps_its_good_version_as_stale_until_it_is_mended(served):
    served.load([{"name": "first"}, {"name": "second", "version": "1"}])
    row = served.load([{"name": "first"}, {"name": "second", "version": ["2"]}])
    assert served.item("second")["version"] == "1"
    assert (row.state, row.stale_count, row.entity_count) == ("partially-available", 1, 2)
    assert served.stored()["second"]["stale"]
    row = served.load([{"name": "first"}, {"name": "second", "version": "2"}])
    assert served.item("second")["version"] == "2"
    assert (row.state, row.stale_count, served.stored()["second"]["stale"]) == ("available", 0, False)


def test_a_stale_item_that_goes_back_to_its_good_version_is_not_stale_any_more(served):
    good = [{"name": "first"}, {"name": "second"}]
    served.load([good[0], {"name": "second", "tools": "wrong"}])
    row = served.load(good)
    assert (row.state, row.stale_count, served.names) == ("available", 0, ["first", "second"])


def test_an_item_with_a_number_for_a_name_keeps_its_good_version_too(feed):
    feed.load("agents:\n- {name: 7, version: a}\n- {name: other}\n")
    assert feed.names == ["7", "other"]
    row = feed.load("agents:\n- {name: 7, version: [a]}\n- {name: other}\n")
    assert feed.names == ["7", "other"]
    assert row.stale_count == 1


def test_a_stale_item_that_is_excluded_now_is_gone(served):
    served.configure(excludedItems=["second"])
    served.load([{"name": "first"}, {"name": "second", "version": []}])
    assert served.names == ["first"]


def test_the_first_of_two_items_with_one_name_counts_and_both_places_are_told(served):
    row = served.load("agents:\n- name: first\n  version: a\n- name: second\n- name: first\n  version: b\n")
    assert served.item("first")["version"] == "a"
    (problem,) = served.problems
    assert problem["rule"] == "duplicate-name"
    assert problem["line"] == 5
    assert "line 2" in problem["message"]
    assert row.set_aside_count == 1


def test_duplicates_do_not_multiply_when_something_else_changes(served):
    for version in "abc":
        row = served.load([{"name": "first"}, {"name": "first"}, {"name": "second", "version": version}])
        assert (row.set_aside_count, served.rules) == (1, ["duplicate-name"])


def test_byte_order_marks_line_ends_and_several_documents_are_understood(feed):
    text = "agents:\r\n- name: one\r\n---\r\nagents:\r\n- name: two\r\n...\r\n"
    for content in (codecs.BOM_UTF8 + text.encode(), text.encode("utf-16")):
        row = feed.load(content)
        assert (row.state, feed.names) == ("available", ["one", "two"])


def test_aliases_and_merge_keys_are_understood(feed):
    feed.load("agents:\n- &base {name: one, version: '3'}\n- {<<: *base, name: two}\n")
    assert feed.item("two")["version"] == "3"


def test_descriptions_of_any_length_are_kept(feed):
    text = "Text mit Ümlauten 数 " * 35_000
    feed.load([{"name": "long", "description": text}])
    assert feed.item("long")["description"] == text


@pytest.mark.parametrize(
    "name", ["a/b:c@1 & 'x' #2", "größer 数 🎉", "%2F%00", "..", "a//b", " padded ", "\uff21", 'q"\\']
)
def test_names_of_any_kind_are_listed_as_they_are(feed, name):
    feed.load([{"name": name}])
    assert feed.names == [name]
    assert feed.row.set_aside_count == 0


@pytest.mark.parametrize("letter", ["x", "é", "数", "🎉"])
def test_the_longest_names_are_stored_or_set_aside_alone(feed, letter):
    import random

    picked = random.Random(7)
    block = {"x": (0x21, 0x7E), "é": (0xC0, 0x24F), "数": (0x4E00, 0x9FA5), "🎉": (0x20000, 0x2A6D0)}[letter]
    name = "".join(chr(picked.randint(*block)) for _ in range(512))
    row = feed.load([{"name": name}, {"name": "other"}])
    assert "other" in feed.names
    assert row.state in ("available", "partially-available")
    assert name in feed.names or feed.rules == ["too-long"]


def test_numbers_of_any_size_are_kept_where_json_keeps_them(feed):
    feed.load('{"agents": [{"name": "one", "customProperties": {"n": 123456789012345678901234567890, "f": 1e300}}]}')
    assert feed.item("one")["customProperties"] == {"n": 123456789012345678901234567890, "f": 1e300}


def test_unknown_keys_and_unusual_values_are_remarked_on_without_making_the_source_partial(served):
    row = served.load("agents:\n- name: first\n  verion: '1'\n  agentType: wizard\n- name: second\n")
    assert (row.state, row.set_aside_count) == ("available", 0)
    told = {problem["rule"]: problem for problem in served.problems}
    assert told["unknown-key"]["line"] == 3
    assert "version" in told["unknown-key"]["hint"]
    assert "wizard" in told["unusual-value"]["message"]
    assert {problem["severity"] for problem in served.problems} == {"warning"}


def test_remarks_keep_their_lines_when_lines_are_inserted_above(served):
    served.load("agents:\n- name: first\n  verion: '1'\n- name: second\n")
    served.load("# a comment\n\nagents:\n- name: zero\n- name: first\n  verion: '1'\n- name: second\n")
    (problem,) = served.problems
    assert problem["line"] == 6
    assert problem["file"].lstrip("./") == "feed.yaml"


def test_errors_are_not_crowded_out_by_reservations(feed):
    items = [{"name": f"agent-{number}", "unknown": 1} for number in range(1100)]
    row = feed.load([*items, {"name": ["bad"]}])
    assert row.set_aside_count == 1
    assert "error" in {problem["severity"] for problem in feed.problems}


def test_an_empty_list_is_a_catalog_without_entities(feed):
    row = feed.load("agents: []\n")
    assert (row.state, row.error, feed.names) == ("available", "", [])
