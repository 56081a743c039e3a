"""The configuration in the admin: what is in force, and what is wrong with what is kept."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from catalog_core.admin.looks import age
from catalog_core.admin.readonly import ReadOnlyAdmin, is_operator
from catalog_core.administration.reconciling import ask_for_reconcile
from catalog_core.exceptions import BrokerUnavailable
from catalog_core.problems import Problem
from catalog_core.sources.models import ConfigurationState
from catalog_core.sources.store import configured_store


@admin.register(ConfigurationState)
class ConfigurationStateAdmin(ReadOnlyAdmin):
    """One page, since there is one configuration."""

    def get_urls(self) -> list[URLPattern]:
        """Return the button to look at the configuration now besides the usual pages."""
        view = self.admin_site.admin_view(self.reconcile_view)
        return [path("reconcile/", view, name="catalog_core_configurationstate_reconcile"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Show the configuration in force, where it is kept, and what is wrong with it."""
        if not self.has_view_permission(request):
            return HttpResponse(status=403)
        state, store = ConfigurationState.current(), configured_store()
        context = {
            **self.admin_site.each_context(request),
            "title": "Configuration",
            "opts": self.opts,
            "state": state,
            "applied": age(state.applied_at),
            "checked": age(state.checked_at),
            "problems": [Problem.from_dict(one) for one in state.problems],
            "store": store.kind,
            "read_only_reason": store.read_only_reason(),
            "is_operator": is_operator(request),
        }
        return TemplateResponse(request, "admin/catalog_core/configuration/state.html", context)

    def reconcile_view(self, request: HttpRequest) -> HttpResponse:
        """Ask a worker to look at the configuration now."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not is_operator(request):
            return HttpResponse(status=403)
        try:
            ask_for_reconcile()
        except BrokerUnavailable as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, "A worker was asked to look at the configuration now.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:catalog_core_configurationstate_changelist"))
