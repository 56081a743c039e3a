"""Whatever is done to the configuration, in whatever order and by whom: store, database and history agree."""

import copy
import hashlib
import json

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_core.administration import changes
from catalog_core.exceptions import NotFound
from catalog_core.sources.documents import read_configuration
from catalog_core.sources.models import ConfigurationRevision, Source, StoredDocument
from catalog_core.sources.revisions import names_and_contents, revisions

CONFIGURATION = """\
# The sources of the lab.
catalogs:
  mcp:
    sources:
      # the first one
      - {id: a, name: A, type: yaml, properties: {yamlCatalogPath: ./a.yaml}}
      - id: b              # the second one
        name: "B"
        type: yaml
        enabled: no
        properties:
          yamlCatalogPath: './b.yaml'   # not there yet
    labels: []
"""
DEFAULTS = {"enabled": True, "labels": [], "properties": {}, "includedItems": [], "excludedItems": []}
IDS = st.sampled_from("abcd")
NAMES = st.sampled_from(["A", "two words", "no", "007", "ünï: #1", "it's"])
PATHS = st.sampled_from(["./x.yaml", "y.yaml", "it's # here.yaml"]).map(lambda path: {"yamlCatalogPath": path})
FIELDS = {
    "name": NAMES,
    "enabled": st.booleans(),
    "labels": st.lists(NAMES, max_size=2, unique=True),
    "includedItems": st.lists(st.sampled_from(["a*", "*"]), max_size=2, unique=True),
}
STEPS = st.one_of(
    st.tuples(st.just("apply"), IDS, st.fixed_dictionaries({"properties": PATHS}, optional=FIELDS)),
    st.tuples(st.just("patch"), IDS, st.fixed_dictionaries({}, optional={**FIELDS, "properties": PATHS})),
    st.tuples(st.just("enable"), IDS, st.booleans()),
    st.tuples(st.just("delete"), IDS, st.none()),
    st.tuples(st.just("rollback"), st.integers(0, 5), st.none()),
    st.tuples(st.just("rollback_source"), IDS, st.integers(0, 5)),
    st.tuples(st.just("by_hand"), IDS, st.sampled_from(["comment", "remove", "rewrite"])),
    st.tuples(st.just("reconcile"), st.none(), st.none()),
)


class Laboratory:
    """A server, and what its configuration ought to be after every step."""

    def __init__(self, sandbox, mode):
        self.sandbox = sandbox
        self.mode = mode
        sandbox.configure(CONFIGURATION)
        sandbox.reconcile()
        self.model = {
            "a": self.entry("a", name="A", properties={"yamlCatalogPath": "./a.yaml"}),
            "b": self.entry("b", name="B", enabled=False, properties={"yamlCatalogPath": "./b.yaml"}),
        }
        self.history = {self.version(): copy.deepcopy(self.model)}

    @staticmethod
    def entry(source, **fields):
        return {**copy.deepcopy(DEFAULTS), "id": source, "name": source, "type": "yaml", **fields}

    def content(self):
        if self.mode == "database":
            return bytes(StoredDocument.objects.get().content)
        return self.sandbox.sources_file.read_bytes()

    def write_by_hand(self, content):
        if self.mode == "database":
            StoredDocument.objects.update(content=content)
        else:
            self.sandbox.sources_file.write_bytes(content)

    def version(self):
        return hashlib.sha256(self.content()).hexdigest()

    def step(self, kind, what, how):
        try:
            getattr(self, kind)(what, how)
        except NotFound:
            assert kind in ("rollback_source", "patch", "enable", "delete")
            assert what not in self.model
            self.reconcile(None, None)  # a refused change takes nothing over, not even what somebody else has written
        self.history.setdefault(self.version(), copy.deepcopy(self.model))

    def apply(self, source, fields):
        kept = self.model.get(source, DEFAULTS)
        changes.apply_source("mcp", {"id": source, "name": source, "type": "yaml", **fields}, actor="ada")
        self.model[source] = self.entry(source, **{"includedItems": kept["includedItems"], **fields})

    def patch(self, source, fields):
        changes.patch_source("mcp", source, fields, actor="ada")
        self.model[source].update(fields)

    def enable(self, source, enabled):
        changes.enable_source("mcp", source, enabled, actor="ada")
        self.model[source]["enabled"] = enabled

    def delete(self, source, _):
        changes.delete_source("mcp", source, actor="ada")
        del self.model[source]

    def rollback(self, number, _):
        known = revisions()
        version = known[number % len(known)].version
        changes.rollback(version[:16], actor="ada")
        self.model = copy.deepcopy(self.history[version])
        assert self.version() == version

    def rollback_source(self, source, number):
        known = revisions()
        version = known[number % len(known)].version
        earlier = self.history[version].get(source)
        changes.rollback_source("mcp", source, version, actor="ada")
        if earlier is None:
            self.model.pop(source, None)
        else:
            self.model[source] = copy.deepcopy(earlier)

    def by_hand(self, source, how):
        if how == "comment":
            self.write_by_hand(self.content() + f"# {source}\n".encode())
            return
        if how == "remove":
            self.model.pop(source, None)
        entries = [{key: one[key] for key in one if one[key] != DEFAULTS.get(key)} for one in self.model.values()]
        self.write_by_hand(json.dumps({"catalogs": {"mcp": {"sources": entries}}}, indent=2).encode())

    def reconcile(self, _, __):
        assert not self.sandbox.reconcile().error

    def check(self):
        configuration, problems = read_configuration(((self.sandbox.sources_file, self.content()),), max_bytes=10**6)
        assert not [problem for problem in problems if problem.severity == "error"]
        specs = [spec.as_dict() for spec in configuration.sections["mcp"].sources]
        assert {spec["id"]: spec for spec in specs} == self.model
        rows = [
            {
                "id": row.key,
                "name": row.name,
                "type": row.type,
                "enabled": row.enabled,
                "labels": row.labels,
                "properties": row.properties,
                "includedItems": row.included_items,
                "excludedItems": row.excluded_items,
            }
            for row in Source.objects.configured().filter(plugin="mcp")
        ]
        assert rows == specs
        newest = ConfigurationRevision.objects.first()
        assert changes.current_version() == self.version() == newest.version
        assert names_and_contents(newest) == [("sources.yaml", self.content())]


@pytest.mark.parametrize("mode", ["file", "database"])
def test_any_sequence_of_changes_leaves_file_database_and_history_in_agreement(sandbox, settings, mode):
    settings.CATALOG = {**settings.CATALOG, "config_store_mode": mode}

    @_hypothesis
    @given(st.lists(STEPS, min_size=1, max_size=8))
    def run(steps):
        with transaction.atomic():
            laboratory = Laboratory(sandbox, mode)
            laboratory.check()
            for kind, what, how in steps:
                laboratory.step(kind, what, how)
                if kind != "by_hand":
                    laboratory.check()
            laboratory.reconcile(None, None)
            laboratory.check()
            transaction.set_rollback(True)

    run()


_hypothesis = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
