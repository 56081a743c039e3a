"""``docs/configuration.md`` tells of every variable and option that there is, and of no other."""

import ast
import re
from pathlib import Path

import click
import pytest

from catalog_core.tools.server import main

PROJECT = Path(__file__).parents[2]
ROW = re.compile(r"^\| `(CATALOG_\w+)` \| (?:`(--[a-z-]+)[^|]*)?\| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def rows():
    """Variable, option, default and meaning of each row of the table."""
    text = (PROJECT / "docs" / "configuration.md").read_text()
    found = ROW.findall(text)
    assert len(found) == len(re.findall(r"^\| `", text, re.MULTILINE)), "every row has the same form"
    return found


def options() -> dict[str, str]:
    """Return the variable of each option of the command."""
    return {
        option.opts[0]: f"CATALOG_{option.name.upper()}"
        for option in main.params
        if isinstance(option, click.Option) and option.name != "version"
    }


def variables_of_the_settings() -> set[str]:
    tree = ast.parse((PROJECT / "catalog_project" / "settings.py").read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    names = [call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)]
    return {name for name in names if isinstance(name, str) and re.fullmatch(r"CATALOG_[A-Z_]+", name)}


def test_every_variable_has_one_row_and_every_row_a_variable(rows):
    documented = [variable for variable, *_ in rows]
    assert len(documented) == len(set(documented))
    assert set(documented) == variables_of_the_settings() | set(options().values())


def test_options_stand_beside_their_variables(rows):
    assert {option: variable for variable, option, *_ in rows if option} == options()


def test_defaults_of_numbers_and_options_are_those_of_the_code(rows):
    defaults = {variable: default.strip("` ") for variable, _, default, _ in rows}
    source = (PROJECT / "catalog_project" / "settings.py").read_text()
    for variable, expression in re.findall(r'_number\("(CATALOG_\w+)", ([0-9.* ]+)[,)]', source):
        factors = [float(factor) for factor in expression.split("*")]
        product = 1.0
        for factor in factors:
            product *= factor
        assert float(defaults[variable]) == product, variable
    for option in main.params:
        if option.name in ("listen", "data_dir"):
            assert defaults[f"CATALOG_{option.name.upper()}"] == option.default


def test_only_the_settings_read_variables_of_the_server():
    readers = [
        file.relative_to(PROJECT).as_posix()
        for package in ("catalog_core", "catalog_plugins", "catalog_project")
        for file in (PROJECT / package).rglob("*.py")
        if re.search(r"(environ|getenv)[^\n]*CATALOG_", file.read_text())
    ]
    # where the log goes has to be known before the settings are read
    assert set(readers) - {"catalog_project/settings.py"} <= {"catalog_core/tools/server/options.py"}
