"""Changing what people have added to an entity. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from catalog_core.entities.envelope.models import Lifecycle, Overlay
from catalog_core.exceptions import InvalidAction

MOST_TAGS = 200
"""Tags that people can add to one entity."""
MOST_KEYS = 200
"""Labels, and annotations, that people can add to one entity."""

_NOTHING: Mapping[str, str | None] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlayChange:
    """What is to become of an overlay. What is left out stays as it is.

    Attributes:
        tags: the tags, instead of those that people have added before.
        add_tags: tags to add.
        remove_tags: tags to take away.
        labels: values by key; ``None`` takes the label away.
        annotations: values by key; ``None`` takes the annotation away.
        lifecycle: the lifecycle; an empty text goes back to what the source says.
        clear: take everything away, before anything else.
    """

    tags: Iterable[str] | None = None
    add_tags: Iterable[str] = ()
    remove_tags: Iterable[str] = ()
    labels: Mapping[str, str | None] = field(default_factory=lambda: _NOTHING)
    annotations: Mapping[str, str | None] = field(default_factory=lambda: _NOTHING)
    lifecycle: str | None = None
    clear: bool = False


def change_overlay(overlay: Overlay, change: OverlayChange) -> bool:
    """Change an overlay in memory; return whether it says something else now.

    Raises:
        InvalidAction: it would say more than an overlay can, or a lifecycle that does not exist.
    """
    before = _said(overlay)
    if change.clear:
        overlay.tags, overlay.labels, overlay.annotations, overlay.lifecycle = [], {}, {}, ""
    overlay.tags = _tags(overlay.tags, change)
    overlay.labels = _merged("labels", overlay.labels, change.labels)
    overlay.annotations = _merged("annotations", overlay.annotations, change.annotations)
    if change.lifecycle is not None:
        overlay.lifecycle = _lifecycle(change.lifecycle)
    return _said(overlay) != before


def _said(overlay: Overlay) -> tuple[object, ...]:
    return list(overlay.tags), dict(overlay.labels), dict(overlay.annotations), overlay.lifecycle


def _tags(tags: Iterable[str], change: OverlayChange) -> list[str]:
    kept = tags if change.tags is None else change.tags
    removed = {tag.strip() for tag in change.remove_tags}
    wanted = dict.fromkeys(tag.strip() for tag in (*kept, *change.add_tags))
    found = [tag for tag in wanted if tag and tag not in removed]
    if len(found) > MOST_TAGS:
        message = f"the entity would have {len(found)} added tags; it can have {MOST_TAGS}."
        raise InvalidAction([("params.tags", message)])
    return found


def _merged(what: str, own: Mapping[str, str], change: Mapping[str, str | None]) -> dict[str, str]:
    merged = {key: value for key, value in {**own, **change}.items() if value is not None}
    if len(merged) > MOST_KEYS:
        message = f"the entity would have {len(merged)} added {what}; it can have {MOST_KEYS}."
        raise InvalidAction([(f"params.{what}", message)])
    return merged


def _lifecycle(wanted: str) -> str:
    if wanted and wanted not in Lifecycle.values:
        raise InvalidAction([("params.phase", f"{wanted!r} is not one of {', '.join(Lifecycle.values)}.")])
    return wanted
