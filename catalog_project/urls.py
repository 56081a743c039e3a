"""The routes of the server: the API, and the Django admin."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("", include("catalog_core.api.urls")),
]

handler400 = "catalog_core.api.errors.bad_request"
handler403 = "catalog_core.api.errors.forbidden"
handler404 = "catalog_core.api.errors.not_found"
handler500 = "catalog_core.api.errors.server_error"
