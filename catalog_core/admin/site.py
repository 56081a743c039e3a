"""The admin site: what is worked with most comes first."""

from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest

_CORE, _ACCESS = "catalog_core", "auth"
_ORDER = (
    "Source",
    "RefreshJob",
    "SetAside",
    "ConfigurationState",
    "ConfigurationRevision",
    "PluginState",
    "Overlay",
    "DeclaredEntity",
    "ApiToken",
)
"""The pages of the core, in the order of an administrator's day; others follow."""


class CatalogAdminSite(AdminSite):
    """Django's admin with the pages of the core first, then the catalogs, then users and groups."""

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Return what the person may see, for the first page and the column at the side."""
        apps = super().get_app_list(request, app_label)
        for app in apps:
            if app["app_label"] == _CORE:
                app["models"].sort(key=_position)
        return sorted(apps, key=lambda app: (app["app_label"] != _CORE, app["app_label"] == _ACCESS))


def _position(model: dict[str, Any]) -> int:
    name = model["object_name"]
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)
