"""Laying an overlay over documents. Pure.

Tags are added to those that the source gives, labels and annotations are merged key by key, the lifecycle is replaced.
"""

from collections.abc import Mapping, MutableMapping
from typing import Any

from catalog_core.entities.envelope.models import Overlay


def overlaid_document(document: Mapping[str, Any], overlay: Overlay | None) -> dict[str, Any]:
    """Return the document of an entity, as its API serves it, with what people have added."""
    result = dict(document)
    if overlay:
        _add_words(result, overlay)
        if overlay.lifecycle:
            result["lifecycle"] = overlay.lifecycle
    return result


def overlaid_envelope(envelope: Mapping[str, Any], overlay: Overlay | None) -> dict[str, Any]:
    """Return the envelope of an asset with what people have added."""
    if not overlay:
        return dict(envelope)
    metadata, status = dict(envelope["metadata"]), dict(envelope["status"])
    _add_words(metadata, overlay)
    if overlay.lifecycle:
        status["lifecycle"] = overlay.lifecycle
    return {**envelope, "metadata": metadata, "status": status}


def _add_words(target: MutableMapping[str, Any], overlay: Overlay) -> None:
    """Add tags, labels and annotations where ``target`` has such, or nothing of another form, under these keys."""
    own_tags = target.get("tags") or []
    if overlay.tags and isinstance(own_tags, list):
        target["tags"] = list(dict.fromkeys([*own_tags, *overlay.tags]))
    for key, added in (("labels", overlay.labels), ("annotations", overlay.annotations)):
        own = target.get(key) or {}
        if added and isinstance(own, Mapping):
            target[key] = {**own, **added}
