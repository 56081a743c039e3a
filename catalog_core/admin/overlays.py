"""What people have added to entities, in the admin: to look at, and to clear."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from catalog_core.admin.looks import age, badge, json_block
from catalog_core.admin.readonly import ReadOnlyAdmin, is_operator
from catalog_core.assets.overlay_listing import with_orphan_mark
from catalog_core.assets.overlays import clear_overlay
from catalog_core.entities.envelope import Overlay
from catalog_core.plugins.registry import registry


class OrphanFilter(admin.SimpleListFilter):
    """Whether the entity is there."""

    title = "entity"
    parameter_name = "orphaned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        """Return both."""
        return [("true", "is not there"), ("false", "is there")]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Overlay] | None:
        """Return the overlays of the chosen sort."""
        chosen = {"true": True, "false": False}.get(self.value() or "")
        return None if chosen is None else queryset.filter(is_orphan=chosen)


@admin.action(description="Clear: take back what people have added", permissions=["operate"])
def clear(page: admin.ModelAdmin, request: HttpRequest, overlays: QuerySet[Overlay]) -> None:
    """Clear the overlays; readers then see what the sources say."""
    cleared = list(overlays)
    for overlay in cleared:
        page.log_deletions(request, Overlay.objects.filter(pk=overlay.pk))
        clear_overlay(overlay, registry, actor=request.user.get_username())
    page.message_user(request, f"Cleared: {len(cleared)}.", messages.SUCCESS)


@admin.register(Overlay)
class OverlayAdmin(ReadOnlyAdmin):
    """All overlays; they are changed where their entities are."""

    list_display = ("name", "kind", "source", "shown_tags", "lifecycle", "entity", "changed_by", "changed")
    list_filter = (OrphanFilter, "plugin", "lifecycle")
    search_fields = ("name", "source_key", "changed_by")
    actions = (clear,)
    fields = (
        ("name", "kind", "source"),
        ("entity", "lifecycle", "shown_tags"),
        ("shown_labels", "shown_annotations"),
        ("changed_by", "changed_at", "created_at"),
        "uid",
    )

    def has_operate_permission(self, request: HttpRequest) -> bool:
        """Let operators clear."""
        return is_operator(request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Overlay]:
        """Say of each whether its entity is there."""
        return with_orphan_mark(super().get_queryset(request))

    @admin.display(ordering="source_key")
    def source(self, overlay: Overlay) -> str:
        """Return plugin and id of the source."""
        return f"{overlay.plugin}/{overlay.source_key}"

    @admin.display(description="added tags")
    def shown_tags(self, overlay: Overlay) -> str:
        """Return the tags."""
        return ", ".join(overlay.tags) or "-"

    @admin.display(description="added labels")
    def shown_labels(self, overlay: Overlay) -> SafeString:
        """Return the labels."""
        return json_block(overlay.labels)

    @admin.display(description="added annotations")
    def shown_annotations(self, overlay: Overlay) -> SafeString:
        """Return the annotations."""
        return json_block(overlay.annotations)

    @admin.display(description="entity")
    def entity(self, overlay: Any) -> SafeString:
        """Say whether the entity is there."""
        return badge("not there", "fair") if overlay.is_orphan else badge("there", "good")

    @admin.display(ordering="changed_at")
    def changed(self, overlay: Overlay) -> SafeString | str:
        """Return how long ago it was changed."""
        return age(overlay.changed_at)
