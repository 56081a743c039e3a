"""The contract of a catalog as a test class: the checks of ``catalog-conformance``, carried out inside pytest.

The bundled sample data of the plugin is loaded by a real refresh; it should hold at least two entities. With
``pytest --catalog-server=URL`` (see :mod:`catalog_core.testing.plugin`) the same checks are made of a running server.
"""
# ruff: noqa: S101 - the assertions are what this module is for

from collections.abc import Iterator
from typing import ClassVar

import pytest

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.plugins.registry import PluginRegistry
from catalog_core.sources.models import Source
from catalog_core.testing.client import DjangoClient
from catalog_core.testing.plugin import remote_server
from catalog_core.testing.sample import catalog_plugin, sample_files, serve_samples
from catalog_core.tools.conformance.checks import Category, Check, Outcome
from catalog_core.tools.conformance.runner import check_catalog, masked
from catalog_core.tools.conformance.subjects import Catalog, Server
from catalog_core.tools.conformance.suite import CATALOG_CHECKS


def _id(check: Check[Catalog]) -> str:
    return f"{check.category.value}-{check.name}"


@pytest.mark.django_db
class PluginConformance:
    """What every catalog has to do. Subclass it and say which plugin is meant.

    Attributes:
        plugin_name: the name of the plugin.
    """

    plugin_name: ClassVar[str]

    @pytest.fixture
    def served(self, db: None) -> CatalogPlugin:
        """The plugin, serving its sample data."""
        plugin = catalog_plugin(self.plugin_name)
        serve_samples(plugin)
        return plugin

    @pytest.fixture
    def catalog(self, request: pytest.FixtureRequest, db: None) -> Iterator[Catalog]:
        """The catalog as clients see it: on a running server if one is named, else within the test."""
        with remote_server(request.config) as remote:
            if remote is None:
                request.getfixturevalue("served")
            server = remote or Server(DjangoClient())
            found = [one for one in server.catalogs() if one.name == self.plugin_name]
            assert found, f"the server has no plugin called {self.plugin_name}"
            yield found[0]

    @pytest.fixture(scope="class")
    @classmethod
    def known_outcomes(cls) -> dict[str, Outcome]:
        """What came of the checks so far. Those of a category are carried out together, as the data is loaded once."""
        return {}

    @pytest.mark.parametrize("check", CATALOG_CHECKS, ids=_id)
    def test_it_keeps_the_contract(
        self, check: Check[Catalog], known_outcomes: dict[str, Outcome], request: pytest.FixtureRequest
    ) -> None:
        """The checks of ``catalog-conformance`` find nothing wrong."""
        if check.name not in known_outcomes:
            known_outcomes |= _outcomes(request.getfixturevalue("catalog"), check.category)
        outcome = known_outcomes[check.name]
        if outcome.status == "skipped":
            pytest.skip(outcome.message)
        assert outcome.status == "passed", f"{outcome.title}\n{outcome.message}"

    def test_it_passes_the_registration(self) -> None:
        """A fresh registry takes the plugin in, so its declarations and its plugin.yaml are in order."""
        PluginRegistry().register(catalog_plugin(self.plugin_name))

    def test_its_sample_data_is_taken_over_without_reservations(self, served: CatalogPlugin) -> None:
        """No item of the sample data is set aside or remarked on."""
        assert sample_files(served), "the plugin brings no data/*.yaml along"
        sources = Source.objects.filter(plugin=self.plugin_name)
        remarks = [str(row) for source in sources for row in source.set_aside.all()]
        assert remarks == []

    def test_a_second_refresh_changes_nothing(self, served: CatalogPlugin) -> None:
        """Reading the same again writes nothing."""
        assert [outcome.changed for outcome in serve_samples(served)] == [False] * len(sample_files(served))


def _outcomes(catalog: Catalog, category: Category) -> dict[str, Outcome]:
    chosen = [check for check in CATALOG_CHECKS if check.category is category]
    return {check.name: masked(check_catalog(check, catalog), catalog.server) for check in chosen}
