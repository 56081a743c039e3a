"""Items that were set aside, with file, line, reason and what to do. For operators: the texts quote the source."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from catalog_core.admin.looks import badge, place
from catalog_core.admin.readonly import ReadOnlyAdmin
from catalog_core.admin.source_filter import SourceFilter
from catalog_core.administration.redaction import without_secrets
from catalog_core.sources.models import SetAside, Source
from catalog_core.sources.secret_values import secret_values


class SourceOfAnyCatalogFilter(SourceFilter):
    """The sources of all catalogs in which something was set aside."""

    def sources(self, model_admin: Any) -> QuerySet[Source]:
        """Return those sources."""
        return Source.objects.configured().filter(Exists(SetAside.objects.filter(source=OuterRef("pk"))))

    def label(self, source: Source) -> str:
        """Return its catalog as well."""
        return str(source)


@admin.register(SetAside)
class SetAsideAdmin(ReadOnlyAdmin):
    """What could not be taken over, or only with reservations, in all sources."""

    list_display = ("item", "source", "severity", "where", "reason_and_hint")
    list_filter = ("source__plugin", SourceOfAnyCatalogFilter)
    list_select_related = ("source",)
    search_fields = ("item_name", "source__key")
    fields = ("source", "item", "severity", "where", "message", "hint", "rule")

    def get_queryset(self, request: HttpRequest) -> QuerySet[SetAside]:
        """Leave out the sources that the configuration does not name any more."""
        return super().get_queryset(request).filter(source__removed_at=None)

    @admin.display(ordering="item_name")
    def item(self, row: SetAside) -> str:
        """Return the name of the item, as far as it has one."""
        return row.item_name or "(without a name)"

    def severity(self, row: SetAside) -> SafeString:
        """Say whether it was left out or taken over with reservations."""
        is_error = row.problem.get("severity", "error") == "error"
        return badge("left out", "bad") if is_error else badge("warning", "fair")

    def where(self, row: SetAside) -> str:
        """Return file and line."""
        return place(row.problem) or "-"

    @admin.display(description="reason, and what to do")
    def reason_and_hint(self, row: SetAside) -> SafeString:
        """Return what is wrong, and below it what to do."""
        return format_html(
            '<div>{}</div><div class="catalog-faint">{}</div>', shown_text(row, "message"), shown_text(row, "hint")
        )

    def message(self, row: SetAside) -> str:
        """Return what is wrong."""
        return shown_text(row, "message")

    def hint(self, row: SetAside) -> str:
        """Return what to do."""
        return shown_text(row, "hint")

    def rule(self, row: SetAside) -> str:
        """Return the rule that is broken."""
        return str(row.problem.get("rule", ""))


def shown_text(row: SetAside, key: str) -> str:
    """Return a text of a problem without the secrets of its source."""
    secrets = secret_values(row.source.type, row.source.properties)
    return without_secrets(str(row.problem.get(key, "")), secrets)
