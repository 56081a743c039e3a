"""Finding in the document of an entity which assets it names. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalog_core.entities.envelope.models import NAME_MAX_LENGTH
from catalog_core.plugins.declarations import Reference

_LINKS = Reference("links.related[]", "", "is related to")
_KIND_MAX_LENGTH = 100
_SOURCE_MAX_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Target:
    """An asset as others name it.

    Attributes:
        kind: its kind.
        name: its name, or the id of a source, a slash and the name.
        source: the id of its source, where whoever names it says so apart from the name.
    """

    kind: str
    name: str
    source: str = ""


def targets_of(references: Iterable[Reference], document: Mapping[str, Any]) -> list[tuple[str, Target]]:
    """Return what a document names, each with the relation to it; what is named twice in one relation counts once.

    What stands at a declared place and cannot be the name of anything, such as ``true``, is passed over.
    """
    found = (
        (reference.relation, target)
        for reference in references
        for value in _values(document, reference.steps)
        if (target := _target(value, reference.kind)) is not None
    )
    return list(dict.fromkeys(found))


def linked_targets(status: Mapping[str, Any]) -> list[tuple[str, Target]]:
    """Return what the status of an envelope links to, for assets of plugins that say it there and declare nothing."""
    return targets_of((_LINKS,), status) if "links" in status else []


def target_names(target: Target) -> tuple[str, ...]:
    """Return the names that the asset meant by ``target`` may have."""
    source, _, rest = target.name.partition("/")
    return (target.name, rest) if source and rest and not target.source else (target.name,)


def _values(value: Any, steps: tuple[str, ...]) -> Iterator[Any]:
    """Yield what stands where ``steps`` lead to; of a list, wherever it stands, each member."""
    if isinstance(value, list):
        for part in value:
            yield from _values(part, steps)
    elif not steps:
        yield value
    elif isinstance(value, Mapping) and steps[0] in value:
        yield from _values(value[steps[0]], steps[1:])


def _target(value: Any, kind: str) -> Target | None:
    if not isinstance(value, Mapping):
        name, source = _text(value), ""
    elif "string_value" in value:  # a metadata value of the model catalog
        name, source = _text(value["string_value"]), ""
    else:
        name, source = _text(value.get("name")), _text(value.get("source"))
        kind = _text(value.get("kind")) or kind
    if not (name and kind):
        return None
    return Target(_cut(kind, _KIND_MAX_LENGTH), _cut(name, NAME_MAX_LENGTH), _cut(source, _SOURCE_MAX_LENGTH))


def _text(value: Any) -> str:
    """Return a name; YAML reads names of digits as numbers."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def _cut(text: str, longest: int) -> str:
    """Return ``text``, cut where it is too long to be the name of anything; it then still names nothing."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
