"""Models are addressed by their source."""

import json


def test_source_and_name_may_hold_slashes(sandbox):
    entries = []
    for source, name in (("team", "acme/models/a"), ("team/lab", "acme/a")):
        file = source.replace("/", "-") + ".yaml"
        sandbox.write(file, json.dumps({"models": [{"name": name}]}))
        entries.append({"id": source, "name": source, "type": "yaml", "properties": {"yamlCatalogPath": file}})
    sandbox.configure(json.dumps({"catalogs": {"models": {"sources": entries}}}))
    sandbox.settle()
    base = "/api/model_catalog/v1alpha1"
    for source, name in (("team", "acme/models/a"), ("team/lab", "acme/a"), ("team%2Flab", "acme%2Fa")):
        found = sandbox.get(f"{base}/sources/{source}/models/{name}")
        assert (found["source_id"], found["name"]) == (source.replace("%2F", "/"), name.replace("%2F", "/"))
