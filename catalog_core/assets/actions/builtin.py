"""What the actions do that every catalog has for its entities: each is a change of the overlay."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from catalog_core.assets.overlays import Overlaid
from catalog_core.entities.actions import Action
from catalog_core.entities.actions.builtin import ANNOTATE, DEPRECATE, LABEL, RESTORE, TAG
from catalog_core.entities.envelope import Lifecycle, OverlayChange

Params = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayAction:
    """An action that changes what people have added to an entity.

    Attributes:
        action: its declaration.
        change: the change that parameters ask for.
        data: what a client is told of the entity as it is then.
        words: the same for people, without subject: ``tags are set to a, b``.
    """

    action: Action
    change: Callable[[Params], OverlayChange]
    data: Callable[[Overlaid], dict[str, Any]]
    words: Callable[[Overlaid], str]

    def message(self, entity: Overlaid, *, dry_run: bool) -> str:
        """Return what has happened to an entity, or would happen."""
        words = self.words(entity)
        if not entity.changed:
            return f"Nothing {'would change' if dry_run else 'has changed'}: {words}."
        return f"would set {words}" if dry_run else f"Set {words}."


def _tag(params: Params) -> OverlayChange:
    tags = params["tags"]
    match params.get("mode", "replace"):
        case "add":
            return OverlayChange(add_tags=tags)
        case "remove":
            return OverlayChange(remove_tags=tags)
    return OverlayChange(tags=tags)


def _lifecycle(entity: Overlaid) -> dict[str, Any]:
    return {"lifecycle": str(entity.asset.lifecycle)}


def _lifecycle_words(entity: Overlaid) -> str:
    return f"lifecycle to {entity.asset.lifecycle}"


OVERLAY_ACTIONS: Mapping[str, OverlayAction] = {
    one.action.id: one
    for one in (
        OverlayAction(
            action=TAG,
            change=_tag,
            data=lambda entity: {"tags": list(entity.overlay.tags)},
            words=lambda entity: f"added tags to {', '.join(entity.overlay.tags) or 'none'}",
        ),
        OverlayAction(
            action=ANNOTATE,
            change=lambda params: OverlayChange(annotations=params["annotations"]),
            data=lambda entity: {"annotations": dict(entity.overlay.annotations)},
            words=lambda entity: f"added annotations to {', '.join(sorted(entity.overlay.annotations)) or 'none'}",
        ),
        OverlayAction(
            action=LABEL,
            change=lambda params: OverlayChange(labels=params["labels"]),
            data=lambda entity: {"labels": dict(entity.overlay.labels)},
            words=lambda entity: f"added labels to {', '.join(sorted(entity.overlay.labels)) or 'none'}",
        ),
        OverlayAction(
            action=DEPRECATE,
            change=lambda params: OverlayChange(lifecycle=params.get("phase", Lifecycle.DEPRECATED.value)),
            data=_lifecycle,
            words=_lifecycle_words,
        ),
        OverlayAction(
            action=RESTORE, change=lambda params: OverlayChange(lifecycle=""), data=_lifecycle, words=_lifecycle_words
        ),
    )
}
"""They, by id."""
