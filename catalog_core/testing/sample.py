"""Sample data of plugins in the test database, loaded the way the server loads it."""

import inspect
from collections.abc import Iterable
from pathlib import Path

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.refresh import RefreshOutcome, refresh_source
from catalog_core.plugins.lifecycle import bring_up
from catalog_core.plugins.registry import PluginRegistry, registry
from catalog_core.sources.models import Source


def catalog_plugin(name: str, plugins: PluginRegistry = registry) -> CatalogPlugin:
    """Return a registered plugin that is made of declarations.

    Raises:
        LookupError: there is none of that name; the text says which there are.
    """
    plugin = plugins.get(name)
    if not isinstance(plugin, CatalogPlugin):
        known = ", ".join(other.name for other in plugins)
        raise LookupError(f"no CatalogPlugin called {name!r} is registered; registered are {known or 'none'}")
    return plugin


def plugin_folder(plugin: CatalogPlugin) -> Path:
    """Return the folder that holds the plugin's code."""
    return Path(inspect.getfile(type(plugin))).parent


def sample_files(plugin: CatalogPlugin) -> list[Path]:
    """Return the data files that a plugin brings along, in the order of their names."""
    return sorted((plugin_folder(plugin) / "data").glob("*.yaml"))


def load_sample(plugin: CatalogPlugin, source_id: str, path: Path, *, labels: Iterable[str] = ()) -> RefreshOutcome:
    """Read a YAML data file into the database as a source of the plugin, by an ordinary refresh.

    Loading again what is there already refreshes the source once more.

    Args:
        plugin: the plugin.
        source_id: the id of the source.
        path: the file; the source is configured as if by a ``sources.yaml`` beside it.
        labels: the labels of the source.

    Raises:
        SourceError: the file could not be taken over.
    """
    source, _ = Source.objects.get_or_create(
        plugin=plugin.name,
        key=source_id,
        defaults={
            "name": source_id,
            "type": "yaml",
            "labels": list(labels),
            "properties": {"yamlCatalogPath": path.name},
            "origin": str(path.parent / "sources.yaml"),
            "position": Source.objects.filter(plugin=plugin.name).count(),
        },
    )
    return refresh_source(source, plugin)


def serve_samples(plugin: CatalogPlugin, files: Iterable[Path] | None = None) -> list[RefreshOutcome]:
    """Load data files, those that the plugin brings along if none are given, and let the plugin serve.

    Each file becomes a source called ``{plugin}-{file}``.
    """
    bring_up(registry, starting=False)
    chosen = sample_files(plugin) if files is None else files
    return [load_sample(plugin, f"{plugin.name}-{file.stem}", file) for file in chosen]
