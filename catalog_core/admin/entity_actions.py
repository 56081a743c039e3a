"""What can be done with entities in the admin: the same as by REST, by the same code."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from catalog_core.assets.actions import ActionRequest, Target, act_on_entities, find_action
from catalog_core.assets.overlays import MOST_AT_ONCE
from catalog_core.conf import catalog_settings
from catalog_core.entities.bulk import batches
from catalog_core.entities.models import EntityModel
from catalog_core.exceptions import CatalogError, PluginUnavailable
from catalog_core.plugins.contract import Plugin
from catalog_core.plugins.registry import registry

_MODES = (("add", "Add to those added before"), ("remove", "Remove"), ("replace", "Replace those added before"))


@admin.action(description="Tag…", permissions=["operate"])
def tag(page: Any, request: HttpRequest, entities: QuerySet[EntityModel]) -> HttpResponse | None:
    """Ask for tags, then add them to the entities, or remove them."""
    if "tags" not in request.POST:
        context = {
            **page.admin_site.each_context(request),
            "title": f"Tag {page.opts.verbose_name_plural}",
            "opts": page.opts,
            "count": entities.count(),
            "checkbox": ACTION_CHECKBOX_NAME,
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", "0"),
            "modes": _MODES,
        }
        return TemplateResponse(request, "admin/catalog_core/entity/tag.html", context)
    tags = [text.strip() for text in request.POST["tags"].split(",") if text.strip()]
    _act(page, request, entities, ActionRequest(action="tag", params={"tags": tags, "mode": request.POST.get("mode")}))
    return None


@admin.action(description="Deprecate", permissions=["operate"])
def deprecate(page: Any, request: HttpRequest, entities: QuerySet[EntityModel]) -> None:
    """Set the lifecycle of the entities to deprecated."""
    _act(page, request, entities, ActionRequest(action="deprecate"))


@admin.action(description="Restore: the lifecycle that the source says", permissions=["operate"])
def restore(page: Any, request: HttpRequest, entities: QuerySet[EntityModel]) -> None:
    """Give the entities the lifecycle back that their sources say."""
    _act(page, request, entities, ActionRequest(action="restore"))


ENTITY_ACTIONS: tuple[Callable[..., HttpResponse | None], ...] = (tag, deprecate, restore)
"""All of them."""


def _act(page: Any, request: HttpRequest, entities: QuerySet[EntityModel], asked: ActionRequest) -> None:
    limit = catalog_settings().bulk_action_limit
    chosen = list(entities.select_related("source").order_by("source", "id")[: limit + 1])
    if len(chosen) > limit:
        text = f"More than {limit} entities are chosen (CATALOG_BULK_ACTION_LIMIT); nothing was changed."
        page.message_user(request, text, messages.ERROR)
        return
    done = 0
    for source, some in groupby(chosen, lambda row: row.source):
        plugin = registry.get(source.plugin)
        try:
            if plugin is None:
                raise PluginUnavailable(f"The plugin {source.plugin} is not loaded.")
            find_action(plugin, "asset", asked)
        except CatalogError as error:
            page.message_user(request, str(error), messages.ERROR)
            return
        done += _act_on_some(page, request, plugin, list(some), asked)
    if done:
        page.message_user(request, f"{asked.action.capitalize()}: {done} done.", messages.SUCCESS)


def _act_on_some(
    page: Any, request: HttpRequest, plugin: Plugin, entities: Sequence[EntityModel], asked: ActionRequest
) -> int:
    """Act upon entities of one source; return on how many it was done, and tell what failed on the others."""
    done = 0
    for some in batches(entities, MOST_AT_ONCE):
        targets = [Target(uid=row.id, name=row.name, source=row.source) for row in some]
        results = act_on_entities(plugin, targets, asked, actor=request.user.get_username())
        for row in some:
            result = results[row.id]
            if isinstance(result, Exception):
                page.message_user(request, f"{row}: {result}", messages.ERROR)
            else:
                done += 1
                page.log_change(request, row, result.message)
    return done
