"""``catalog-gen add-provider``, ``add-artifact`` and ``gen-testdata``."""

import pytest
import yaml

from catalog_core.sources.configuration import complete, parse_configuration
from tests.tools.gen.scaffolding import ALL_TYPES, files_in, gen, wrote


@pytest.fixture
def app(tmp_path):
    folder = tmp_path / "widgets"
    wrote("init", "--name=widgets", "--field=colour:string", "--output", folder)
    return folder


# --- providers


def test_a_provider_is_noted_in_both_files_and_everything_else_stays(app):
    path = app / "catalog.yaml"
    path.write_text(path.read_text().replace("    - type: yaml\n", "    - type: yaml  # the usual one\n"))
    before = files_in(app)
    wrote("add-provider", "http", app)
    after = files_in(app)
    added = before["catalog.yaml"].replace("# the usual one\n", "# the usual one\n    - type: http\n")
    assert after.pop("catalog.yaml") == added
    assert after.pop("plugin.yaml") == before["plugin.yaml"].replace("[yaml]", "[yaml, http]")
    assert after == {path: text for path, text in before.items() if path not in ("catalog.yaml", "plugin.yaml")}


@pytest.mark.parametrize("indent", ["", "  ", "    "])
def test_files_keep_the_form_that_their_author_gave_them(app, indent):
    text = (app / "plugin.yaml").read_text()
    block = f"providers:  # all\n  {indent}- 'yaml'\n\n  # the license\n"
    (app / "plugin.yaml").write_text(
        text.replace("providers: [yaml]\n", block).replace("    - team", f"  {indent}- team")
    )
    text = (app / "plugin.yaml").read_text()
    (app / "plugin.yaml").write_text(text.replace("      contact", f"    {indent}contact"))
    before = (app / "plugin.yaml").read_text()
    wrote("add-provider", "git", app)
    assert (app / "plugin.yaml").read_text() == before.replace("'yaml'\n", f"'yaml'\n  {indent}- git\n")


def test_line_ends_of_windows_stay(app):
    (app / "plugin.yaml").write_bytes((app / "plugin.yaml").read_bytes().replace(b"\n", b"\r\n"))
    wrote("add-provider", "git", app)
    content = (app / "plugin.yaml").read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n") > 10


def test_a_provider_that_is_there_changes_nothing(app):
    before = files_in(app)
    assert "Nothing to do" in wrote("add-provider", "yaml", app).output
    assert files_in(app) == before


def test_an_unknown_provider_is_a_usage_error_with_the_nearest_one(app):
    result = gen("add-provider", "htpt", app)
    assert result.exit_code == 2
    assert 'Did you mean "http"?' in result.output


def test_a_dry_run_notes_nothing(app):
    before = files_in(app)
    assert "would write" in wrote("add-provider", "git", app, "--dry-run").output
    assert files_in(app) == before


@pytest.mark.parametrize("file", ["catalog.yaml", "plugin.yaml"])
def test_a_broken_file_is_a_finding_and_neither_is_written(app, file):
    (app / file).write_text("kind: [")
    before = files_in(app)
    result = gen("add-provider", "git", app)
    assert result.exit_code == 1
    assert file in result.output
    assert files_in(app) == before


# --- artifacts


def test_an_artifact_becomes_a_model_a_migration_and_a_reader(app):
    wrote("add-artifact", "UserManual", app, "--field=uri:string:required", "--field=pages:int")
    assert "class UserManual(ChildModel)" in (app / "models.py").read_text()
    assert '"userManuals": UserManual' in (app / "declarations.py").read_text()
    assert 'item.parts("userManuals")' in (app / "feed.py").read_text()
    assert (app / "migrations" / "0002_usermanual.py").is_file()
    assert "### Parts: `userManuals`" in (app / "README.md").read_text()
    assert "Nothing to do" in wrote("generate", app).output
    wrote("validate", app, "--governance")


def test_an_artifact_without_properties_has_an_address(app):
    wrote("add-artifact", "Manual", app)
    artifacts = yaml.safe_load((app / "catalog.yaml").read_text())["spec"]["artifacts"]
    assert artifacts == [{"name": "Manual", "properties": [{"name": "uri", "type": "string"}]}]


@pytest.mark.parametrize(("name", "status"), [("manual", 2), ("Child", 2), ("Widget", 1), ("Colour", 0), ("Manual", 1)])
def test_an_artifact_whose_name_is_taken_or_impossible_is_refused(app, name, status):
    wrote("add-artifact", "Manual", app)
    before = files_in(app)
    assert gen("add-artifact", name, app).exit_code == status
    assert (files_in(app) == before) is (status != 0)


def test_an_artifact_does_not_overwrite_edited_models(app):
    (app / "models.py").write_text((app / "models.py").read_text() + "\n# mine\n")
    result = gen("add-artifact", "Manual", app)
    assert result.exit_code == 1
    assert (app / "models.py").read_text().endswith("# mine\n")
    assert "class Manual(ChildModel)" in result.output


# --- test data


def test_testdata_is_read_by_the_sources_file_beside_it(tmp_path):
    app = tmp_path / "widgets"
    wrote("init", "--name=widgets", *ALL_TYPES, "--output", app)
    wrote("gen-testdata", app)
    folder = app / "testdata"
    assert sorted(path.name for path in folder.iterdir()) == [
        "test-sources.yaml",
        "widget-sources.yaml",
        "widgets.yaml",
    ]
    parsed = parse_configuration((folder / "test-sources.yaml").read_bytes(), file="test-sources.yaml")
    whole = complete(parsed.configuration)
    assert [str(problem) for problem in (*parsed.problems, *whole.problems)] == []
    (source,) = whole.configuration.sections["widgets"].sources
    items = yaml.safe_load((folder / source.properties["yamlCatalogPath"]).read_text())["widgets"]
    assert len(items) == 3
    assert all(len(item) == 2 + len(ALL_TYPES) for item in items)


def test_edited_testdata_is_replaced_on_demand_only(app):
    wrote("gen-testdata", app)
    before = files_in(app)
    assert "Nothing to do" in wrote("gen-testdata", app).output
    (app / "testdata" / "widgets.yaml").write_text("widgets: []\n")
    result = gen("gen-testdata", app)
    assert result.exit_code == 1
    assert "testdata/widgets.yaml" in result.output
    wrote("gen-testdata", app, "--replace")
    assert files_in(app) == before


def test_a_dry_run_makes_no_testdata(app):
    assert "would write" in wrote("gen-testdata", app, "--dry-run").output
    assert not (app / "testdata").exists()
