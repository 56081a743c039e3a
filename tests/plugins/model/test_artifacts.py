"""Artifacts of models in the database: they come and go with their model."""

import pytest
import yaml

from catalog_core.testing.sample import catalog_plugin, load_sample, serve_samples
from catalog_plugins.model.models import CatalogModel, ModelArtifact

pytestmark = pytest.mark.django_db


@pytest.fixture
def plugin():
    return catalog_plugin("model")


def write(path, *artifacts):
    path.write_text(yaml.safe_dump({"models": [{"name": "acme/a", "artifacts": list(artifacts)}]}))


def test_artifacts_keep_their_order_and_ids_over_refreshes(plugin, tmp_path):
    file = tmp_path / "models.yaml"
    write(file, {"uri": "s3://first"}, {"uri": "s3://second"})
    load_sample(plugin, "lab", file)
    before = list(ModelArtifact.objects.values_list("id", "uri"))
    write(file, {"uri": "s3://first"}, {"uri": "s3://second"}, {"uri": "s3://third"})
    load_sample(plugin, "lab", file)
    after = list(ModelArtifact.objects.values_list("id", "uri"))
    assert after[:2] == before
    assert [uri for _, uri in after] == ["s3://first", "s3://second", "s3://third"]


def test_artifacts_that_are_not_listed_any_more_go(plugin, tmp_path):
    file = tmp_path / "models.yaml"
    write(file, {"uri": "s3://first"}, {"uri": "s3://second"})
    load_sample(plugin, "lab", file)
    write(file)
    load_sample(plugin, "lab", file)
    assert CatalogModel.objects.count() == 1
    assert ModelArtifact.objects.count() == 0


def test_a_bad_artifact_leaves_the_model_as_it_was(plugin, tmp_path):
    file = tmp_path / "models.yaml"
    write(file, {"uri": "s3://first"})
    load_sample(plugin, "lab", file)
    write(file, {"artifactType": "picture"})
    outcome = load_sample(plugin, "lab", file)
    assert outcome.set_aside == 1
    assert CatalogModel.objects.get().stale
    assert ModelArtifact.objects.get().uri == "s3://first"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("artifacts.ttft_p90.double_value < 10", {"validated/tern-embed-small"}),
        ("artifacts.uri LIKE '%curlew%'", {"brackwater/curlew-coder-13b", "validated/curlew-coder-13b"}),
        ("artifacts.name = 'onnx'", {"saltmarsh/tern-embed-small"}),
        ("task = 'text-to-sql' AND source_id = 'model-models'", {"brackwater/curlew-coder-13b"}),
    ],
)
def test_models_are_found_by_what_is_known_of_them(plugin, client, query, expected):
    serve_samples(plugin)
    answer = client.get("/api/model_catalog/v1alpha1/models", {"filterQuery": query}).json()
    assert {item["name"] for item in answer["items"]} == expected


def test_lists_always_have_the_four_keys_that_clients_expect(plugin, client):
    serve_samples(plugin)
    answer = client.get("/api/model_catalog/v1alpha1/models", {"pageSize": "2"}).json()
    assert {"items", "nextPageToken", "pageSize", "size"} <= answer.keys()
    assert (answer["size"], answer["pageSize"]) == (2, 2)
    last = client.get("/api/model_catalog/v1alpha1/models", {"pageSize": "100"}).json()
    assert last["nextPageToken"] == ""
