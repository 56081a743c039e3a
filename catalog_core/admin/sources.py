"""Sources in the admin: how they are at a glance, and adding, changing, refreshing and deleting them."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator

from catalog_core.admin.jobs import running_jobs
from catalog_core.admin.looks import age, error_in_row, place, state_badge
from catalog_core.admin.readonly import StaffSees, is_operator
from catalog_core.admin.set_aside import shown_text
from catalog_core.admin.source_actions import ACTIONS
from catalog_core.admin.source_form import SourceForm, source_types
from catalog_core.admin.source_saving import Conflict, check_further, save
from catalog_core.administration.changes import Change, current_version, delete_source
from catalog_core.administration.source_info import error_text
from catalog_core.assets.unresolved import Unresolved, unresolved_references
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.exceptions import CatalogError
from catalog_core.plugins.registry import registry
from catalog_core.sources.models import MAX_REASON_CHARACTERS, Source

SHOW_FIELDS = "_show_fields"
"""The button that shows the fields of the chosen type."""
_MOST_SET_ASIDE = 100
"""Items that the page of a source lists; the list of all set-aside items has the rest."""
_ERROR_CHARACTERS = 160
"""As much of an error as a row of the list has room for; the page of the source has the rest."""


@admin.register(Source)
class SourceAdmin(StaffSees):
    """The configured sources of all catalogs. Whatever is saved here goes the way of the management API."""

    list_filter = ("plugin", "state", "type", "enabled")
    search_fields = ("key", "name", "plugin")
    list_per_page = 50
    actions = tuple(ACTIONS.values())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Source]:
        """Leave out the sources that the configuration does not name any more."""
        return super().get_queryset(request).filter(removed_at=None)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Return the columns; only operators read errors in full, since these quote the source."""
        state = "state_in_full" if is_operator(request) else "state_in_short"
        return ("shown_id", "plugin", state, "entities", "set_aside", "refreshed", "type")

    def get_actions(self, request: HttpRequest) -> Any:
        """Leave out Django's own way to delete many rows, which would go past the configuration."""
        return {name: one for name, one in super().get_actions(request).items() if name != "delete_selected"}

    def get_urls(self) -> list[URLPattern]:
        """Return the actions on one source besides the usual pages."""
        view = self.admin_site.admin_view
        own = path("<int:key>/do/<slug:action>/", view(self.action_view), name="catalog_core_source_do")
        return [own, *super().get_urls()]

    @admin.display(description="id", ordering="key")
    def shown_id(self, source: Source) -> str:
        """Return the id, under the name that it has everywhere else."""
        return source.key

    @admin.display(ordering="entity_count")
    def entities(self, source: Source) -> str:
        """Return how many entities it has, and how many of them are of an older version."""
        stale = f" ({source.stale_count:,} stale)" if source.stale_count else ""
        return f"{source.entity_count:,}{stale}"

    @admin.display(description="set aside", ordering="set_aside_count")
    def set_aside(self, source: Source) -> str:
        """Return how many items were set aside."""
        return f"{source.set_aside_count:,}" if source.set_aside_count else "-"

    @admin.display(description="last success", ordering="last_success_at")
    def refreshed(self, source: Source) -> SafeString | str:
        """Return how long ago it was read without failure."""
        return age(source.last_success_at)

    @admin.display(description="state", ordering="state")
    def state_in_full(self, source: Source) -> SafeString:
        """Return the state, and why it is in error, secrets hidden."""
        return _state_and_error(source, is_operator=True)

    @admin.display(description="state", ordering="state")
    def state_in_short(self, source: Source) -> SafeString:
        """Return the state, and why it is in error in general terms."""
        return _state_and_error(source, is_operator=False)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask for catalog and type, then show the form of that type, or add what it says."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        plugin = registry.get(request.GET.get("plugin", ""))
        if not isinstance(plugin, CatalogPlugin):
            return self._page(request, "choose", {"title": "Add a source", "choices": _choices()})
        chosen = request.GET.get("type", "")
        if chosen not in dict(source_types(plugin)):
            raise Http404
        return self._form_page(request, plugin, chosen, None, f"Add a source to {plugin.name}")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show how a source is, and to operators the form to change it; or change what it says."""
        source = self._source(request, object_id)
        plugin = registry.get(source.plugin)
        if not self.has_change_permission(request, source) or not isinstance(plugin, CatalogPlugin):
            if request.method != "GET":
                raise PermissionDenied
            return self._page(request, "page", {"title": str(source), **self._status(request, source)})
        return self._form_page(request, plugin, source.type, source, str(source))

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Ask once more, then take the source out of the configuration, with its entities."""
        source = self._source(request, object_id)
        if not self.has_delete_permission(request, source):
            raise PermissionDenied
        if request.method != "POST":
            context = {"title": f"Delete {source}", "source": source, "version": current_version()}
            return self._page(request, "delete", context)
        return self._deleted(request, source)

    def action_view(self, request: HttpRequest, key: int, action: str) -> HttpResponse:
        """Do something with one source and go back to its page, unless there is something to show."""
        source = self._source(request, str(key))
        carry_out: Callable[..., HttpResponse | None] | None = ACTIONS.get(action)
        if carry_out is None:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not self.has_change_permission(request, source):
            raise PermissionDenied
        shown = carry_out(self, request, Source.objects.filter(pk=source.pk))
        return shown or HttpResponseRedirect(reverse("admin:catalog_core_source_change", args=[source.pk]))

    def _form_page(
        self, request: HttpRequest, plugin: CatalogPlugin, source_type: str, stored: Source | None, title: str
    ) -> HttpResponse:
        sent = request.POST if request.method == "POST" else None
        is_draft = SHOW_FIELDS in request.POST
        wanted = request.POST.get("type", source_type)
        if wanted in dict(source_types(plugin)):
            source_type = wanted
        version = current_version()
        form = SourceForm(plugin, source_type, stored=stored, version=version, data=sent, is_draft=is_draft)
        conflict = None
        is_to_be_saved = sent is not None and not is_draft
        if is_to_be_saved and form.is_valid():
            outcome = save(form, actor=request.user.get_username())
            if isinstance(outcome, Change):
                return self._saved(request, outcome, form)
            conflict = outcome if isinstance(outcome, Conflict) else None
        elif is_to_be_saved:
            check_further(form)
        context = {"title": title, "form": form, "conflict": conflict}
        return self._page(request, "page", context | (self._status(request, stored) if stored else {}))

    def _saved(self, request: HttpRequest, change: Change, form: SourceForm) -> HttpResponse:
        reason, source = form.cleaned_data["reason"], change.source
        if source is None:
            raise Http404
        if change.created:
            self.log_addition(request, source, reason or "Added.")
        elif change.changed:
            self.log_change(request, source, reason or "Changed.")
        done = "Added" if change.created else "Changed" if change.changed else "Nothing to change in"
        asked = " A refresh was asked for." if change.jobs else ""
        self.message_user(request, f"{done} {source}.{asked}", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:catalog_core_source_change", args=[source.pk]))

    def _deleted(self, request: HttpRequest, source: Source) -> HttpResponse:
        version, reason = request.POST.get("version") or None, request.POST.get("reason", "")[:MAX_REASON_CHARACTERS]
        try:
            delete_source(
                source.plugin,
                source.key,
                actor=request.user.get_username(),
                reason=reason,
                expected_version=version,
            )
        except CatalogError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:catalog_core_source_delete", args=[source.pk]))
        self.log_deletions(request, Source.objects.filter(pk=source.pk))
        text = f"Deleted {source}. A revision of the configuration can bring it back."
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:catalog_core_source_changelist"))

    def _source(self, request: HttpRequest, object_id: str) -> Source:
        """Return the source that a path names, if the person may see it at all."""
        source: Source | None = self.get_object(request, object_id)
        if source is None:
            raise Http404
        if not self.has_view_permission(request, source):
            raise PermissionDenied
        return source

    def _status(self, request: HttpRequest, source: Source) -> dict[str, Any]:
        """Return how a source is, for its page; what quotes the source is for operators."""
        operator = is_operator(request)
        remarks = source.set_aside.select_related("source")[:_MOST_SET_ASIDE] if operator else ()
        return {
            "source": source,
            "state": _state(source),
            "last_success": age(source.last_success_at),
            "last_refresh": age(source.last_refresh_at),
            "error": error_text(source, is_operator=operator),
            "is_operator": operator,
            "set_aside": [
                (row.item_name, place(row.problem), shown_text(row, "message"), shown_text(row, "hint"))
                for row in remarks
            ],
            "unresolved": unresolved_references([source]).get(source.pk, Unresolved()),
            "version": current_version(),
            **(running_jobs(source.pk) if operator else {}),
        }

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/catalog_core/source/{name}.html", whole)


def _state(source: Source) -> SafeString:
    return state_badge(source.state, source.get_state_display().lower())


def _state_and_error(source: Source, *, is_operator: bool) -> SafeString:
    error = Truncator(error_in_row(source, is_operator=is_operator)).chars(_ERROR_CHARACTERS)
    return format_html("{}<div>{}</div>", _state(source), error) if error else _state(source)


def _choices() -> list[tuple[CatalogPlugin, list[tuple[str, str]]]]:
    """Return the catalogs that can have sources, each with its types of source."""
    return [(plugin, list(source_types(plugin))) for plugin in registry if isinstance(plugin, CatalogPlugin)]
