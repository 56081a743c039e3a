"""How an action is declared, by the core and by plugins, and what its handler is given and gives back."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, get_args

from jsonschema import Draft202012Validator, SchemaError

from catalog_core.entities.envelope import OverlayChange
from catalog_core.plugins.declarations import label_of

Scope = Literal["source", "asset"]
NO_PARAMETERS: Mapping[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}

_ID = re.compile(r"[a-z][a-z0-9.-]{0,62}")
_MARK = "_catalog_action"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something that can be done with an entity or a source.

    Attributes:
        id: what requests call it.
        display_name: what people read on a button.
        description: what it does, one or two sentences.
        scope: what it is done with.
        parameters: a JSON Schema (draft 2020-12) of the object ``params``; ``examples`` of it are tried by tests.
        supports_dry_run: whether it can be tried without an effect.
        idempotent: whether doing it twice is the same as doing it once.
        destructive: whether something is lost that cannot be had back by another action.
    """

    id: str
    display_name: str
    description: str
    scope: Scope = "asset"
    parameters: Mapping[str, Any] = field(default_factory=lambda: NO_PARAMETERS)
    supports_dry_run: bool = True
    idempotent: bool = True
    destructive: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the ActionDefinition that clients read."""
        definition = {
            "id": self.id,
            "displayName": self.display_name,
            "description": self.description,
            "scope": self.scope,
            "supportsDryRun": self.supports_dry_run,
            "idempotent": self.idempotent,
            "parameters": dict(self.parameters),
        }
        return definition | ({"destructive": True} if self.destructive else {})


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCall:
    """What the handler of an action is told.

    Attributes:
        target: the name of the entity, or the id of the source.
        source: the id of the source.
        uid: the id of the entity; empty for a source.
        document: the entity as the API of its catalog serves it, or its asset where the plugin keeps its entities
            itself; empty for a source.
        params: the parameters; they keep the schema of the action.
        dry_run: whether to tell only what would happen.
        actor: who asks.
    """

    target: str
    source: str
    uid: str = ""
    document: Mapping[str, Any] = field(default_factory=dict)
    params: Mapping[str, Any] = field(default_factory=dict)
    dry_run: bool = False
    actor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionResult:
    """What came of an action.

    Attributes:
        message: the same for people, one sentence.
        data: the same for programs.
        failed: whether it could not be carried out.
        overlay: what the core is to change of what people have added to the entity; a dry-run changes nothing.
    """

    message: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    failed: bool = False
    overlay: OverlayChange | None = None


Handler = Callable[[ActionCall], ActionResult]
MethodT = TypeVar("MethodT", bound=Callable[..., ActionResult])


def action(
    *,
    id: str = "",
    display_name: str = "",
    description: str = "",
    scope: Scope = "asset",
    parameters: Mapping[str, Any] = NO_PARAMETERS,
    supports_dry_run: bool = False,
    idempotent: bool = False,
    destructive: bool = False,
) -> Callable[[MethodT], MethodT]:
    """Make a method of a ``CatalogPlugin`` an action; it is given an :class:`ActionCall`.

    What is left out follows from the method: the id and the label from its name, the description from the first line
    of its docstring. A method that raises ``InvalidAction`` blames the client, ``ActionRefused`` the present state.
    """

    def marked(method: MethodT) -> MethodT:
        declared = Action(
            id=id or method.__name__.replace("_", "-"),
            display_name=display_name or label_of(method.__name__),
            description=description or (method.__doc__ or "").strip().partition("\n")[0],
            scope=scope,
            parameters=parameters,
            supports_dry_run=supports_dry_run,
            idempotent=idempotent,
            destructive=destructive,
        )
        setattr(method, _MARK, declared)
        return method

    return marked


def declared_actions(plugin: object) -> list[tuple[Action, Handler]]:
    """Return the actions that methods of a plugin declare, with the methods, in the order of their ids."""
    kind = type(plugin)
    names = [name for name in dir(kind) if hasattr(getattr(kind, name, None), _MARK)]
    methods: list[Any] = [getattr(plugin, name) for name in names]
    return sorted(((getattr(method, _MARK), method) for method in methods), key=lambda pair: pair[0].id)


def action_problems(plugin: object, taken: Iterable[str]) -> Iterator[str]:
    """Yield everything that is wrong with the actions that methods of a plugin declare.

    Args:
        plugin: the plugin.
        taken: ids of actions that every catalog has.
    """
    declared = [one for one, _ in declared_actions(plugin)]
    for id_, count in Counter(one.id for one in declared).items():
        if count > 1:
            yield f"action {id_!r} is declared {count} times"
    for one in declared:
        yield from _problems(one, frozenset(taken))


def _problems(one: Action, taken: frozenset[str]) -> Iterator[str]:
    if not _ID.fullmatch(one.id):
        yield f"action {one.id!r}: an id begins with a lower-case letter and holds only those, digits, '.' and '-'"
    if one.id in taken:
        yield f"action {one.id!r}: every catalog has an action of that name"
    if not (one.display_name and one.description):
        yield f"action {one.id!r}: it lacks a label or a description; a docstring will do"
    if one.scope not in get_args(Scope):
        yield f"action {one.id!r}: scope {one.scope!r} is not one of {', '.join(get_args(Scope))}"
    try:
        Draft202012Validator.check_schema(dict(one.parameters))
    except SchemaError as error:
        yield f"action {one.id!r}: parameters are no JSON Schema: {error.message}"
    else:
        if one.parameters.get("type") != "object":
            yield f"action {one.id!r}: parameters have to be a schema of type object"
