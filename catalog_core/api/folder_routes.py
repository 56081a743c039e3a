"""The routes of plugins that come from folders: Django reads its routes once, and these come and go."""

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.urls import URLPattern, URLResolver, re_path
from django.urls.resolvers import RegexPattern

from catalog_core.plugins.contract import Plugin, default_base_path
from catalog_core.plugins.discovery import PluginFailure
from catalog_core.plugins.lifecycle import folder_failures
from catalog_core.plugins.registry import PluginRegistry

Routes = list[URLResolver | URLPattern]


class FolderRoutes(URLResolver):
    """Routes that follow a registry. To be put last: a request that any other route answers never gets here.

    Args:
        plugins: the registry; who changes it is none of our business.
        routes_of: returns the routes of plugins.
        unavailable: returns the view for everything below the base path of a plugin that failed.
    """

    def __init__(
        self,
        plugins: PluginRegistry,
        routes_of: Callable[[Iterable[Plugin]], Routes],
        unavailable: Callable[[PluginFailure], Any],
    ) -> None:
        super().__init__(RegexPattern(""), [])
        self._plugins = plugins
        self._routes_of = routes_of
        self._unavailable = unavailable
        self._made: tuple[int, Routes] = (-1, [])
        self._by_plugin: dict[Plugin, Routes] = {}

    @property
    def url_patterns(self) -> Routes:
        """The routes as of now. Those of a plugin are made once, so that it keeps its views and their description."""
        revision = self._plugins.revision
        if self._made[0] != revision:
            present = [entry.plugin for entry in self._plugins.folder_plugins if entry.plugin]
            known = self._by_plugin
            self._by_plugin = {plugin: known.get(plugin) or self._routes_of([plugin]) for plugin in present}
            routes = [route for made in self._by_plugin.values() for route in made]
            self._made = (revision, [*routes, *self._failed()])
        return self._made[1]

    def _failed(self) -> Routes:
        return [
            re_path(rf"^{re.escape(default_base_path(failure.name)[1:])}(/.*)?$", self._unavailable(failure))
            for failure in folder_failures(self._plugins)
        ]
