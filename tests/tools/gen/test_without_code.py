"""A plugin of two files alone: what the commands make of it, and what they say where there is nothing to make."""

import shutil

import pytest

from tests.tools.gen.scaffolding import PROJECT, files_in, gen, wrote

EXAMPLE = PROJECT / "tests" / "core" / "plugins" / "declared" / "example" / "recipes"


@pytest.fixture
def recipes(tmp_path):
    return shutil.copytree(EXAMPLE, tmp_path / "recipes")


def test_it_needs_neither_tests_nor_pages_to_be_valid(recipes):
    assert "3 checks passed, 0 failed" in wrote("validate", recipes).output


def test_governance_asks_for_all_seven_things_all_the_same(recipes):
    assert "5 checks passed, 2 failed" in gen("validate", "--governance", recipes).output


def test_a_base_path_that_the_server_would_refuse_is_found(recipes, change):
    change(recipes / "catalog.yaml", "  providers:", "  api: {basePath: /recipes}\n  providers:")
    result = gen("validate", recipes)
    assert result.exit_code == 1
    assert "spec.api.basePath: The base path of a plugin without code has another form." in result.output


def test_generate_says_that_there_is_nothing_to_write_and_what_makes_an_app(recipes):
    before = files_in(recipes)
    result = gen("generate", recipes)
    assert result.exit_code == 1
    assert f"catalog-gen init --from {recipes}/catalog.yaml" in result.output
    assert files_in(recipes) == before


def test_an_artifact_is_noted_and_nothing_else_is_written(recipes):
    wrote("add-artifact", "UserManual", recipes)
    assert "name: UserManual" in (recipes / "catalog.yaml").read_text()
    assert sorted(files_in(recipes)) == ["catalog.yaml", "plugin.yaml"]
    assert "0 failed" in wrote("validate", recipes).output


def test_sample_data_is_made_for_it(recipes):
    wrote("gen-testdata", recipes)
    assert "cuisine:" in (recipes / "testdata" / "recipes.yaml").read_text()
