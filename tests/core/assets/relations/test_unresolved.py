"""References that name nothing, in the diagnostics of the source that holds them and in the admin."""

import pytest

from catalog_core.assets.unresolved import MAX_UNRESOLVED
from tests.core.assets.relations.test_relations import agent, skill


def test_diagnostics_list_what_is_named_in_vain_until_it_is_there(world):
    team = ("agents", "team", [agent("scout", skills=["look", "tools/hear", {"name": "hear", "source": "ears"}])])
    other = ("agents", "other", [agent("fine")])
    world.serve(team, other)
    found = world.diagnosis("agents", "team")
    assert found["unresolvedReferenceCount"] == 3
    assert found["unresolvedReferences"] == [
        {"item": "scout", "relation": "uses", "kind": "Skill", "name": "look"},
        {"item": "scout", "relation": "uses", "kind": "Skill", "name": "tools/hear"},
        {"item": "scout", "relation": "uses", "kind": "Skill", "name": "hear", "source": "ears"},
    ]
    assert "unresolvedReferences" not in world.diagnosis("agents", "other")
    world.serve(team, other, ("skills", "tools", [skill("look"), skill("hear")]))
    assert [one.get("source") for one in world.diagnosis("agents", "team")["unresolvedReferences"]] == ["ears"]
    world.serve(team, other, ("skills", "tools", [skill("look"), skill("hear")], False))
    assert world.diagnosis("agents", "team")["unresolvedReferenceCount"] == 3


def test_a_source_that_is_not_served_lacks_nothing(world):
    world.serve(("agents", "team", [agent("scout", skills=["look"])]))
    world.serve(("agents", "team", [agent("scout", skills=["look"])], False))
    assert "unresolvedReferenceCount" not in world.diagnosis("agents", "team")


def test_many_are_counted_and_the_first_of_each_source_are_listed(world):
    names = [f"s{number:03}" for number in range(MAX_UNRESOLVED + 7)]
    world.serve(("agents", "one", [agent("a", skills=names)]), ("agents", "two", [agent("b", skills=names[:3])]))
    one, two = world.diagnosis("agents", "one"), world.diagnosis("agents", "two")
    assert one["unresolvedReferenceCount"] == MAX_UNRESOLVED + 7
    assert [reference["name"] for reference in one["unresolvedReferences"]] == names[:MAX_UNRESOLVED]
    assert two["unresolvedReferenceCount"] == len(two["unresolvedReferences"]) == 3


@pytest.mark.usefixtures("db")
def test_the_page_of_a_source_in_the_admin_shows_them(world, admin_client):
    world.serve(("agents", "team", [agent("scout", skills=["look", {"name": "<hear>", "source": "ears"}])]))
    page = f"/admin/catalog_core/source/{world.sandbox.source('team').pk}/change/"
    text = admin_client.get(page).content.decode()
    assert "References that name nothing: 2" in text
    assert "&lt;hear&gt;" in text
    assert "of source ears" in text
    world.serve(("agents", "team", [agent("scout")]))
    assert "References that name nothing" not in admin_client.get(page).content.decode()
