"""Carrying out an action on all assets that a filter finds."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from catalog_core.assets.actions.request import ActionRequest, Target, find_action
from catalog_core.assets.actions.running import Result, act_on_entities
from catalog_core.assets.filtering import AssetFilter, asset_condition, chosen_sources, matching_assets
from catalog_core.assets.overlays import MOST_AT_ONCE
from catalog_core.assets.view import AssetsView
from catalog_core.conf import catalog_settings
from catalog_core.entities.actions import ActionResult
from catalog_core.entities.bulk import batches
from catalog_core.entities.envelope import Asset
from catalog_core.exceptions import ActionRefused, CatalogError, InvalidAction
from catalog_core.plugins.contract import Plugin
from catalog_core.plugins.registry import PluginRegistry

PREVIEWED = 100
"""Assets that a dry-run shows; it counts all."""
_FAILED = "The action failed; the server log has the details."


def act_on_assets(
    plugins: PluginRegistry,
    view: AssetsView,
    wanted: AssetFilter,
    request: ActionRequest,
    *,
    actor: str,
    expected: int | None = None,
) -> dict[str, Any]:
    """Carry out an action on all assets that a filter finds; return what the client is answered.

    The assets of a source are acted upon in transactions of ``MOST_AT_ONCE``. What fails on one of them is told with
    it and keeps nothing from the others. A dry-run counts all assets, and tries the first ``PREVIEWED`` of them.

    Args:
        plugins: where the plugins of the assets are.
        view: what readers see.
        wanted: which assets are meant.
        request: the action.
        actor: who asks.
        expected: how many assets there have to be; any number if it is left out.

    Raises:
        InvalidQuery: the filter cannot be understood.
        InvalidAction: the request is not valid for one of the plugins, or means everything and does not say so.
        ActionRefused: there are more assets than can be acted upon at once, or not as many as expected.
    """
    if wanted == AssetFilter() and expected is None:
        hint = "no filter is given, which means all assets; give one, or say in `expected` how many they are."
        raise InvalidAction([("", hint)])
    matching = matching_assets(view, chosen_sources(view, wanted), asset_condition(wanted))
    limit = catalog_settings().bulk_action_limit
    found = list(matching.select_related("source").defer("document").order_by("source", "name", "uid")[: limit + 1])
    count = len(found) if len(found) <= limit else matching.count()
    chosen = _plugins_of(plugins, found, request)
    if expected is not None and expected != count:
        raise ActionRefused(f"The filter finds {count} assets now, not {expected}; nothing was changed.")
    if request.dry_run:
        return _answer(request, count, limit, list(_carried_out(chosen, found[:PREVIEWED], request, actor)))
    if count > limit:
        raise ActionRefused(
            f"The filter finds {count} assets, and {limit} can be acted upon at once"
            " (CATALOG_BULK_ACTION_LIMIT); nothing was changed. Narrow the filter."
        )
    return _answer(request, count, limit, list(_carried_out(chosen, found, request, actor)))


def _plugins_of(plugins: PluginRegistry, found: Sequence[Asset], request: ActionRequest) -> dict[str, Plugin]:
    """Return the plugins of assets by name, after the request was found good for each; for any if there are none."""
    catalogs = {plugin.name: plugin for plugin in plugins}
    chosen = {name: catalogs[name] for name in sorted({asset.plugin for asset in found})}
    for plugin in chosen.values():
        find_action(plugin, "asset", request)
    if not chosen:
        _find_anywhere(list(catalogs.values()), request)
    return chosen


def _find_anywhere(catalogs: Sequence[Plugin], request: ActionRequest) -> None:
    problem: InvalidAction | None = None
    for plugin in catalogs:
        try:
            find_action(plugin, "asset", request)
        except InvalidAction as error:
            problem = problem or error
        else:
            return
    if problem:
        raise problem


def _carried_out(
    plugins: dict[str, Plugin], assets: Sequence[Asset], request: ActionRequest, actor: str
) -> Iterator[tuple[Asset, Result]]:
    for _, of_source in groupby(assets, key=lambda asset: asset.source_id):
        for some in batches(of_source, MOST_AT_ONCE):
            targets = [Target(uid=asset.uid, name=asset.name, source=asset.source) for asset in some]
            results = act_on_entities(plugins[some[0].plugin], targets, request, actor=actor)
            yield from ((asset, results[asset.uid]) for asset in some)


def _answer(request: ActionRequest, count: int, limit: int, results: list[tuple[Asset, Result]]) -> dict[str, Any]:
    told = [_told(asset, result, request) for asset, result in results]
    failed = sum(one["status"] == "error" for one in told)
    data = {"matched": count, "limit": limit, "succeeded": len(told) - failed, "failed": failed, "results": told}
    status = "dry-run" if request.dry_run else "error" if failed else "completed"
    return {"action": request.action, "status": status, "message": _words(request, count, limit, failed), "data": data}


def _words(request: ActionRequest, count: int, limit: int, failed: int) -> str:
    assets = f"{count} asset{'' if count == 1 else 's'}"
    if not request.dry_run:
        return f"{request.action}: {assets}" + (f", of which {failed} failed." if failed else ".")
    too_many = f", which is more than the {limit} that can be acted upon at once" if count > limit else ""
    return f"{request.action} would act upon {assets}{too_many}."


def _told(asset: Asset, result: Result, request: ActionRequest) -> dict[str, Any]:
    failed = isinstance(result, Exception) or result.failed
    if isinstance(result, ActionResult):
        message = result.message
    else:
        message = str(result) if isinstance(result, CatalogError) else _FAILED
    return {
        "uid": str(asset.uid),
        "kind": asset.kind,
        "name": asset.name,
        "sourceId": asset.source.key,
        "status": "error" if failed else "dry-run" if request.dry_run else "completed",
        **({"message": message} if message else {}),
    }
