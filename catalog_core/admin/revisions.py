"""Revisions of the configuration in the admin: what each has changed, and going back to one. For operators."""

from dataclasses import dataclass
from typing import Any, Literal

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import SafeString

from catalog_core.admin.looks import age, badge, difference_block
from catalog_core.admin.readonly import ReadOnlyAdmin, is_operator
from catalog_core.administration.changes import Change, current_version, rollback, rollback_source
from catalog_core.administration.differences import difference
from catalog_core.exceptions import CatalogError, NotFound
from catalog_core.plugins.contract import source_key
from catalog_core.plugins.registry import registry
from catalog_core.sources import revisions
from catalog_core.sources.models import MAX_REASON_CHARACTERS, ConfigurationRevision, ConfigurationState, Source

_MOST_OF_SOURCE = 50
"""Revisions that the page of a source lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedSource:
    """A source that a revision has changed."""

    plugin: str
    key: str
    what: Literal["added", "changed", "removed"]


@admin.register(ConfigurationRevision)
class ConfigurationRevisionAdmin(ReadOnlyAdmin):
    """All revisions that are remembered, the newest first."""

    list_display = ("shown_version", "in_force", "made", "actor", "reason", "size")
    list_filter = ("actor",)
    search_fields = ("version", "actor", "reason")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let operators see; a revision shows what sources are read from."""
        return is_operator(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """List the page for operators."""
        return is_operator(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ConfigurationRevision]:
        """Leave the contents in the database, and tell the one that is in force from the others."""
        state = ConfigurationState.objects.filter(pk=1, version=OuterRef("version"))
        listed: QuerySet[ConfigurationRevision] = super().get_queryset(request)
        return listed.defer("content", "entries").annotate(is_in_force=Exists(state))

    def get_urls(self) -> list[URLPattern]:
        """Return the rollback and the revisions of one source besides the usual pages."""
        view = self.admin_site.admin_view
        own = [
            path("<int:key>/rollback/", view(self.rollback_view), name="catalog_core_configurationrevision_rollback"),
            path("of-source/<int:key>/", view(self.source_view), name="catalog_core_source_revisions"),
        ]
        return own + super().get_urls()

    @admin.display(description="version", ordering="id")
    def shown_version(self, revision: ConfigurationRevision) -> str:
        """Return the beginning of the version."""
        return revision.version[:8]

    @admin.display(description="state")
    def in_force(self, revision: ConfigurationRevision) -> SafeString | str:
        """Say whether it is what holds now; an earlier one with the same content says so too."""
        return badge("in force", "good") if getattr(revision, "is_in_force", False) else ""

    @admin.display(description="made", ordering="id")
    def made(self, revision: ConfigurationRevision) -> SafeString | str:
        """Return how long ago it came into force."""
        return age(revision.created_at)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show what a revision has changed, and the sources that it concerns."""
        revision = self._revision(request, object_id)
        earlier = revisions.predecessor(revision)
        context = {
            "title": f"Revision {revision.version[:8]}",
            "revision": revision,
            "made": age(revision.created_at),
            "earlier": earlier,
            "lines": difference_block(difference(revision)),
            "changed": changed_sources(revision, earlier),
            "is_in_force": revision.version == current_version(),
        }
        return self._page(request, "detail", context)

    def rollback_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Show what going back would change, and ask; then go back. With ``plugin`` and ``source`` for one source."""
        revision = self._revision(request, str(key))
        plugin, source = request.GET.get("plugin", ""), request.GET.get("source", "")
        if request.method == "POST":
            return self._rolled_back(request, revision, plugin, source)
        context = {
            "title": f"Back to revision {revision.version[:8]}" + (f": {plugin}/{source}" if source else ""),
            "revision": revision,
            "plugin": plugin,
            "source_id": source,
            "version": current_version(),
            "lines": [] if source else difference_block(_difference_to(revision)),
        }
        return self._page(request, "rollback", context)

    def source_view(self, request: HttpRequest, key: int) -> HttpResponse:
        """Show the revisions that have changed one source."""
        source = Source.objects.filter(pk=key).first()
        if not is_operator(request):
            raise PermissionDenied
        plugin = registry.get(source.plugin) if source else None
        if source is None or plugin is None:
            raise Http404
        found = revisions.source_revisions(source_key(plugin), source.key, limit=_MOST_OF_SOURCE)
        context = {
            "title": f"Revisions of {source}",
            "source": source,
            "revisions": [(one, age(one.created_at)) for one in found],
        }
        return self._page(request, "of_source", context)

    def _rolled_back(
        self, request: HttpRequest, revision: ConfigurationRevision, plugin: str, source: str
    ) -> HttpResponse:
        how: dict[str, Any] = {
            "actor": request.user.get_username(),
            "reason": request.POST.get("reason", "")[:MAX_REASON_CHARACTERS],
            "expected_version": request.POST.get("version") or None,
        }
        try:
            change: Change = (
                rollback_source(plugin, source, revision.version, **how)
                if source
                else rollback(revision.version, **how)
            )
        except CatalogError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())
        what = f"{plugin}/{source}" if source else "the configuration"
        done = f"Restored {what} as it was" if change.changed else f"Nothing to restore, {what} is as it was"
        self.message_user(request, f"{done} in revision {revision.version[:8]}.", messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:catalog_core_configurationrevision_changelist"))

    def _revision(self, request: HttpRequest, object_id: str) -> ConfigurationRevision:
        if not is_operator(request):
            raise PermissionDenied
        found = ConfigurationRevision.objects.filter(pk=object_id).first() if object_id.isdigit() else None
        if found is None:
            raise Http404
        return found

    def _page(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/catalog_core/revisions/{name}.html", whole)


def changed_sources(later: ConfigurationRevision, earlier: ConfigurationRevision | None) -> list[ChangedSource]:
    """Return the sources that are other in one revision than in another, in the order of their names."""
    now, before = _digests(later), _digests(earlier)
    found = []
    for section, key in sorted(now.keys() | before.keys()):
        plugin = registry.by_source_key(section)
        if plugin is None or now.get((section, key)) == before.get((section, key)):
            continue
        what: Literal["added", "changed", "removed"] = (
            "added" if (section, key) not in before else "changed" if (section, key) in now else "removed"
        )
        found.append(ChangedSource(plugin=plugin.name, key=key, what=what))
    return found


def _digests(revision: ConfigurationRevision | None) -> dict[tuple[str, str], str]:
    entries = revision.entries if revision else {}
    return {(section, key): digest for section, known in entries.items() for key, digest in known.items()}


def _difference_to(revision: ConfigurationRevision) -> str:
    """Return what going back to a revision would change, as far as the configuration in force is remembered."""
    try:
        return difference(revision, since=revisions.revision(current_version()))
    except NotFound:
        return ""
