"""A document is changed where its meaning changes, and nowhere else."""

import copy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog_core.exceptions import InvalidDocument
from catalog_core.sources.editing import open_document, rewrite, same
from catalog_core.sources.formats import parse_document

# fmt: off
TRICKY = (
    "a", "two words", "no", "y", "", " edge ", "007", "1e3", "0o17", "12:30", "null", "# no comment", "a: b", "a #b",
    "2024-01-01", "- x", "[x", "*a", "&a", "!t", "%", "it's", 'say "hi"', "ünï", "😀", "\u2028", "\x85", "tab\tin",
    "line\nline", "line\nline\n", "line\n\nline\n\n", " indented\nline", "trailing \nline", "cr\r\nlf", "\n", "<<",
    "=", "./data/x.yaml", "https://example.org:8080/a?b=c#d", "x" * 120, "*-old", "{env: X}", "@at", "`tick",
    "\ufeffbom",
)
# fmt: on
TEXTS = st.sampled_from(TRICKY)
SCALARS = TEXTS | st.booleans() | st.none() | st.integers(-3, 10**20) | st.sampled_from([1.5, 1e20, 1e-9, -0.0])
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)
KEYS = ("name", "type", "enabled", "labels", "properties", "includedItems")


@st.composite
def entries(draw, identity):
    keys = draw(st.lists(st.sampled_from(KEYS), unique=True))
    entry = {"id": identity, **{key: draw(VALUES) for key in keys}}
    return dict(draw(st.permutations(list(entry.items()))))


@st.composite
def configurations(draw):
    sections = draw(st.lists(st.sampled_from(["models", "mcp", "agents"]), unique=True, min_size=1))
    catalogs = {}
    for section in sections:
        ids = draw(st.lists(st.sampled_from("abcdef"), unique=True, max_size=4))
        catalogs[section] = {"sources": [draw(entries(identity)) for identity in ids]}
    return {"apiVersion": "catalog/v1alpha1", "catalogs": catalogs}


class Writer:
    """Writes a value as somebody might: comments, blank lines, quotes and brackets where chance puts them."""

    def __init__(self, chance):
        self.chance = chance
        self.step = chance.choice([1, 2, 2, 4])
        self.dash = chance.choice([0, 2])
        self.comments = 0

    def comment(self):
        self.comments += 1
        return f"# remark {self.comments}"

    def document(self, value):
        text = "\n".join(self.lines(value, 0)) + self.chance.choice(["", "\n", "\n\n# end\n"])
        return self.chance.choice(["", "# beginning\n", "---\n"]) + text

    def lines(self, value, indent):
        found = []
        for key, one in value.items():
            found += self.noise(indent)
            found += self.pair(f"{' ' * indent}{self.inline(key)}:", one, indent)
        return found

    def pair(self, head, one, indent):
        if one and isinstance(one, dict) and self.chance.random() < 0.8:
            return [head + self.trailing(), *self.lines(one, indent + self.step)]
        if one and isinstance(one, list) and self.chance.random() < 0.8:
            return [head + self.trailing(), *self.elements(one, indent + self.dash)]
        return [f"{head} {self.inline(one)}{self.trailing()}"]

    def elements(self, value, indent):
        found = []
        for one in value:
            found += self.noise(indent)
            if one and isinstance(one, dict) and self.chance.random() < 0.8:
                lines = self.lines(one, indent + 2)
                while lines[0].lstrip().startswith("#") or not lines[0]:
                    found.append(lines.pop(0))
                found += [f"{' ' * indent}- {lines[0].lstrip()}", *lines[1:]]
            else:
                found.append(f"{' ' * indent}- {self.inline(one)}{self.trailing()}")
        return found

    def noise(self, indent):
        kind = self.chance.random()
        return [""] if kind < 0.1 else [" " * indent + self.comment()] if kind < 0.2 else []

    def trailing(self):
        return f"  {self.comment()}" if self.chance.random() < 0.2 else ""

    def inline(self, value):
        from catalog_core.sources.editing.scalars import scalar_text

        if isinstance(value, dict):
            return "{" + ", ".join(f"{self.inline(key)}: {self.inline(one)}" for key, one in value.items()) + "}"
        if isinstance(value, list):
            return "[" + self.chance.choice(["", " "]) + ", ".join(self.inline(one) for one in value) + "]"
        return scalar_text(value, style=self.chance.choice(["", "'", '"']))


@st.composite
def documents(draw):
    value = draw(configurations())
    chance = draw(st.randoms(use_true_random=False))
    text = Writer(chance).document(value)
    if "\r" not in text and draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    mark = b"\xef\xbb\xbf" if draw(st.booleans()) else b""
    return mark + text.encode(), value


@st.composite
def edits(draw):
    """A document, what it is to mean, and the path of the entry that is concerned; without an index if it is new."""
    content, value = draw(documents())
    wanted = copy.deepcopy(value)
    section = draw(st.sampled_from(sorted(wanted["catalogs"])))
    sources = wanted["catalogs"][section]["sources"]
    if sources and draw(st.booleans()):
        index = draw(st.integers(0, len(sources) - 1))
        if draw(st.booleans()):
            del sources[index]
        else:
            changed = draw(entries(sources[index]["id"]))
            sources[index] = draw(st.sampled_from([changed, {**sources[index], **changed}]))
        return content, wanted, section, index
    sources.append(draw(entries("new")))
    return content, wanted, section, None


@settings(max_examples=200, deadline=None)
@given(edits())
def test_any_edit_gives_the_wanted_meaning_and_leaves_the_rest_as_it_is_written(case):
    content, wanted, section, index = case
    before = open_document(content, file="sources.yaml")
    assert same(before.document.value, before.document.value)
    result = rewrite(content, wanted, file="sources.yaml")
    assert same(parse_document(result, file="sources.yaml").value, wanted)
    root, sheet = before.root, before.sheet
    catalogs = root.values[root.pairs()["catalogs"]]
    there = catalogs.values[catalogs.pairs()[section]]
    sources = there.values[there.pairs()["sources"]]
    text = result[len(before.mark) :].decode()
    assert result.startswith(before.mark)
    if index is None or len(wanted["catalogs"][section]["sources"]) < len(sources.values):
        return
    entry = sources.values[index]
    assert text.startswith(sheet.text[: entry.start])
    assert text.endswith(sheet.text[sheet.line_end(entry.end) :] if entry.is_block else sheet.text[entry.end :])


@settings(max_examples=120, deadline=None)
@given(edits())
def test_lines_of_other_entries_and_their_comments_all_stay_in_their_order(case):
    content, wanted, section, index = case
    before = open_document(content, file="sources.yaml")
    root, sheet = before.root, before.sheet
    catalogs = root.values[root.pairs()["catalogs"]]
    there = catalogs.values[catalogs.pairs()[section]] if catalogs.is_block else catalogs
    sources = there.values[there.pairs()["sources"]] if there.is_block else there
    if not sources.is_block or not wanted["catalogs"][section]["sources"]:
        return  # written on few lines, so there are no lines of others
    result = rewrite(content, wanted, file="sources.yaml")[len(before.mark) :].decode().splitlines()
    lines = sheet.text.splitlines()
    if index is not None:
        first = sheet.text.count("\n", 0, sheet.dashes(sources)[index])
        last = sheet.text.count("\n", 0, sources.values[index].end)
        while last + 1 < len(lines) and lines[last + 1].lstrip().startswith("#"):
            last += 1  # comments that are indented like the entry go with it
        lines = lines[:first] + lines[last + 1 :]
    place = iter(result)
    assert all(line in place for line in lines), "a line of something else is gone, or in another place"


@settings(max_examples=50, deadline=None)
@given(documents())
def test_a_document_that_means_what_it_should_is_not_touched(case):
    content, value = case
    assert rewrite(content, value, file="sources.yaml") is content


def changed(text, change, **more):
    content = text.encode() if isinstance(text, str) else text
    wanted = copy.deepcopy(parse_document(content, file="x.yaml").value)
    change(wanted)
    return rewrite(content, wanted, file="x.yaml", **more).decode()


def test_comments_quotes_and_order_within_a_changed_mapping_stay():
    text = 'a:  # about a\n    b: "x"   # about b\n    # between\n    c: 0x10\n    d: {e: 1,f:  2}\n'
    assert changed(text, lambda value: value["a"].update(b="y")) == text.replace('"x"', '"y"')
    assert changed(text, lambda value: value["a"]["d"].update(f=3)) == text.replace("f:  2", "f:  3")
    assert changed(text, lambda value: value["a"].pop("c")) == text.replace("    c: 0x10\n", "")


def test_a_key_is_added_behind_the_one_that_it_follows():
    text = "a:\n  b: 1  # one\n  d: 4\n"
    assert changed(text, lambda value: value.update(a={"b": 1, "c": [1, 2], "d": 4})) == (
        "a:\n  b: 1  # one\n  c: [1, 2]\n  d: 4\n"
    )


def test_a_key_on_the_line_of_its_dash_can_go():
    assert changed("- a: 1  # one\n  b: 2\n", lambda value: value[0].pop("a")) == "- b: 2\n"
    assert changed("- a: 1\n  # two\n  b: 2\n", lambda value: value[0].pop("a")) == "- \n  # two\n  b: 2\n"


def test_json_stays_json():
    text = '{\n  "a": [\n    {\n      "id": "x"\n    }\n  ]\n}\n'
    result = changed(text, lambda value: value["a"].append({"id": "y", "on": True, "t": ["n", None]}))
    assert result.startswith(
        '{\n  "a": [\n    {\n      "id": "x"\n    },\n    {\n      "id": "y",\n      "on": true,\n'
    )
    assert changed(result, lambda value: value["a"].pop()) == text
    assert changed('{"a": [1, 2, 3]}', lambda value: value["a"].remove(3)) == '{"a": [1, 2]}'
    assert changed('{"a": [1, 2, 3]}', lambda value: value["a"].remove(1)) == '{"a": [2, 3]}'
    assert changed('{"a": []}', lambda value: value["a"].append("no")) == '{"a": ["no"]}'


def test_comments_in_brackets_stay_with_their_entries():
    text = "a: [\n  1, # one\n  2 # two\n]\n"
    assert changed(text, lambda value: value["a"].append(3)) == "a: [\n  1, # one\n  2, # two\n  3\n]\n"
    assert changed(text, lambda value: value["a"].pop()) == "a: [\n  1 # one\n]\n"


def test_a_file_without_a_last_line_end_keeps_having_none():
    assert changed("a:\n- 1", lambda value: value["a"].append(2)) == "a:\n- 1\n- 2"
    assert changed("a:\n- 1\n- 2", lambda value: value["a"].pop()) == "a:\n- 1"


def test_blank_lines_of_a_literal_text_that_keeps_them_belong_to_it():
    text = "a:\n  b: |+\n    x\n\n\n  c: 1\n"
    assert changed(text, lambda value: value["a"].update(b="y\n")) == "a:\n  b: |\n    y\n  c: 1\n"
    between = {"a": {"b": "x\n\n\n", "z": 1, "c": 1}}
    assert changed(text, lambda value: value.update(between)) == "a:\n  b: |+\n    x\n\n\n  z: 1\n  c: 1\n"


def test_utf_16_stays_utf_16():
    content = "﻿a: 1\r\nb: ü\r\n".encode("utf-16-le")
    result = rewrite(content, {"a": 2, "b": "ü"}, file="x.yaml")
    assert result == "﻿a: 2\r\nb: ü\r\n".encode("utf-16-le")


ANCHORS = """\
base: &base
  type: yaml
  properties: {path: x}
sources:
  - id: a
    <<: *base
  - id: b
    labels: &l [x]
  - id: c
    labels: *l
"""


def test_what_is_not_shared_can_be_changed_beside_what_is():
    result = changed(ANCHORS, lambda value: value["sources"][0].update(type="git", enabled=False))
    assert result == ANCHORS.replace("  - id: a\n", "  - id: a\n    type: git\n    enabled: false\n")
    assert changed(ANCHORS, lambda value: value["sources"][2].update(labels=["z"])) == ANCHORS.replace("*l\n", "[z]\n")


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value["sources"][0].pop("type"),
        lambda value: value["sources"][1].update(labels=["y"]),
        lambda value: value["sources"].pop(1),
        lambda value: value["base"].update(type="git"),
    ],
    ids=["merged key", "anchored value", "entry with an anchor", "merged mapping"],
)
def test_what_is_shared_is_refused_rather_than_broken(change):
    with pytest.raises(InvalidDocument) as refused:
        changed(ANCHORS, change)
    assert "anchor" in str(refused.value)
    assert "Change the file itself" in str(refused.value)


def test_a_result_that_is_too_large_is_refused_as_such():
    with pytest.raises(InvalidDocument, match="larger than 40 bytes"):
        changed("a: 1\n", lambda value: value.update(b="x" * 50), max_bytes=40)


def test_a_document_with_a_fault_elsewhere_can_be_changed():
    text = "a: 1\nb: {x: 1, x: 2}\nc: 3\n"
    wanted = parse_document(text.encode(), file="x.yaml", tolerates_faults=True).value | {"c": 4}
    assert rewrite(text.encode(), wanted, file="x.yaml").decode() == text.replace("c: 3", "c: 4")


REAL = ("sources.yaml", "reference-config/sources.yaml")


@pytest.mark.real_data
@pytest.mark.parametrize("name", REAL)
def test_in_real_files_each_source_can_be_switched_off_and_on_again_without_a_trace(shared_data: Path, name):
    content = (shared_data / name).read_bytes()
    value = parse_document(content, file=name).value
    for section, there in value["catalogs"].items():
        for index, entry in enumerate(there["sources"]):
            off = copy.deepcopy(value)
            off["catalogs"][section]["sources"][index]["enabled"] = not entry.get("enabled", True)
            changed_lines = [
                line for line in rewrite(content, off, file=name).splitlines() if line not in content.splitlines()
            ]
            assert len(changed_lines) <= 1
            assert rewrite(rewrite(content, off, file=name), value, file=name) == content


@pytest.mark.real_data
@pytest.mark.parametrize("name", REAL)
def test_in_real_files_a_source_that_goes_takes_its_own_lines_only(shared_data: Path, name):
    content = (shared_data / name).read_bytes()
    value = parse_document(content, file=name).value
    for section, there in value["catalogs"].items():
        for index, entry in enumerate(there["sources"]):
            without = copy.deepcopy(value)
            del without["catalogs"][section]["sources"][index]
            result = rewrite(content, without, file=name)
            assert entry["id"].encode() not in result
            if len(there["sources"]) > 1:
                start = content.index(b"      - id: " + entry["id"].encode())
                assert result.startswith(content[:start])
                assert content.endswith(result[start:])


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["dev-sources", "e2e-sources", "hf-sources-example", "odh-default-sources"])
def test_real_files_of_another_shape_keep_every_other_byte(shared_data: Path, name):
    content = (shared_data / "kubeflow" / "sources" / f"{name}.yaml").read_bytes()
    wanted = copy.deepcopy(parse_document(content, file=name).value)
    lists = [key for key, there in wanted.items() if isinstance(there, list) and there]
    for key in lists:
        wanted[key][0]["enabled"] = not wanted[key][0].get("enabled", True)
    result = rewrite(content, wanted, file=name)
    assert same(parse_document(result, file=name).value, wanted)
    gone = [line for line in content.splitlines() if line not in result.splitlines()]
    assert len(gone) <= len(lists)
