"""What can be done with sources, one or many: from the list and from the page of a source."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from catalog_core.administration.changes import enable_source
from catalog_core.administration.plan import plan_source
from catalog_core.administration.refreshing import refresh_now
from catalog_core.administration.source_info import error_text
from catalog_core.administration.validation import LayerResult, require_valid, validate
from catalog_core.administration.wish import Wish, entry_of
from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.exceptions import CatalogError
from catalog_core.plugins.registry import registry
from catalog_core.sources.models import Source

_MOST_PLANS = 10
"""Sources that are read for one page of plans; each may take as long as a request that waits for a refresh."""
_GROUPS = ("added", "changed", "removed", "stale", "setAside", "warnings")


@admin.action(description="Refresh", permissions=["change"])
def refresh(page: ModelAdmin, request: HttpRequest, sources: QuerySet[Source]) -> None:
    """Ask for a refresh of each enabled source among them."""
    _ask_for_refreshes(page, request, sources, forced=False)


@admin.action(description="Refresh by force: even if nothing moved or much is gone", permissions=["change"])
def force_refresh(page: ModelAdmin, request: HttpRequest, sources: QuerySet[Source]) -> None:
    """Ask for a forced refresh of each enabled source among them."""
    _ask_for_refreshes(page, request, sources, forced=True)


@admin.action(description="Enable: show their entities", permissions=["change"])
def enable(page: ModelAdmin, request: HttpRequest, sources: QuerySet[Source]) -> None:
    """Show the entities of the sources."""
    _switch(page, request, sources, enabled=True)


@admin.action(description="Disable: hide their entities", permissions=["change"])
def disable(page: ModelAdmin, request: HttpRequest, sources: QuerySet[Source]) -> None:
    """Hide the entities of the sources, at once."""
    _switch(page, request, sources, enabled=False)


@admin.action(description="Validate", permissions=["change"])
def validate_sources(page: ModelAdmin, request: HttpRequest, sources: QuerySet[Source]) -> HttpResponse:
    """Show what the checks find, layer by layer."""
    return _results(page, request, "Validation", [_validated(source) for source in sources])


@admin.action(description="Plan: what a refresh would change", permissions=["change"])
def plan_sources(page: ModelAdmin, request: HttpRequest, sources: QuerySet[Source]) -> HttpResponse:
    """Show what refreshes would add, change, remove and set aside."""
    left_out = sources.count() - _MOST_PLANS
    if left_out > 0:
        text = f"Plans are made for {_MOST_PLANS} sources at a time; {left_out} were left out."
        page.message_user(request, text, messages.WARNING)
    return _results(page, request, "Plan", [_planned(source) for source in sources[:_MOST_PLANS]])


ACTIONS: dict[str, Callable[..., HttpResponse | None]] = {
    "refresh": refresh,
    "force_refresh": force_refresh,
    "enable": enable,
    "disable": disable,
    "validate_sources": validate_sources,
    "plan_sources": plan_sources,
}
"""All of them, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    """What was found about one source.

    Attributes:
        source: the source.
        tone: how it is coloured.
        verdict: what was found, in a few words.
        error: why nothing more can be said.
        layers: what each layer of validation found.
        groups: name, count and entries of each group of a plan.
    """

    source: Source
    tone: str
    verdict: str
    error: str = ""
    layers: tuple[LayerResult, ...] = ()
    groups: list[tuple[str, int, list[Any]]] = field(default_factory=list)


def _ask_for_refreshes(page: ModelAdmin, request: HttpRequest, sources: QuerySet[Source], *, forced: bool) -> None:
    enabled = [source for source in sources if source.enabled]
    for source in enabled:
        refresh_now(source, requested_by=request.user.get_username(), forced=forced)
    left_out = len(sources) - len(enabled)
    asked = f"Asked for {len(enabled)} {'refresh' if len(enabled) == 1 else 'refreshes'}."
    text = f"{asked} Left out because disabled: {left_out}." if left_out else asked
    page.message_user(request, text, messages.SUCCESS if enabled else messages.WARNING)


def _switch(page: ModelAdmin, request: HttpRequest, sources: QuerySet[Source], *, enabled: bool) -> None:
    done = 0
    for source in sources:
        try:
            enable_source(source.plugin, source.key, enabled, actor=request.user.get_username())
        except CatalogError as error:
            page.message_user(request, f"Source {source}: {error}", messages.ERROR)
        else:
            done += 1
            page.log_change(request, source, "Enabled." if enabled else "Disabled.")
    if done:
        page.message_user(request, f"{'Enabled' if enabled else 'Disabled'}: {done}.", messages.SUCCESS)


def _validated(source: Source) -> _Result:
    plugin = registry.get(source.plugin)
    if not isinstance(plugin, CatalogPlugin):
        return _without_plugin(source)
    report = validate(Wish(plugin=plugin, body=entry_of(source), stored=source))
    if not report.valid:
        return _Result(source=source, tone="bad", verdict="not valid", layers=report.layers)
    warned = bool(report.warnings)
    return _Result(
        source=source,
        tone="fair" if warned else "good",
        verdict="valid, with warnings" if warned else "valid",
        layers=report.layers,
    )


def _planned(source: Source) -> _Result:
    plugin = registry.get(source.plugin)
    if not isinstance(plugin, CatalogPlugin):
        return _without_plugin(source)
    wish = Wish(plugin=plugin, body=entry_of(source), stored=source)
    try:
        require_valid(wish)
        found = plan_source(plugin, wish.entry(), source).as_dict()
    except CatalogError as error:
        source.error, source.error_code = str(error), error.code  # shown as stored errors are, secrets hidden
        return _Result(source=source, tone="bad", verdict="no plan", error=error_text(source, is_operator=True))
    groups = [(name, found[name]["count"], found[name].get("names") or found[name].get("items")) for name in _GROUPS]
    moves = any(count for name, count, _ in groups if name in ("added", "changed", "removed"))
    return _Result(
        source=source,
        tone="bad" if found.get("refused") else "busy" if moves else "good",
        verdict="would be held back" if found.get("refused") else "would change" if moves else "nothing would change",
        error=found.get("refused", ""),
        groups=groups,
    )


def _without_plugin(source: Source) -> _Result:
    return _Result(source=source, tone="bad", verdict="no plugin", error="The plugin of this source is not loaded.")


def _results(page: ModelAdmin, request: HttpRequest, title: str, results: list[_Result]) -> HttpResponse:
    context = {**page.admin_site.each_context(request), "title": title, "opts": page.opts, "results": results}
    return TemplateResponse(request, "admin/catalog_core/source/results.html", context)
