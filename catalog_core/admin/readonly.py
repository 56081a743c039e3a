"""Who sees what in the admin, and pages that show and do not edit."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

_CHANGE = "catalog_core.change_source"


def is_operator(request: HttpRequest) -> bool:
    """Say whether somebody may change sources, and so see what they are read from."""
    return bool(request.user.has_perm(_CHANGE))


class StaffSees(admin.ModelAdmin):
    """Pages about what every reader of the API may know too: all staff sees them, without a permission of its own."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let all staff see."""
        return bool(request.user.is_active and request.user.is_staff)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """List the page for all staff."""
        return self.has_view_permission(request)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Shows rows that the server itself keeps; nobody adds, changes or deletes them by hand."""

    list_per_page: ClassVar[int] = 50

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes."""
        return False
