"""Entries of single sources in one file and in several."""

from pathlib import Path

import pytest

from catalog_core.exceptions import InvalidDocument
from catalog_core.sources.documents import read_configuration
from catalog_core.sources.editing import is_stated, put_source, remove_source

BASE = """\
# The sources of the lab.
apiVersion: catalog/v1alpha1
kind: CatalogSources
catalogs:
  models:
    sources:
      - name: Lab          # the name stands first here
        id: lab
        type: yaml
        enabled: yes
        labels: ['Lab', "Own"]
        properties:
          # where it is
          yamlCatalogPath: ./lab.yaml
      - id: partner        # asks first
        name: Partner
        type: http
        properties: {url: "https://partner.example/a.json", limit: 70000000000}
    labels:
      - name: Lab
"""
OVERRIDE = """\
catalogs:
  models:
    sources:
      - id: partner
        enabled: false   # while they move
"""
LIMIT = 1024 * 1024


def files(*texts):
    return tuple((Path(f"/etc/{number}.yaml"), text.encode()) for number, text in enumerate(texts))


def texts(documents):
    return [content.decode() for _, content in documents]


def entry(documents, source_id, section="models"):
    configuration, _ = read_configuration(documents, max_bytes=LIMIT)
    return next(spec.as_dict() for spec in configuration.sections[section].sources if spec.id == source_id)


LAB = {
    "id": "lab",
    "name": "Lab",
    "type": "yaml",
    "enabled": True,
    "labels": ["Lab", "Own"],
    "properties": {"yamlCatalogPath": "./lab.yaml"},
}


def test_an_entry_that_says_so_already_is_not_touched_however_it_is_written():
    assert texts(put_source(files(BASE), "models", LAB)) == [BASE]


def test_a_property_is_changed_where_it_stands():
    wanted = {**LAB, "properties": {"yamlCatalogPath": "./new.yaml"}}
    assert texts(put_source(files(BASE), "models", wanted)) == [BASE.replace("./lab.yaml", "./new.yaml")]


def test_what_the_new_entry_does_not_state_goes():
    wanted = {key: value for key, value in LAB.items() if key not in ("enabled", "labels")}
    expected = BASE.replace("        enabled: yes\n", "").replace("        labels: ['Lab', \"Own\"]\n", "")
    assert texts(put_source(files(BASE), "models", wanted)) == [expected]


def test_new_keys_are_written_in_their_usual_place():
    partner = entry(files(BASE), "partner")
    wanted = {**partner, "enabled": False, "labels": ["x"], "includedItems": ["*a"]}
    assert texts(put_source(files(BASE), "models", wanted)) == [
        BASE.replace(
            "        type: http\n", "        type: http\n        enabled: false\n        labels: [x]\n"
        ).replace("limit: 70000000000}\n", 'limit: 70000000000}\n        includedItems: ["*a"]\n')
    ]


def test_a_new_source_stands_at_the_end_or_behind_those_that_it_follows():
    new = {"id": "new", "name": "New", "type": "yaml", "properties": {}}
    lines = "      - id: new\n        name: New\n        type: yaml\n        properties: {}\n"
    assert texts(put_source(files(BASE), "models", new)) == [BASE.replace("    labels:\n", f"{lines}    labels:\n")]
    behind = put_source(files(BASE), "models", new, follows=["lab", "gone"])
    assert texts(behind) == [BASE.replace("      - id: partner", f"{lines}      - id: partner")]
    first = put_source(files(BASE), "models", new, follows=[])
    assert texts(first) == [BASE.replace("      - name: Lab ", f"{lines}      - name: Lab ")]


def test_a_new_section_is_made_for_its_first_source():
    new = {"id": "new", "type": "yaml"}
    assert texts(put_source(files(BASE), "mcp", new)) == [
        f"{BASE}  mcp:\n    sources:\n      - id: new\n        type: yaml\n"
    ]
    assert entry(put_source(files("catalogs: {}\n"), "mcp", new), "new", "mcp")["type"] == "yaml"


@pytest.mark.parametrize("empty", ["sources: []", "sources:", "sources: # none yet", "labels: []", "{}", ""])
def test_a_section_without_sources_takes_its_first_one(empty):
    text = f"catalogs:\n  mcp: {empty}\n" if empty in ("{}", "") else f"catalogs:\n  mcp:\n    {empty}\n"
    result = put_source(files(text), "mcp", {"id": "new", "type": "yaml"})
    assert entry(result, "new", "mcp")["id"] == "new"
    assert ("# none yet" in texts(result)[0]) == ("# none yet" in text)


def test_the_last_source_leaves_an_empty_list():
    without = remove_source(remove_source(files(BASE), "models", "lab"), "models", "partner")
    assert "    sources: []\n    labels:\n" in texts(without)[0]


def test_a_source_that_is_removed_takes_the_comments_of_its_own_lines_only():
    without = texts(remove_source(files(BASE), "models", "partner"))[0]
    assert without == BASE[: BASE.index("      - id: partner")] + BASE[BASE.index("    labels:\n      - name") :]


def test_removing_what_is_not_there_changes_nothing():
    assert texts(remove_source(files(BASE), "models", "nobody")) == [BASE]
    assert texts(remove_source(files(BASE), "nothing", "lab")) == [BASE]


def test_keys_in_unusual_case_are_kept_as_they_are():
    text = "Catalogs:\n  mcp:\n    Sources:\n    - ID: a\n      Type: yaml\n      Enabled: true\n"
    result = put_source(files(text), "mcp", {"id": "a", "type": "yaml", "enabled": False})
    assert texts(result) == [text.replace("Enabled: true", "Enabled: false")]


def test_an_id_that_is_a_number_is_found_as_it_is_written():
    text = "catalogs:\n  mcp:\n    sources:\n    - id: 007\n      type: yaml\n"
    assert is_stated(files(text), "mcp", "007", max_bytes=LIMIT)
    assert not is_stated(files(text), "mcp", "7", max_bytes=LIMIT)
    assert "enabled: false" in texts(put_source(files(text), "mcp", {"id": "007", "type": "yaml", "enabled": False}))[0]


def test_a_key_is_changed_in_the_file_that_decides_about_it():
    both = files(BASE, OVERRIDE)
    partner = entry(both, "partner")
    on = put_source(both, "models", {**partner, "enabled": True})
    assert texts(on) == [BASE, OVERRIDE.replace("enabled: false", "enabled: true")]
    named = put_source(both, "models", {**partner, "name": "Other", "enabled": False})
    assert texts(named) == [BASE.replace("name: Partner", "name: Other"), OVERRIDE]


def test_a_key_that_goes_leaves_every_file():
    both = files(BASE, OVERRIDE.replace("enabled", "labels: []\n        enabled"))
    lab = put_source(both, "models", {key: value for key, value in entry(both, "partner").items() if key != "enabled"})
    assert "enabled: false" not in texts(lab)[1]
    assert entry(lab, "partner")["enabled"] is True


def test_a_source_is_removed_from_every_file():
    without = remove_source(files(BASE, OVERRIDE), "models", "partner")
    assert "partner" not in "".join(texts(without))


def test_a_new_source_goes_to_the_last_file_that_has_its_section():
    new = {"id": "new", "type": "yaml"}
    other = "catalogs:\n  mcp:\n    sources: []\n"
    assert "new" in texts(put_source(files(BASE, other), "models", new))[0]
    assert "new" in texts(put_source(files(BASE, other), "agents", new))[1]


def test_a_faulty_entry_can_be_replaced_and_removed():
    faulty = BASE.replace("        type: http\n", "        type: http\n        lables: [x]\n")
    good = {"id": "partner", "name": "Partner", "type": "http", "properties": {"url": "https://partner.example/"}}
    assert entry(put_source(files(faulty), "models", good), "partner")["properties"] == good["properties"]
    assert "partner" not in texts(remove_source(files(faulty), "models", "partner"))[0]


def test_an_entry_that_stands_twice_is_refused_because_the_other_one_would_appear():
    twice = BASE.replace("    labels:\n      - name", "      - id: lab\n        type: yaml\n    labels:\n      - name")
    with pytest.raises(InvalidDocument, match="stand twice or are faulty"):
        remove_source(files(twice), "models", "lab")


def test_a_file_that_cannot_be_read_is_not_edited():
    with pytest.raises(InvalidDocument, match="The file ends in the middle"):
        put_source(files("catalogs: {mcp: [\n"), "mcp", {"id": "a", "type": "yaml"})
