"""The entities that a refresh is going to write, put aside until it is known that all of them are to be written.

A first load has all entities of its source here, so they do not stay in memory: batch by batch they go to a file that
nobody else can open.
"""

import pickle
import tempfile
import weakref
from collections.abc import Iterator, KeysView
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog_core.entities.translation import Entity

BATCH = 500
"""Changes are put aside, and handed out again, in batches of so many."""
_HELD_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Change:
    """An entity to be written: new, or other than stored.

    Attributes:
        entity: the entity.
        native: the item that it was made of, as JSON text.
        digest: the digest of both.
        file: where the item stands.
    """

    entity: Entity
    native: str
    digest: str
    file: str


class Changes:
    """Changes in the order in which they were added; their names stay at hand.

    Args:
        folder: where the file is made; made itself where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, None] = {}
        self._last: list[Change] = []
        self._batches: list[int | list[Change]] = []
        self._file = tempfile.SpooledTemporaryFile(_HELD_BYTES, dir=str(folder))  # noqa: SIM115 - closed with this
        weakref.finalize(self, self._file.close)

    @property
    def names(self) -> KeysView[str]:
        """The names of the entities."""
        return self._names.keys()

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: str) -> bool:
        return name in self._names

    def add(self, change: Change) -> None:
        """Add the change to an entity that has none yet."""
        self._names[change.entity.name] = None
        self._last.append(change)
        if len(self._last) == BATCH:
            self._batches.append(self._put_aside(self._last))
            self._last = []

    def batches(self) -> Iterator[list[Change]]:
        """Yield all changes, as often as anybody asks, to one reader at a time."""
        self._file.seek(0)
        for batch in self._batches:
            yield batch if isinstance(batch, list) else _taken_up(self._file.read(batch))
        if self._last:
            yield self._last

    def _put_aside(self, batch: list[Change]) -> int | list[Change]:
        """Write a batch to the file and return how many bytes it has there; the batch itself if it has to stay."""
        try:
            packed = pickle.dumps(list(map(_packed, batch)), pickle.HIGHEST_PROTOCOL)
        except (pickle.PicklingError, TypeError, AttributeError):  # a plugin has put something special into one
            return batch
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file.write(packed)
        return len(packed)


def _taken_up(packed: bytes) -> list[Change]:
    return [_unpacked(*parts) for parts in pickle.loads(packed)]  # noqa: S301 - of this process


def _packed(change: Change) -> tuple[object, ...]:
    """Return the parts of a change: Python packs tuples many times faster than dataclasses."""
    entity = change.entity
    parts = (
        entity.name,
        entity.external_id,
        entity.description,
        entity.custom_properties,
        entity.values,
        entity.created_at,
        entity.updated_at,
        entity.children,
    )
    return parts, change.native, change.digest, change.file


def _unpacked(parts: tuple[Any, ...], native: str, digest: str, file: str) -> Change:
    name, external_id, description, custom_properties, values, created_at, updated_at, children = parts
    entity = Entity(
        name=name,
        external_id=external_id,
        description=description,
        custom_properties=custom_properties,
        values=values,
        created_at=created_at,
        updated_at=updated_at,
        children=children,
    )
    return Change(entity, native, digest, file)
