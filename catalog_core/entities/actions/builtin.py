"""The actions that every catalog has. What they do stands in ``catalog_core.assets.actions``, and for sources in
``catalog_core.administration.source_actions``.
"""

from typing import Any

from catalog_core.entities.actions.declaration import Action
from catalog_core.entities.envelope import Lifecycle

_WORD: dict[str, Any] = {
    "type": "string",
    "maxLength": 100,
    "pattern": r"^[^\u0000-\u001f\u007f]*\S(?![\s\S])",  # `$` also fits before a line break at the end
}
_VALUE: dict[str, Any] = {"type": ["string", "null"], "maxLength": 4000, "pattern": r"^[^\u0000]*$"}
_REMOVED = "null takes the key away again."


def _object(properties: dict[str, Any], *required: str, examples: list[Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        **({"required": list(required)} if required else {}),
        "additionalProperties": False,
        "examples": examples,
    }


def _words(description: str) -> dict[str, Any]:
    return {
        "type": "object",
        "description": f"{description} {_REMOVED}",
        "propertyNames": _WORD,
        "additionalProperties": _VALUE,
        "minProperties": 1,
        "maxProperties": 100,
    }


TAG = Action(
    id="tag",
    display_name="Tag",
    description="Sets, adds or removes tags that people give to an entity, beside those that its source gives.",
    parameters=_object(
        {
            "tags": {"type": "array", "description": "The tags.", "items": _WORD, "maxItems": 100},
            "mode": {
                "type": "string",
                "description": "replace: these instead of all added before; add: these too; remove: without these.",
                "enum": ["replace", "add", "remove"],
                "default": "replace",
            },
        },
        "tags",
        examples=[{"tags": ["approved"]}, {"tags": ["approved"], "mode": "add"}],
    ),
)
ANNOTATE = Action(
    id="annotate",
    display_name="Annotate",
    description="Sets or deletes annotations of an entity: longer texts by key.",
    parameters=_object(
        {"annotations": _words("Texts by key.")},
        "annotations",
        examples=[{"annotations": {"reviewed-by": "the security team"}}],
    ),
)
LABEL = Action(
    id="label",
    display_name="Label",
    description="Sets or deletes labels of an entity: short values by key, to select entities by.",
    parameters=_object({"labels": _words("Values by key.")}, "labels", examples=[{"labels": {"stage": "production"}}]),
)
DEPRECATE = Action(
    id="deprecate",
    display_name="Deprecate",
    description="Sets the lifecycle of an entity, to deprecated unless another is given.",
    parameters=_object(
        {
            "phase": {
                "type": "string",
                "description": "The lifecycle.",
                "enum": list(Lifecycle.values),
                "default": Lifecycle.DEPRECATED.value,
            }
        },
        examples=[{}, {"phase": Lifecycle.RETIRED.value}],
    ),
)
RESTORE = Action(
    id="restore",
    display_name="Restore",
    description="Gives an entity the lifecycle back that its source says.",
)
REFRESH = Action(
    id="refresh",
    display_name="Refresh",
    description="Reads the source again and stores what has changed.",
    scope="source",
    parameters=_object(
        {
            "force": {
                "type": "boolean",
                "description": "Read even if nothing has moved, and accept a sudden loss of entities.",
                "default": False,
            }
        },
        examples=[{}],
    ),
    supports_dry_run=False,
)

BUILT_IN: tuple[Action, ...] = (TAG, ANNOTATE, LABEL, DEPRECATE, RESTORE, REFRESH)
"""All of them, in the order in which clients are told."""
