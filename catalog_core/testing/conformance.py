"""The contract of a catalog as a test class: everything that clients may rely on, asked over HTTP.

The bundled sample data of the plugin is loaded by a real refresh; it should hold at least two entities.
"""
# ruff: noqa: S101 - the assertions are what this module is for

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import quote

import pytest
from django.test import Client

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.plugins.contract import base_path
from catalog_core.plugins.registry import PluginRegistry
from catalog_core.sources.models import Source
from catalog_core.testing.expectations import expectations, order_key, value_at
from catalog_core.testing.sample import catalog_plugin, sample_files, serve_samples

_COLUMN_KEYS = frozenset({"name", "displayName", "path", "type"})
_EVERYTHING = "1000"


class PluginConformance:
    """What every catalog has to do. Subclass it and say which plugin is meant.

    Attributes:
        plugin_name: the name of the plugin.
    """

    plugin_name: ClassVar[str]
    plugin: CatalogPlugin
    client: Client

    @pytest.fixture(autouse=True)
    def _served(self, db: None, client: Client) -> None:
        self.plugin = catalog_plugin(self.plugin_name)
        self.client = client
        serve_samples(self.plugin)

    # --- the plugin itself

    def test_it_passes_the_registration(self) -> None:
        """A fresh registry takes the plugin in, so its declarations and its plugin.yaml are in order."""
        PluginRegistry().register(self.plugin)

    def test_its_sample_data_is_taken_over_without_reservations(self) -> None:
        """No item of the sample data is set aside or remarked on."""
        assert sample_files(self.plugin), "the plugin brings no data/*.yaml along"
        sources = Source.objects.filter(plugin=self.plugin_name)
        remarks = [str(row) for source in sources for row in source.set_aside.all()]
        assert remarks == []

    def test_a_second_refresh_changes_nothing(self) -> None:
        """Reading the same again writes nothing."""
        assert [outcome.changed for outcome in serve_samples(self.plugin)] == [False] * len(sample_files(self.plugin))

    # --- the capabilities document

    def test_capabilities_say_what_the_plugin_is(self) -> None:
        """The document has its version, and tells plugin and kind by all their names."""
        document = self._capabilities()
        assert document["schemaVersion"] == "v1"
        assert [key for key in ("name", "version", "description") if not document["plugin"].get(key)] == []
        assert document["plugin"]["name"] == self.plugin_name
        assert document["entities"]
        for entity in document["entities"]:
            assert [key for key in ("kind", "plural", "displayName") if not entity.get(key)] == []

    def test_capabilities_lead_to_the_lists(self) -> None:
        """The paths lie below the base path, which begins with /api/; that of one entity has a place for its name."""
        base = base_path(self.plugin)
        assert base.startswith("/api/")
        endpoints = self._entity()["endpoints"]
        assert endpoints["list"].startswith(f"{base}/")
        assert endpoints["get"].startswith(f"{base}/")
        assert "{name}" in endpoints["get"]

    def test_capabilities_describe_columns_filters_and_details(self) -> None:
        """There is a column at least, each with name, label, path and type; filters and details have names."""
        fields = self._entity()["fields"]
        assert fields["columns"]
        assert [column for column in fields["columns"] if not all(column.get(key) for key in _COLUMN_KEYS)] == []
        for part in ("filterFields", "detailFields"):
            assert [
                field for field in fields.get(part, ()) if not (field.get("name") and field.get("displayName"))
            ] == []

    def test_actions_are_defined_and_those_of_an_entity_are_among_them(self) -> None:
        """Every action has an id, a label, a description and a scope, and no entity names one that is not defined."""
        document = self._capabilities()
        actions = document.get("actions", [])
        wanted = ("id", "displayName", "description", "scope")
        assert [action for action in actions if not all(action.get(key) for key in wanted)] == []
        named = {name for entity in document["entities"] for name in entity.get("actions", ())}
        assert named <= {action["id"] for action in actions}

    def test_discovery_shows_the_same_capabilities(self) -> None:
        """The document inside /api/plugins is that of the plugin's own endpoint."""
        entries = {entry["name"]: entry for entry in self._get("/api/plugins")["plugins"]}
        entry = entries[self.plugin_name]
        assert entry["healthy"] is True
        assert entry["basePath"] == base_path(self.plugin)
        assert entry["capabilitiesV2"] == self._capabilities()

    # --- the list

    def test_the_list_has_items_and_sizes(self) -> None:
        """items is an array, size and totalSize are numbers, and every item has a name."""
        answer = self._get(self._list_path())
        assert isinstance(answer["items"], list)
        assert type(answer["size"]) is int
        assert type(answer["totalSize"]) is int
        assert answer["items"]
        assert all(item["name"] for item in answer["items"])
        assert answer["totalSize"] == len(self._all_items())

    @pytest.mark.parametrize("page_size", [1, 2, 3])
    def test_paging_meets_every_item_exactly_once(self, page_size: int) -> None:
        """Following the tokens gives the whole list in its order, whatever the size of the pages."""
        ids = [item["id"] for page in self._pages(page_size) for item in page]
        assert ids == [item["id"] for item in self._all_items()]

    def test_a_page_token_of_nobody_is_refused(self) -> None:
        """A token that was not given out is 400, not the first page."""
        self._assert_refused(self._list_path(), {"pageToken": "bm8gc3VjaCB0b2tlbg"}, 400)

    def test_a_filter_that_nothing_matches_gives_an_empty_list(self) -> None:
        """No match is an empty array with sizes of nought, not null and not an error."""
        answer = self._get(self._list_path(), {"filterQuery": "name = 'no entity is called so'"})
        assert (answer["items"], answer["size"], answer["totalSize"]) == ([], 0, 0)

    @pytest.mark.parametrize("query", ["name = ", "name LIKE", "(name = 'a'", "no_such_field = 1", "name ~ 'a'"])
    def test_a_filter_that_cannot_be_understood_is_refused(self, query: str) -> None:
        """A syntax error or an unknown field is 400, never everything."""
        self._assert_refused(self._list_path(), {"filterQuery": query}, 400)

    def test_every_declared_filter_filters(self) -> None:
        """Each filter finds, for each operator and each value that occurs, exactly the items that it should."""
        items = self._all_items()
        wrong = [
            expectation.query
            for filter_ in self.plugin.filters
            for expectation in expectations(filter_, items)
            if not expectation.is_met_by(self._all_items(filterQuery=expectation.query))
        ]
        assert wrong == []

    def test_every_option_of_a_filter_is_accepted(self) -> None:
        """Filtering by an option is possible even where nothing has that value."""
        for field in self._entity()["fields"].get("filterFields", ()):
            for option in field.get("options", ()):
                self._get(self._list_path(), {"filterQuery": f"{field['name']} = '{option}'"})

    @pytest.mark.parametrize("direction", ["ASC", "DESC"])
    def test_every_sortable_column_orders(self, direction: str) -> None:
        """Values stand in their order; items without a value come last, and none is lost."""
        ids = {item["id"] for item in self._all_items()}
        for column in self._entity()["fields"]["columns"]:
            if column.get("sortable"):
                items = self._all_items(orderBy=column["name"], sortOrder=direction)
                assert {item["id"] for item in items} == ids, column["name"]
                self._assert_ordered([value_at(item, column["path"]) for item in items], direction, column["name"])

    # --- one entity

    def test_the_first_item_is_found_by_its_name(self) -> None:
        """The look-up gives the very document that the list shows, with slashes in the name as they are or encoded."""
        item = self._all_items()[0]
        for safe in ("", "/"):
            assert self._get(self._entity_path(item, safe=safe)) == item

    def test_an_unknown_name_is_not_found(self) -> None:
        """404, and JSON that says so."""
        item = {**self._all_items()[0], "name": "no entity is called so"}
        self._assert_refused(self._entity_path(item), {}, 404)

    # --- asking and checking

    def _get(self, path: str, parameters: Mapping[str, str] | None = None) -> dict[str, Any]:
        response = self.client.get(path, parameters or {})
        assert response.status_code == 200, f"{path} {parameters}: {response.status_code} {response.content!r}"
        assert response["Content-Type"].startswith("application/json")
        document: dict[str, Any] = response.json()
        return document

    def _capabilities(self) -> dict[str, Any]:
        return self._get(f"/api/plugins/{self.plugin_name}/capabilities")

    def _entity(self) -> dict[str, Any]:
        entity: dict[str, Any] = self._capabilities()["entities"][0]
        return entity

    def _list_path(self) -> str:
        return f"{base_path(self.plugin)}/{self.plugin.plural}"

    def _entity_path(self, item: Mapping[str, Any], *, safe: str = "") -> str:
        path: str = self._entity()["endpoints"]["get"]
        source_id = quote(str(item.get(self.plugin.source_id_name, "")), safe="")
        return path.replace("{source_id}", source_id).replace("{name}", quote(item["name"], safe=safe))

    def _all_items(self, **parameters: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self._get(self._list_path(), {"pageSize": _EVERYTHING, **parameters})["items"]
        return items

    def _pages(self, page_size: int) -> Iterator[list[dict[str, Any]]]:
        parameters = {"pageSize": str(page_size)}
        most = len(self._all_items()) + 1
        for _ in range(most):
            answer = self._get(self._list_path(), parameters)
            assert len(answer["items"]) <= page_size
            yield answer["items"]
            if not answer.get("nextPageToken"):
                return
            parameters["pageToken"] = answer["nextPageToken"]
        raise AssertionError(f"the list does not end after {most} pages")

    def _assert_refused(self, path: str, parameters: Mapping[str, str], status: int) -> None:
        response = self.client.get(path, parameters)
        assert response.status_code == status, f"{path} {parameters}: {response.status_code}"
        assert response["Content-Type"].startswith("application/json")
        body = response.json()
        assert body["error"]
        assert body["message"]

    def _assert_ordered(self, values: Sequence[Any], direction: str, column: str) -> None:
        present = [value for value in values if value is not None]
        assert values[: len(present)] == present, f"{column}: an item without a value stands before one with a value"
        keys = [order_key(value) for value in present]
        assert keys == sorted(keys, reverse=direction == "DESC"), column
