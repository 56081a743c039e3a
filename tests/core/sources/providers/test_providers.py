"""What holds for every provider, and that the reference page tells the truth."""

import re
from pathlib import Path

import pytest

from catalog_core.sources.providers import provider_for, provider_types
from catalog_core.sources.providers.base import Provider

PROVIDERS = [provider_for(name) for name in provider_types()]
PAGE = (Path(__file__).parents[4] / "docs" / "providers.md").read_text(encoding="utf-8")


def each_provider():
    return pytest.mark.parametrize("provider", PROVIDERS, ids=lambda provider: provider.type)


def table(provider: Provider) -> list[list[str]]:
    """Return the cells of the table of properties in the section about a provider."""
    section = re.search(rf"^## `{provider.type}`.*?\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert section, f"docs/providers.md has no section about {provider.type}"
    rows = re.findall(r"^\| (`.*) \|$", section[1], re.MULTILINE)
    return [[cell.strip() for cell in row.split(" | ")] for row in rows]


def default_text(value):
    if value is None or value == ():
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def test_an_unknown_type_has_no_provider():
    assert provider_for("carrier-pigeon") is None
    assert provider_for("YAML") is None


def test_the_types_of_the_contract_are_there():
    assert {"yaml", "http", "git"} <= set(provider_types())
    assert [provider.type for provider in PROVIDERS] == list(provider_types())


@each_provider()
def test_no_two_properties_answer_to_the_same_name(provider):
    names = [name for declared in provider.properties for name in (declared.name, *declared.aliases)]
    assert len(names) == len(set(names))


@each_provider()
def test_credentials_have_no_default(provider):
    assert all(declared.default is None for declared in provider.properties if declared.secret)


@each_provider()
def test_the_reference_page_lists_the_declared_properties(provider):
    if not re.search(rf"^## `{provider.type}`", PAGE, re.MULTILINE):
        pytest.skip("described on a page of its own")
    expected = [
        [
            f"`{declared.name}`" + "".join(f", `{alias}`" for alias in declared.aliases),
            declared.type,
            "yes" if declared.required else "",
            default_text(declared.default),
            "yes" if declared.secret else "",
            declared.description,
        ]
        for declared in provider.properties
    ]
    assert table(provider) == expected
