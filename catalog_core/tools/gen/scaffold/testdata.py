"""Test data: items of a kind, and the sources files that read them."""

from catalog_core.tools.gen.scaffold.samples import sample_items
from catalog_core.tools.gen.scaffold.specification import CatalogSpecification
from catalog_core.tools.gen.scaffold.yamltext import yaml_text

FOLDER = "testdata"


def testdata_files(plugin: str, spec: CatalogSpecification) -> dict[str, str]:
    """Return the files, by path: the items, and both forms of a sources file.

    Args:
        plugin: the name of the plugin, which is its key in the configuration.
        spec: what the kind is made of.
    """
    items = sample_items(spec.kind, spec.properties, spec.parts)
    source = {
        "id": f"{plugin}-test",
        "name": f"{spec.title} test data",
        "type": "yaml",
        "enabled": True,
        "properties": {"yamlCatalogPath": f"./{spec.plural}.yaml"},
    }
    unified = {"apiVersion": "catalog/v1alpha1", "kind": "CatalogSources", "catalogs": {plugin: {"sources": [source]}}}
    return {
        f"{FOLDER}/{spec.plural}.yaml": yaml_text({spec.plural: items}),
        f"{FOLDER}/{spec.kind.lower()}-sources.yaml": yaml_text({"catalogs": [source]}),
        f"{FOLDER}/test-sources.yaml": yaml_text(unified),
    }
