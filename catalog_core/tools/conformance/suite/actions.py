"""Category G: every action that is announced can be had, tried without effect, carried out and undone."""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from catalog_core.tools.conformance.checks import Category, Findings, Note, Skipped, check
from catalog_core.tools.conformance.kinds import Kind
from catalog_core.tools.conformance.subjects import Catalog
from catalog_core.tools.conformance.suite.changes import POLL_SECONDS, SETTLING_SECONDS, job_problems
from catalog_core.tools.conformance.suite.errors import refusal_problems
from catalog_core.tools.conformance.trial import Sources, trial_source
from catalog_core.tools.conformance.values import Item, source_id
from catalog_core.tools.conformance.wire import Answer, Wire, as_list, as_object, as_objects, shown

UNKNOWN_ACTION = "no-such-action"

_check = check(Category.ACTIONS)
Definition = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Undoable:
    """How an action that many catalogs have is carried out so that nothing stays of it.

    Attributes:
        params: its parameters.
        undone_by: the action that undoes it.
        undo_params: the parameters of that.
    """

    params: Mapping[str, Any]
    undone_by: str
    undo_params: Mapping[str, Any]


def _undoable(word: str) -> dict[str, _Undoable]:
    """Return what can be undone; ``word`` is one that no entity has."""
    return {
        "tag": _Undoable({"tags": [word], "mode": "add"}, "tag", {"tags": [word], "mode": "remove"}),
        "annotate": _Undoable({"annotations": {word: "x"}}, "annotate", {"annotations": {word: None}}),
        "label": _Undoable({"labels": {word: "x"}}, "label", {"labels": {word: None}}),
        "deprecate": _Undoable({}, "restore", {}),
    }


@_check
def actions_are_listed(catalog: Catalog) -> Findings:
    """The lists of actions are those of the capabilities, and every parameter schema is an object's."""
    for scope in ("asset", "source"):
        wanted = _defined(catalog, scope)
        document = catalog.reader.read(f"{catalog.management_path}/actions/{scope}")
        listed = as_objects(document.get("actions"), f"actions/{scope}")
        if document.get("count") != len(listed):
            yield f"count of actions/{scope} is {shown(document.get('count'))}, but {len(listed)} are listed"
        if listed != wanted:
            yield f"actions/{scope} lists {shown(listed)}, but the capabilities say {shown(wanted)}"
        for action in wanted:
            schema = as_object(action.get("parameters", {"type": "object"}), f"parameters of {action.get('id')}")
            if schema.get("type") != "object":
                yield f"parameters of {action.get('id')} describe {shown(schema.get('type'))}, not an object"


@_check
def kinds_say_where_they_are_acted_upon(catalog: Catalog) -> Findings:
    """A kind with actions names actions on entities only, and a path below the base path with a place for the name."""
    known = [action.get("id") for action in _defined(catalog, "asset")]
    for kind in catalog.kinds:
        for action in as_list(kind.entity.get("actions", []), f"actions of {kind.name}"):
            if action not in known:
                yield f"{kind.name} names {shown(action)}, which is no action on entities"
        path = _action_path(kind)
        if known and not (path.startswith(f"{catalog.base_path}/") and "{name}" in path):
            yield f"endpoints.action of {kind.name} is {shown(path)}, not below the base path or without {{name}}"


@_check
def bad_actions_are_refused(catalog: Catalog) -> Findings:
    """Without an action, with an unknown one, without what is required, or as a dry-run that there is not: 400."""
    wire = _operator(catalog)
    for kind, item in _examples(catalog):
        for body in _bad_bodies(_defined(catalog, "asset")):
            yield from refusal_problems(_act(wire, kind, item, body), 400)
        nobody = {**item, "name": "no-entity-is-called-so"}
        for action in _defined(catalog, "asset")[:1]:
            body = {"action": action["id"], "params": _example(action) or {}}
            yield from refusal_problems(_act(wire, kind, nobody, body), 404)


@_check
def dry_runs_change_nothing(catalog: Catalog) -> Findings:
    """A dry-run is answered as one, and the entity is as it was before."""
    wire = _operator(catalog)
    for kind, item in _examples(catalog):
        before = kind.get(item)
        for action in _defined(catalog, "asset"):
            params = _example(action)
            if action.get("supportsDryRun") is not True:
                continue
            if params is None:
                yield Note(f"{action['id']} needs parameters, and its schema has no example")
                continue
            body = {"action": action["id"], "params": params, "dryRun": True}
            yield from _result_problems(_act(wire, kind, item, body), action["id"], "dry-run")
            if kind.get(item) != before:
                yield f"the dry-run of {action['id']} changed {kind.name} {shown(item.get('name'))}"


@_check
def actions_are_seen_and_undone(catalog: Catalog) -> Findings:
    """What an action changes is seen by readers within a moment, and is gone once it is undone."""
    wire = _operator(catalog)
    offered = {str(action["id"]) for action in _defined(catalog, "asset")}
    undoable = _undoable(f"conformance-{secrets.token_hex(4)}")
    for name in sorted(offered - undoable.keys() - {one.undone_by for one in undoable.values()}):
        yield Note(f"{name} was not carried out, as nobody knows how to undo it")
    for kind, item in _examples(catalog):
        for name, one in undoable.items():
            if name in offered and one.undone_by in offered:
                yield from _undone_problems(wire, kind, item, name, one)


@_check
def sources_are_acted_upon(catalog: Catalog) -> Findings:
    """An unknown action on a source is 400; refresh is carried out, or queued as a job that comes to an end."""
    sources = Sources(catalog)
    offered = {action.get("id") for action in _defined(catalog, "source")}
    with trial_source(sources, enabled=True) as trial:
        trial.answer.expect(200)
        path = f"{sources.path_of(trial.id)}:action"
        for body in ({}, {"action": UNKNOWN_ACTION}):
            yield from refusal_problems(sources.ask("POST", path, body), 400)
        if "refresh" not in offered or trial.model.entries is None:
            return
        answer = sources.ask("POST", path, {"action": "refresh"})
        result = answer.expect(200, 202).object()
        if answer.status == 200:
            yield from _result_problems(answer, "refresh", "completed")
        else:
            job = as_object(result.get("data"), f"{answer.question}: data").get("jobId")
            yield from job_problems(sources, trial, str(job))


def _defined(catalog: Catalog, scope: str) -> list[dict[str, Any]]:
    """Return the actions that the capabilities define in a scope.

    Raises:
        Skipped: they define none at all.
    """
    defined = as_objects(catalog.capabilities.get("actions", []), "actions")
    if not defined:
        raise Skipped("the catalog announces no actions")
    return [action for action in defined if action.get("scope") == scope]


def _operator(catalog: Catalog) -> Wire:
    _defined(catalog, "asset")
    if catalog.server.operator is None:
        raise Skipped("no operator's token was given, so nothing is changed; give --token")
    return catalog.server.operator


def _examples(catalog: Catalog) -> Iterator[tuple[Kind, Item]]:
    """Yield each kind with the first of its entities that nobody has set another lifecycle of."""
    for kind in catalog.kinds:
        items = kind.some_items()
        yield kind, next((item for item in items if item.get("lifecycle", "active") == "active"), items[0])


def _action_path(kind: Kind) -> str:
    endpoints = as_object(kind.entity.get("endpoints"), f"endpoints of {kind.name}")
    return str(endpoints.get("action") or "")


def _act(wire: Wire, kind: Kind, item: Item, body: Mapping[str, Any]) -> Answer:
    path = _action_path(kind).replace("{name}", quote(str(item.get("name")), safe=""))
    return wire.ask("POST", path, {"source": source_id(item)} if source_id(item) else None, document=dict(body))


def _bad_bodies(actions: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    yield {}
    yield {"action": UNKNOWN_ACTION}
    for action in actions:
        if _required(action):
            yield {"action": action["id"], "params": {}}
        if action.get("supportsDryRun") is False and (params := _example(action)) is not None:
            yield {"action": action["id"], "params": params, "dryRun": True}


def _required(action: Definition) -> list[Any]:
    schema = as_object(action.get("parameters", {}), f"parameters of {action.get('id')}")
    return as_list(schema.get("required", []), f"required parameters of {action.get('id')}")


def _example(action: Definition) -> dict[str, Any] | None:
    """Return parameters that the action takes: an example of its schema, or none where none are required."""
    schema = as_object(action.get("parameters", {}), f"parameters of {action.get('id')}")
    examples = as_objects(schema.get("examples", []), f"examples of {action.get('id')}")
    if examples:
        return examples[0]
    return None if _required(action) else {}


def _result_problems(answer: Answer, action: object, status: str) -> Iterator[str]:
    result = answer.expect(200).object()
    if (result.get("action"), result.get("status")) != (action, status):
        yield f"{answer.question}: {action} was answered {shown(result)}, not with status {status}"


def _undone_problems(wire: Wire, kind: Kind, item: Item, name: str, one: _Undoable) -> Iterator[str]:
    before = kind.get(item)
    what = f"{kind.name} {shown(item.get('name'))}"
    try:
        answer = _act(wire, kind, item, {"action": name, "params": dict(one.params)})
        yield from _result_problems(answer, name, "completed")
        if not _comes_true(lambda: kind.get(item) != before):
            yield f"{name} on {what} is completed, but readers see nothing of it"
    finally:
        undone = _act(wire, kind, item, {"action": one.undone_by, "params": dict(one.undo_params)})
    yield from _result_problems(undone, one.undone_by, "completed")
    if not _comes_true(lambda: kind.get(item) == before):
        yield f"{what} is not as it was before {name}, although {one.undone_by} is completed"


def _comes_true(condition: Callable[[], bool]) -> bool:
    """Wait a moment for something to be so; return whether it is."""
    give_up = time.monotonic() + SETTLING_SECONDS
    while not condition():
        if time.monotonic() > give_up:
            return False
        time.sleep(POLL_SECONDS)
    return True


CHECKS = (
    actions_are_listed,
    kinds_say_where_they_are_acted_upon,
    bad_actions_are_refused,
    dry_runs_change_nothing,
    actions_are_seen_and_undone,
    sources_are_acted_upon,
)
