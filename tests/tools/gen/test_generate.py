"""``catalog-gen generate``: what follows from catalog.yaml is brought in line, what an author has edited stays."""

import json

import pytest

from tests.tools.gen.scaffolding import files_in, gen, wrote

PROPERTY = "      - name: weight\n        type: number\n        description: In kilograms.\n"


@pytest.fixture
def app(tmp_path):
    folder = tmp_path / "widgets"
    wrote("init", "--name=widgets", "--field=colour:string:required", "--output", folder)
    return folder


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def add_property(app):
    edit(app / "catalog.yaml", "    properties:\n", f"    properties:\n{PROPERTY}")


def append(path, text):
    path.write_text(path.read_text() + text)


# --- what stays as it is


def test_nothing_is_written_where_nothing_has_changed(app):
    before = files_in(app)
    assert "Nothing to do" in wrote("generate", app).output
    assert files_in(app) == before


def test_a_second_run_changes_nothing(app):
    add_property(app)
    wrote("generate", app)
    before = files_in(app)
    assert "Nothing to do" in wrote("generate", app).output
    assert files_in(app) == before


@pytest.mark.parametrize("path", ["plugin.py", "plugin.yaml", "apps.py", "docs/testing.md", "data/widgets.yaml"])
def test_files_of_the_author_are_never_written(app, path):
    append(app / path, "# mine\n")
    mine = (app / path).read_text()
    add_property(app)
    wrote("generate", app)
    assert (app / path).read_text() == mine


def test_what_is_around_the_table_of_a_page_is_the_authors(app):
    append(app / "README.md", "\nMine.\n")
    add_property(app)
    wrote("generate", app)
    page = (app / "README.md").read_text()
    assert page.endswith("\nMine.\n")
    assert "| `weight` | number | In kilograms. |" in page


def test_a_page_whose_marks_were_removed_is_the_authors(app):
    (app / "README.md").write_text("# Widgets\n\nMine, with `colour`.\n")
    add_property(app)
    wrote("generate", app)
    assert (app / "README.md").read_text() == "# Widgets\n\nMine, with `colour`.\n"


def test_an_edited_file_stays_as_long_as_catalog_yaml_wants_nothing_else(app):
    append(app / "models.py", "\n# mine\n")
    before = files_in(app)
    wrote("generate", app)
    assert files_in(app) == before


# --- what is brought in line


def test_a_new_property_reaches_model_migration_declarations_and_pages(app):
    add_property(app)
    told = wrote("generate", app).output
    assert "weight = models.FloatField(" in (app / "models.py").read_text()
    assert 'Column("weight")' in (app / "declarations.py").read_text()
    assert "`weight`" in (app / "docs" / "schema-guide.md").read_text()
    assert "name='weight'" in (app / "migrations" / "0002_widget_weight.py").read_text()
    assert "manage.py migrate" in told


def test_a_property_that_is_gone_is_removed(app):
    edit(app / "catalog.yaml", "      - name: colour\n        type: string\n        required: true\n", "")
    edit(app / "catalog.yaml", "properties:", "properties: []")
    wrote("generate", app)
    assert "colour" not in (app / "models.py").read_text()
    assert "RemoveField" in (app / "migrations" / "0002_remove_widget_colour.py").read_text()


def test_a_file_that_is_gone_is_written_again(app):
    before = files_in(app)
    (app / "feed.py").unlink()
    wrote("generate", app)
    assert files_in(app) == before


def test_a_dry_run_tells_and_writes_nothing(app):
    add_property(app)
    before = files_in(app)
    told = wrote("generate", app, "--dry-run").output
    assert "would write" in told
    assert "0002_widget_weight.py" in told
    assert files_in(app) == before


def test_models_edited_by_hand_get_their_migration(app):
    edit(app / "models.py", "    colour", "    extra = models.TextField(blank=True)\n    colour")
    wrote("generate", app)
    assert "name='extra'" in (app / "migrations" / "0002_widget_extra.py").read_text()


# --- conflicts


@pytest.fixture
def conflict(app):
    append(app / "models.py", "\n# mine\n")
    add_property(app)
    return app


def test_a_conflict_is_shown_and_nothing_is_written(conflict):
    before = files_in(conflict)
    result = gen("generate", conflict)
    assert result.exit_code == 1
    assert "+    weight = models.FloatField(" in result.output
    assert "-# mine" in result.output
    assert "--keep models.py" in result.output
    assert files_in(conflict) == before


def test_a_conflict_resolved_by_hand_is_kept(conflict):
    edit(conflict / "models.py", "    colour", "    weight = models.FloatField(null=True, blank=True)\n    colour")
    wrote("generate", conflict, "--keep", "models.py")
    assert (conflict / "models.py").read_text().endswith("# mine\n")
    assert (conflict / "migrations" / "0002_widget_weight.py").is_file()
    assert "Nothing to do" in wrote("generate", conflict).output


def test_edits_can_be_given_up(conflict):
    wrote("generate", conflict, "--replace", "models.py")
    assert "# mine" not in (conflict / "models.py").read_text()
    assert "Nothing to do" in wrote("generate", conflict).output


def test_a_conflict_in_a_page_does_not_hold_up_the_code(app):
    edit(app / "README.md", "| Required. |", "| Mine. |")
    add_property(app)
    result = gen("generate", app)
    assert result.exit_code == 1
    assert "README.md#fields was edited" in result.output
    assert "| Mine. |" in (app / "README.md").read_text()
    assert "weight" in (app / "models.py").read_text()


def test_without_a_manifest_every_file_counts_as_edited(app):
    (app / ".catalog-gen.json").unlink()
    assert "Nothing to do" in wrote("generate", app).output
    (app / ".catalog-gen.json").unlink()
    add_property(app)
    assert gen("generate", app).exit_code == 1


# --- what is refused


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"format": 99, "files": {}}), '{"format": 1, "files": 1}'])
def test_a_manifest_that_cannot_be_understood_is_a_finding(app, text):
    (app / ".catalog-gen.json").write_text(text)
    result = gen("generate", app)
    assert result.exit_code == 1
    assert ".catalog-gen.json" in result.output


def test_a_catalog_yaml_that_breaks_its_rules_is_told_with_the_line(app):
    edit(app / "catalog.yaml", "type: string", "type: strnig")
    result = gen("generate", app)
    assert result.exit_code == 1
    assert "catalog.yaml:16:" in result.output
    assert 'Did you mean "string"?' in result.output


@pytest.mark.parametrize("name", ["class", "save", "a_b", "file"])
def test_a_property_that_no_column_can_have_is_a_finding(app, name):
    edit(app / "catalog.yaml", "name: colour", f"name: {name}")
    before = files_in(app)
    result = gen("generate", app)
    assert result.exit_code == 1
    assert name in result.output
    assert files_in(app) == before


def test_models_that_cannot_be_imported_are_a_finding_without_a_traceback(app):
    append(app / "models.py", "\nraise RuntimeError('no good')\n")
    result = gen("generate", app)
    assert result.exit_code == 1
    assert "no good" in result.output
    assert "Traceback" not in result.output


def test_a_column_that_needs_a_decision_is_left_to_django(app):
    edit(app / "models.py", "    colour", "    count = models.IntegerField()\n    colour")
    result = gen("generate", app)
    assert result.exit_code == 1
    assert "makemigrations" in result.output


def test_a_folder_without_catalog_yaml_is_a_finding(tmp_path):
    result = gen("generate", tmp_path)
    assert result.exit_code == 1
    assert "catalog.yaml" in result.output


def test_an_unknown_file_to_keep_is_a_usage_error(app):
    result = gen("generate", app, "--keep", "plugin.py")
    assert result.exit_code == 2
    assert "models.py" in result.output
