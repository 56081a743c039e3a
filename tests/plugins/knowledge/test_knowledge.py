"""Knowledge sources: numbers are numbers, in filters and in orders."""

import pytest

from catalog_core.plugin import InvalidItem
from catalog_core.testing.sample import catalog_plugin, serve_samples
from catalog_core.testing.translation import translate

LIST = "/api/knowledge_catalog/v1alpha1/knowledgesources"


@pytest.fixture
def plugin():
    return catalog_plugin("knowledge")


@pytest.mark.parametrize("count", ["many", 1.5, -1e300, [3], True])
def test_a_number_of_documents_that_is_none_sets_the_source_aside(plugin, count):
    with pytest.raises(InvalidItem) as caught:
        translate(plugin, {"name": "a", "documentCount": count})
    assert caught.value.problem.path == "documentCount"


def test_a_number_in_quotes_is_a_number(plugin):
    assert translate(plugin, {"name": "a", "documentCount": "12"}).document["documentCount"] == 12


def test_nought_documents_are_shown(plugin):
    assert translate(plugin, {"name": "a", "documentCount": 0}).document["documentCount"] == 0


@pytest.mark.django_db
def test_numbers_order_by_value_and_not_by_their_digits(plugin, client):
    serve_samples(plugin)
    items = client.get(LIST, {"orderBy": "documentCount"}).json()["items"]
    assert [item["documentCount"] for item in items] == [78, 96, 412, 533, 1860, 7305, 284117]


@pytest.mark.django_db
def test_numbers_compare_by_value(plugin, client):
    serve_samples(plugin)
    answer = client.get(LIST, {"filterQuery": "documentCount >= 1000 AND vectorDimensions = 384"}).json()
    assert {item["name"] for item in answer["items"]} == {"incident-embeddings", "ticket-history-vectors"}
    assert answer["size"] == answer["totalSize"] == 2
