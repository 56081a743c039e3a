"""``catalog-gen bump-version``: another version, and everything else as it was."""

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_core.exceptions import InvalidDocument
from catalog_core.sources.formats import parse_document
from catalog_core.tools.gen.version_edit import version_in, with_version


@pytest.mark.parametrize("arguments", [(), ("huge",), ("minor", "--dir", "nowhere"), ("minor", "--pre")])
def test_what_cannot_be_understood_ends_with_2(run, arguments):
    assert run("bump-version", *arguments).exit_code == 2


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"1.4.0"', '"1.4"', '"1.4" is not a semantic version'),
        ('"1.4.0"', "1.4", "There is no version, or it is not text"),
        ("  version:", "  verzion:", "There is no version, or it is not text"),
        ("spec:", "spec: {", "plugin.yaml:8:14: "),
        (
            'version: "1.4.0"   # raised by catalog-gen',
            "version: >-\n    1.4.0",
            "The version cannot be changed in its place",
        ),
        ('version: "1.4.0"', "version: &version 1.4.0", "The version cannot be changed in its place"),
        ('version: "1.4.0"', 'version: "1.4\\u002E0"', "The version cannot be changed in its place"),
    ],
)
def test_a_file_that_cannot_be_changed_stays_as_it_is(run, widgets, change, old, new, expected):
    change(widgets / "plugin.yaml", old, new)
    before = (widgets / "plugin.yaml").read_bytes()
    result = run("bump-version", "minor", "--dir", "widgets")
    assert result.exit_code == 1
    assert expected in result.output
    assert (widgets / "plugin.yaml").read_bytes() == before


def test_a_folder_without_the_file_is_told(run, tmp_path):
    result = run("bump-version", "minor")
    assert (result.exit_code, result.output) == (1, "Error: plugin.yaml: No such file or directory.\n")


def test_a_label_that_leads_back_is_refused(run, widgets, change):
    change(widgets / "plugin.yaml", "1.4.0", "1.4.0-rc.1")
    result = run("bump-version", "minor", "--pre", "alpha", "--dir", "widgets")
    assert result.exit_code == 1
    assert "1.4.0-alpha.1 would be older than 1.4.0-rc.1" in result.output


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("major",), "2.0.0"),
        (("minor",), "1.5.0"),
        (("patch",), "1.4.1"),
        (("minor", "--pre", "rc"), "1.5.0-rc.1"),
    ],
)
def test_nothing_but_the_version_changes(run, widgets, arguments, expected):
    before = (widgets / "plugin.yaml").read_text()
    result = run("bump-version", *arguments, "--dir", "widgets")
    assert (result.exit_code, result.output) == (0, f"1.4.0 -> {expected}\n")
    assert (widgets / "plugin.yaml").read_text() == before.replace("1.4.0", expected)


def test_a_dry_run_only_tells(run, widgets):
    before = (widgets / "plugin.yaml").read_text()
    result = run("bump-version", "minor", "--dir", "widgets", "--dry-run")
    assert (result.exit_code, result.output) == (0, "1.4.0 -> 1.5.0\n")
    assert (widgets / "plugin.yaml").read_text() == before


def test_the_mode_of_the_file_and_a_link_to_it_stay(run, widgets, tmp_path):
    file = widgets / "plugin.yaml"
    real = file.rename(tmp_path / "real.yaml")
    real.chmod(0o664)
    file.symlink_to(real)
    assert run("bump-version", "patch", "--dir", "widgets").exit_code == 0
    assert file.is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o664
    assert '"1.4.1"' in real.read_text()
    assert sorted(os.listdir(widgets)) == ["README.md", "catalog.yaml", "plugin.yaml", "tests"]


PYPROJECT = """\
[build-system]
requires = ["setuptools"]

[project]   # the package
name = "acme-widgets"
version = "1.4.0"   # as in plugin.yaml

[project.entry-points."catalog.plugins"]
widgets = "acme.widgets"

[tool.other]
version = "1.4.0"
"""


@pytest.mark.parametrize("package", ["src/acme/widgets", "src/widgets", "widgets", ".", "far/below/the/project"])
def test_the_project_of_a_plugin_is_raised_with_it(run, widgets, tmp_path, package):
    project = tmp_path / "project"
    folder = project / package
    folder.parent.mkdir(parents=True, exist_ok=True)
    widgets.rename(folder)
    (project / "pyproject.toml").write_text(PYPROJECT)
    assert run("bump-version", "minor", "--pre", "rc", "--dir", folder).output == "1.4.0 -> 1.5.0-rc.1\n"
    is_near = not package.startswith("far")
    expected = PYPROJECT.replace('"1.4.0"   #', '"1.5.0-rc.1"   #') if is_near else PYPROJECT
    assert (project / "pyproject.toml").read_text() == expected


@pytest.mark.parametrize(
    ("old", "new"), [("widgets = ", "gadgets = "), ('version = "1.4.0"   #', 'dynamic = ["version"]   #')]
)
def test_a_project_that_does_not_state_the_version_of_the_plugin_stays(run, widgets, tmp_path, old, new):
    (tmp_path / "pyproject.toml").write_text(PYPROJECT.replace(old, new))
    assert run("bump-version", "minor", "--dir", "widgets").exit_code == 0
    assert (tmp_path / "pyproject.toml").read_text() == PYPROJECT.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new", "label", "expected"),
    [
        ("", "", "preview-1", 'Python packages cannot have the version "1.5.0-preview-1.1"'),
        ("[build-system]", "[build-system", "rc", "pyproject.toml is not valid TOML"),
        ('"1.4.0"   #', '"""1.4.0"""   #', "rc", "the version in pyproject.toml cannot be changed in its place"),
    ],
)
def test_nothing_is_raised_if_the_project_cannot_be(run, widgets, tmp_path, old, new, label, expected):
    (tmp_path / "pyproject.toml").write_text(PYPROJECT.replace(old, new, 1))
    result = run("bump-version", "minor", "--pre", label, "--dir", "widgets")
    assert result.exit_code == 1
    assert expected in result.output
    assert '"1.4.0"' in (widgets / "plugin.yaml").read_text()


def test_a_file_in_another_encoding_is_refused(widgets):
    content = (widgets / "plugin.yaml").read_text().encode("utf-16")
    with pytest.raises(InvalidDocument, match="not UTF-8"):
        with_version(content, "2.0.0", file="plugin.yaml")


line_ends = st.sampled_from(["\n", "\r\n", "\r", "\x85", "\u2028"])
remarks = st.text(alphabet="ab #:'\"é\t\u00a0😀", max_size=8)


@given(end=line_ends, remark=remarks, quote=st.sampled_from(["", "'", '"']), after=remarks, bom=st.booleans())
def test_the_place_is_found_whatever_stands_around_it(end, remark, quote, after, bom):
    lines = [
        f"# {remark}",
        "spec:",
        f"  other: 1.4.0 # {remark}",
        f"  version: {quote}1.4.0{quote} # {after}",
        "  last: 1",
        "",
    ]
    content = (("\ufeff" if bom else "") + end.join(lines)).encode()
    changed = with_version(content, "1.5.0-rc.1", file="plugin.yaml")
    assert version_in(changed, file="plugin.yaml") == "1.5.0-rc.1"
    lines[3] = lines[3].replace("1.4.0", "1.5.0-rc.1", 1)
    assert changed == (("\ufeff" if bom else "") + end.join(lines)).encode()
    assert parse_document(changed, file="plugin.yaml").value["spec"]["last"] == 1
