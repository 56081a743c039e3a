"""The ``plugin.yaml`` that belongs to the code of a plugin."""

import sys
from importlib import import_module
from pathlib import Path

from catalog_core.exceptions import InvalidDocument, PluginDefinitionError
from catalog_core.plugins.contract import Plugin
from catalog_core.plugins.metadata.plugin_yaml import PLUGIN_FILE, PluginMetadata, parse_plugin_yaml


def metadata_of(plugin: Plugin) -> PluginMetadata | None:
    """Return what the ``plugin.yaml`` beside the plugin's code says; nothing if there is no such file.

    Raises:
        PluginDefinitionError: the file is there but cannot be read or understood; every problem has its line.
    """
    folder = folder_of(plugin)
    if folder is None:
        return None
    try:
        return parse_plugin_yaml((folder / PLUGIN_FILE).read_bytes()).value
    except OSError as error:
        raise PluginDefinitionError([f"{PLUGIN_FILE} cannot be read: {error.strerror}"]) from error
    except InvalidDocument as error:
        raise PluginDefinitionError(str(problem) for problem in error.problems) from error


def folder_of(plugin: Plugin) -> Path | None:
    """Return the folder of the package around the plugin's code that holds a ``plugin.yaml``; nothing if none does."""
    package = import_module(type(plugin).__module__).__package__ or ""
    while package:
        file = sys.modules[package].__file__
        if file and (Path(file).parent / PLUGIN_FILE).exists():
            return Path(file).parent
        package = package.rpartition(".")[0]
    return None
