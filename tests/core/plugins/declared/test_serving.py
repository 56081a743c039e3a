"""Two files in a watched folder are a catalog like any other."""

import json
from urllib.parse import quote

from catalog_core.api.openapi import plugin_document, server_document
from tests.core.plugins.declared.conftest import BASE, LIST


def test_two_files_are_a_working_catalog_after_one_reconcile(recipes):
    assert recipes.names(LIST) == ["a/b ü & c", "bread", "Soup", "Steak"]
    soup = recipes.get(f"{LIST}/Soup")
    assert {key: value for key, value in soup.items() if key != "id"} == {
        "name": "Soup",
        "description": "Hot and wet.",
        "cuisine": "French",
        "difficulty": "easy",
        "minutes": 45,
        "rating": 3.5,
        "vegetarian": True,
        "firstCooked": "2024-03-01T12:00:00.000001+00:00",
        "ingredients": ["leek", "potato"],
        "steps": [{"do": "cut"}, {"do": "cook", "minutes": 30}],
        "nutrition": {"kcal": 180, "of": {"fat": 7}},
        "sourceId": "first",
    }
    assert recipes.get(f"{LIST}/{quote('a/b ü & c', safe='')}")["cuisine"] == "Other"
    assert recipes.get(f"{LIST}/nosuch", status=404)["message"] == 'recipe "nosuch" not found.'


def test_every_property_can_be_filtered_by(recipes):
    cases = {
        "cuisine = 'French'": ["Soup", "Steak"],
        "cuisine != 'French' AND minutes > 0": ["bread"],
        "cuisine LIKE 'Ger%'": ["bread"],
        "difficulty IS NULL": ["a/b ü & c", "Steak"],
        "minutes = 9007199254740993": ["bread"],
        "minutes IN (45, 9007199254740992)": ["Soup", "Steak"],
        "minutes < 45.5": ["Soup"],
        "rating >= 3.5": ["bread", "Soup"],
        "vegetarian = true": ["bread", "Soup"],
        "NOT vegetarian = true": ["a/b ü & c", "Steak"],
        "firstCooked < '2000-01-01'": ["bread"],
        "firstCooked = '2024-03-01T12:00:00.000001Z'": ["Soup"],
        "firstCooked = 1709294400000": ["Soup"],
        "firstCooked IS NULL": ["a/b ü & c", "Steak"],
        "ingredients = 'leek'": ["Soup"],
        "ingredients ILIKE 'w%'": ["bread"],
        "nutrition.kcal > 200": ["bread"],
        "nutrition.of.fat = 7": ["Soup"],
        "nutrition IS NOT NULL": ["bread", "Soup"],
        "customProperties.cut = 'rump'": ["Steak"],
        "externalId = 'steak-1'": ["Steak"],
        "sourceId = 'first' AND name = 'Soup'": ["Soup"],
        "photos.width > 1000": ["bread"],
        "photos.width < 1000 AND photos.uri LIKE '%bread%'": [],
    }
    assert {query: recipes.names(LIST, filterQuery=query) for query in cases} == cases


def test_every_property_with_an_order_orders_page_by_page(recipes):
    cases = {  # those that have a value; the others come last in both directions
        "difficulty": ["Soup", "bread"],
        "minutes": ["Soup", "Steak", "bread"],
        "rating": ["Soup", "bread"],
        "firstCooked": ["bread", "Soup"],
        "photos.width": ["bread", "Soup"],
    }
    for order, expected in cases.items():
        whole = recipes.names(LIST, orderBy=order)
        paged, token = [], ""
        while len(paged) < len(whole):
            page = recipes.get(LIST, orderBy=order, pageSize=1, pageToken=token)
            paged += [item["name"] for item in page["items"]]
            token = page.get("nextPageToken", "")
        assert (order, paged, token) == (order, whole, "")
        assert (order, whole[: len(expected)]) == (order, expected)
        backwards = recipes.names(LIST, orderBy=order, sortOrder="DESC")
        assert set(backwards[: len(expected)]) == set(expected)


def test_what_cannot_be_asked_is_told(recipes):
    cases = {
        "cuisin = 'x'": 'there is no field "cuisin". Did you mean "cuisine"?',
        "minutes = 'x'": "minutes is a whole number",
        "firstCooked = 'soon'": "firstCooked is a date",
        "nutrition = 'x'": "nutrition is an object; compare one of its keys",
    }
    for query, told in cases.items():
        assert told in recipes.get(LIST, status=400, filterQuery=query)["message"]


def test_free_text_finds_texts_and_elements_of_lists(recipes):
    assert recipes.names(LIST, q="potato") == ["Soup"]
    assert recipes.names(LIST, q="french hot") == ["Soup"]


def test_named_queries_know_the_smallest_and_largest_value(recipes):
    text = json.loads(recipes.sandbox.sources_file.read_text())
    text["catalogs"]["recipes"]["namedQueries"] = {"best": {"rating": {"operator": ">=", "value": "max"}}}
    recipes.sandbox.configure(json.dumps(text))
    recipes.settle()
    assert recipes.names(LIST, namedQuery="best") == ["bread"]


def test_a_bad_item_is_set_aside_with_its_place(kitchen):
    kitchen.drop()
    items = "recipes:\n- name: A\n  cuisine: x\n- name: B\n- name: C\n  minutes: soon\n"
    kitchen.sandbox.serve("recipes", {"first": items})
    problems = kitchen.sandbox.problems("first")
    assert kitchen.names(LIST) == ["A"]
    assert [(one["rule"], one.get("line")) for one in problems] == [("missing-property", 4), ("wrong-type", 6)]


def test_discovery_describes_it(recipes):
    entry = recipes.entry()
    assert entry["healthy"] is True
    assert entry["basePath"] == BASE
    assert entry["entityKinds"] == ["Recipe"]
    assert entry["metadata"]["owners"] == [{"team": "kitchen", "contact": "kitchen@example.org"}]
    kind = recipes.get("/api/plugins/recipes/capabilities")["entities"][0]
    assert kind["description"] == "How one dish is made."
    types = {column["name"]: column["type"] for column in kind["fields"]["columns"]}
    assert types["minutes"] == "integer"
    assert types["firstCooked"] == "date"
    filters = {one["name"]: one for one in kind["fields"]["filterFields"]}
    assert filters["difficulty"]["options"] == ["easy", "hard"]


def test_the_openapi_documents_have_it(recipes):
    recipes.get(LIST)
    whole = server_document()
    assert f"{BASE}/recipes/{{name}}" in whole["paths"]
    assert whole["components"]["schemas"]["Recipe"]["properties"]["firstCooked"]["format"] == "date-time"
    own = recipes.get(f"{BASE}/openapi")
    assert own == json.loads(json.dumps(plugin_document("recipes")))
    assert f"{BASE}/management/sources" in own["paths"]


def test_its_sources_are_managed_like_any_others(recipes, admin_client):
    source = recipes.get(f"{BASE}/management/sources")["sources"][0]
    assert (source["id"], source["status"]["entityCount"]) == ("first", 4)
    enable = f"{BASE}/management/sources/first/enable"
    answer = admin_client.post(enable, {"enabled": False}, content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert recipes.names(LIST) == []


def test_administrators_see_its_entities_and_what_its_files_say(recipes, admin_client):
    page = admin_client.get("/admin/catalog_core/declaredentity/?catalog=recipes").content.decode()
    assert "Soup" in page
    assert (
        "How dishes are made." in admin_client.get("/admin/catalog_core/pluginstate/recipes/change/").content.decode()
    )


def test_two_kinds_in_one_table_never_mix(recipes):
    other = recipes.drop("drinks")
    for file in ("plugin.yaml", "catalog.yaml"):
        text = (other / file).read_text().replace("recipes", "drinks").replace("Recipe", "Drink")
        (other / file).write_text(text)
    text = json.loads(recipes.sandbox.sources_file.read_text())
    drinks = [{"name": "Tea", "cuisine": "x", "rating": 9}, {"name": "Soup", "cuisine": "y"}]
    recipes.sandbox.write("drinks.json", json.dumps({"drinks": drinks}))
    text["catalogs"]["drinks"] = {
        "sources": [{"id": "bar", "name": "b", "type": "yaml", "properties": {"yamlCatalogPath": "drinks.json"}}],
        "namedQueries": {"best": {"rating": {"operator": ">=", "value": "max"}}},
    }
    text["catalogs"]["recipes"]["namedQueries"] = {"best": {"rating": {"operator": ">=", "value": "max"}}}
    recipes.sandbox.configure(json.dumps(text))
    recipes.settle()
    assert recipes.names("/api/drinks_catalog/v1alpha1/drinks") == ["Soup", "Tea"]
    assert recipes.names(LIST) == ["a/b ü & c", "bread", "Soup", "Steak"]
    assert recipes.get("/api/drinks_catalog/v1alpha1/drinks/Soup")["cuisine"] == "y"
    assert recipes.names(LIST, namedQuery="best") == ["bread"]
