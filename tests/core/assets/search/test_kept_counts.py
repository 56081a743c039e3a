"""The kept counts and the index are those of the assets, whatever happened to them before."""

import json
from collections import Counter

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_core.entities.envelope import Asset
from catalog_core.entities.search_index.facets import facet_values
from catalog_core.entities.search_index.models import FacetCount
from tests.core.assets.conftest import configuration, source

SKILLS = st.lists(
    st.fixed_dictionaries(
        {"name": st.sampled_from(["alpha", "beta", "gamma-ray", "Delta Four"])},
        optional={
            "license": st.sampled_from(["MIT", "X11", "x" * 300]),
            "description": st.sampled_from(["one", "two"]),
        },
    ),
    max_size=4,
    unique_by=lambda skill: skill["name"],
)
HISTORY = st.lists(st.tuples(SKILLS, st.sampled_from(["there", "disabled", "removed"])), min_size=1, max_size=4)


def indexed():
    with connection.cursor() as cursor:
        key = "asset_id" if connection.vendor == "postgresql" else "rowid"
        cursor.execute(f"SELECT {key} FROM catalog_core_assetwords ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(HISTORY)
def test_counts_and_index_equal_those_made_from_scratch_after_any_history(sandbox, history):
    for skills, state in history:
        sandbox.write("skills.yaml", json.dumps({"skills": skills}))
        there = [source("skills", enabled=state != "disabled")] if state != "removed" else []
        sandbox.configure(configuration(skills=there))
        sandbox.settle(starting=True)
        expected = Counter((asset.source_id, *pair) for asset in Asset.objects.all() for pair in facet_values(asset))
        kept = {(row.source_id, row.field, row.value): row.count for row in FacetCount.objects.all()}
        assert kept == dict(expected)
        assert indexed() == sorted(Asset.objects.values_list("pk", flat=True))


@pytest.mark.django_db(transaction=True)
def test_an_emptied_database_has_an_empty_index(sandbox):
    sandbox.serve("skills", {"skills": json.dumps({"skills": [{"name": "alpha"}]})})
    assert len(indexed()) == 1
    call_command("flush", interactive=False, verbosity=0)
    assert indexed() == []
