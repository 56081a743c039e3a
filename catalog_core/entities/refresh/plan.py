"""The difference between what a source says now and what is stored. Pure but for the items it consumes.

Only items whose digest differs are translated, so the cost grows with what changed and not with what exists.
"""

import hashlib
import pickle
import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.documents import json_text
from catalog_core.entities.names import name_fault
from catalog_core.entities.search_index import INDEX_VERSION
from catalog_core.entities.search_index.projection import declared_facets
from catalog_core.entities.translation import Entity, InvalidItem, ItemReader, describe
from catalog_core.exceptions import InvalidDocument
from catalog_core.problems import Problem
from catalog_core.sources.configuration.patterns import NamePatterns
from catalog_core.sources.formats import Item

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""NUL as JSON writes it: with an odd number of backslashes before it."""

DOCUMENT_VERSION = 2
"""To be raised when the core makes other documents of the same entities; all sources are then stored anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What is known of a stored entity: its digest, the file it came from, and whether it is marked stale."""

    digest: str
    file: str
    stale: bool


@dataclass(frozen=True, slots=True)
class Change:
    """An entity to be written: new, or other than stored. It is kept packed, for a first load holds all of them.

    Attributes:
        packed: the entity, and the item that it was made of as JSON text.
        digest: the digest of both.
        file: where the item stands.
    """

    packed: bytes | tuple[Entity, str]
    digest: str
    file: str

    @classmethod
    def of(cls, entity: Entity, native: str, digest: str, file: str) -> "Change":
        """Return the change to an entity."""
        packed: bytes | tuple[Entity, str] = (entity, native)
        with suppress(pickle.PicklingError, TypeError, AttributeError):  # its plugin has put something special into it
            packed = zlib.compress(pickle.dumps(packed, pickle.HIGHEST_PROTOCOL), level=1)
        return cls(packed, digest, file)

    def unpacked(self) -> tuple[Entity, str]:
        """Return the entity, and its item as JSON text."""
        if not isinstance(self.packed, bytes):
            return self.packed
        content: tuple[Entity, str] = pickle.loads(zlib.decompress(self.packed))  # noqa: S301 - of this process
        return content


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A problem together with the item that has it. ``item_line`` is where the item begins in its file."""

    problem: Problem
    item_name: str = ""
    item_line: int | None = None


@dataclass(slots=True)
class RefreshPlan:
    """What storing a source has to do.

    Attributes:
        changes: entities to write, by name.
        unchanged: names of entities that are as stored.
        stale: names whose stored version stays although the source has another one that is not valid.
        removed: names that the source does not hold any more.
        remarks: items set aside (severity ``error``) and reservations (severity ``warning``).
        items_read: items in all files, before any was left out.
        filtered: items left out by the include and exclude patterns.
    """

    changes: dict[str, Change] = field(default_factory=dict)
    unchanged: set[str] = field(default_factory=set)
    stale: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    remarks: list[Remark] = field(default_factory=list)
    items_read: int = 0
    filtered: int = 0

    @property
    def total(self) -> int:
        """How many entities the source will have."""
        return len(self.changes) + len(self.unchanged) + len(self.stale)

    @property
    def set_aside(self) -> int:
        """How many items or files were set aside."""
        return sum(remark.problem.severity == "error" for remark in self.remarks)


def translation_key(plugin: CatalogPlugin) -> str:
    """Return a digest of the code that makes entities and documents; entities made with another one are stored anew."""
    shape = [(declared.name, declared.column, declared.kind.value) for declared in plugin.entity_fields()]
    search = (INDEX_VERSION, plugin.searchable_fields(), declared_facets(plugin))
    made = (DOCUMENT_VERSION, plugin.translation_version, plugin.source_id_name, plugin.shows_times)
    text = repr((*made, shape, plugin.references, search))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Compares the items of a source with what is stored of it.

    Attributes:
        plugin: whose items they are.
        shown_source: what assets show of their source: its name and type.
        patterns: which names are wanted.
        stored: what is stored, by name.
        earlier_remarks: the remarks of the last refresh, by item name; the reservations about unchanged items stay.
    """

    plugin: CatalogPlugin
    shown_source: tuple[str, str]
    patterns: NamePatterns
    stored: Mapping[str, Stored]
    earlier_remarks: Mapping[str, list[Remark]]

    def plan(
        self,
        feeds: Iterable[tuple[str, Iterable[Item]]],
        *,
        failed_files: Mapping[str, Problem],
        on_item: Callable[[int], None] = lambda count: None,
    ) -> RefreshPlan:
        """Return what has to be done.

        Args:
            feeds: for each file its name and its items; iterating may raise ``InvalidDocument``.
            failed_files: files that could not be read at all; what is stored of them stays.
            on_item: told how many items were read, now and then.
        """
        plan = RefreshPlan()
        salt = _salt(translation_key(self.plugin), *self.shown_source)
        first_seen: dict[str, tuple[str, int | None]] = {}
        failed = dict(failed_files)
        plan.remarks.extend(Remark(problem=problem) for problem in failed_files.values())
        for file, items in feeds:
            try:
                for item in items:
                    plan.items_read += 1
                    if plan.items_read % 1000 == 0:
                        on_item(plan.items_read)
                    self._take(plan, item, salt, first_seen)
            except InvalidDocument as error:
                failed[file] = error.problems[0]
                plan.remarks.extend(Remark(problem=problem) for problem in error.problems)
        self._keep_or_remove(plan, failed)
        return plan

    def _take(self, plan: RefreshPlan, item: Item, salt: bytes, first_seen: dict[str, tuple[str, int | None]]) -> None:
        known_name = _name_in(item.value)
        if item.problems:
            plan.remarks.extend(_remark(item, known_name, problem) for problem in item.problems)
            if any(problem.severity == "error" for problem in item.problems):
                self._keep_stale(plan, known_name)
                return
        if known_name is not None and known_name not in first_seen and self._is_unchanged(plan, item, salt, known_name):
            first_seen[known_name] = (item.file, item.line)
            return
        try:
            native = _native(item)
            reader = ItemReader(_mapping(item), path=f"[{item.index}]", key_lines=item.key_lines)
            entity = self._translate(reader)
        except InvalidItem as error:
            plan.remarks.append(_remark(item, known_name, error.problem))
            self._keep_stale(plan, known_name)
            return
        if not self.patterns.allows(entity.name):
            plan.filtered += 1
            return
        if entity.name in first_seen:
            plan.remarks.append(_remark(item, entity.name, _duplicate(item, entity.name, first_seen[entity.name])))
            return
        first_seen[entity.name] = (item.file, item.line)
        plan.stale.discard(entity.name)
        plan.remarks.extend(_remark(item, entity.name, problem) for problem in reader.remarks)
        digest = _digest(item.value, salt)
        stored = self.stored.get(entity.name)
        if stored == Stored(digest=digest, file=item.file, stale=False):
            plan.unchanged.add(entity.name)
            return
        plan.changes[entity.name] = Change.of(entity, native, digest, item.file)

    def _is_unchanged(self, plan: RefreshPlan, item: Item, salt: bytes, name: str) -> bool:
        stored = self.stored.get(name)
        if stored is None or stored.stale or stored.file != item.file or not self.patterns.allows(name):
            return False
        if stored.digest != _digest(item.value, salt):
            return False
        plan.unchanged.add(name)
        plan.stale.discard(name)
        # Only reservations: an error under this name is that of another item, which is looked at again by itself.
        earlier = [remark for remark in self.earlier_remarks.get(name, ()) if remark.problem.severity == "warning"]
        plan.remarks.extend(_moved(remark, item) for remark in earlier)
        return True

    def _translate(self, reader: ItemReader) -> Entity:
        try:
            entity = self.plugin.entity(reader)
        except InvalidItem:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            text = f"it has no {error.args[0]}" if isinstance(error, KeyError) and error.args else str(error)
            raise InvalidItem(Problem(message=text, rule="invalid-item", hint="Correct the item.")) from error
        if fault := name_fault(entity.name):
            raise reader.invalid("name", *fault)
        reader.remark_unread()  # before anybody else asks for values
        for filter_ in self.plugin.filters:
            self._remark_unusual(reader, filter_.name, filter_.options)
        return entity

    def _remark_unusual(self, reader: ItemReader, key: str, options: tuple[str, ...]) -> None:
        value = reader.get(key) if options else None
        if isinstance(value, str) and value and value not in options:
            reader.remark(
                key, "unusual-value", f"{describe(value)} is not a usual value", f"Usual are: {', '.join(options)}."
            )

    def _keep_stale(self, plan: RefreshPlan, name: str | None) -> None:
        if name is None or name not in self.stored or name in plan.changes or name in plan.unchanged:
            return
        if self.patterns.allows(name):
            plan.stale.add(name)

    def _keep_or_remove(self, plan: RefreshPlan, failed: Mapping[str, Problem]) -> None:
        for name, stored in self.stored.items():
            if name in plan.changes or name in plan.unchanged or name in plan.stale:
                continue
            if stored.file in failed and self.patterns.allows(name):
                plan.stale.add(name)
            else:
                plan.removed.add(name)


def _mapping(item: Item) -> Mapping[str, Any]:
    if isinstance(item.value, dict):
        return item.value
    raise InvalidItem(
        Problem(
            message=f"it is {describe(item.value)}, not a mapping",
            rule="wrong-type",
            hint="Write an entry as keys and values, with a name.",
            path=f"[{item.index}]",
        )
    )


def _native(item: Item) -> str:
    """Return the item as JSON text. Databases do not store NUL characters, so one that holds them is not valid."""
    text = json_text(item.value)
    if "\\u0000" in text and _NUL.search(text):
        message, hint = "it holds the character NUL (U+0000)", "Take that character out."
        raise InvalidItem(Problem(message=message, rule="forbidden-character", hint=hint, path=f"[{item.index}]"))
    return text


def _name_in(value: Any) -> str | None:
    name = value.get("name") if isinstance(value, dict) else None
    if isinstance(name, int) and not isinstance(name, bool):
        return str(name)
    return name if isinstance(name, str) and name else None


def _salt(*words: str) -> bytes:
    """Return what makes the digest of an item depend on more than the item: whatever else its document shows."""
    return hashlib.blake2b("\x1f".join(words).encode(), digest_size=16).digest()


def _digest(value: Any, salt: bytes) -> str:
    try:
        content = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:  # integers beyond 64 bits
        content = json_text(value).encode()
    return hashlib.blake2b(content, digest_size=16, key=salt).hexdigest()


def _remark(item: Item, name: str | None, problem: Problem) -> Remark:
    placed = replace(
        problem,
        file=problem.file or item.file,
        line=problem.line if problem.line is not None else item.line,
        path=problem.path or f"[{item.index}]",
    )
    return Remark(problem=placed, item_name=(name or "")[:512], item_line=item.line)


def _moved(remark: Remark, item: Item) -> Remark:
    """Return the remark of an item that is unchanged but may stand at another place by now."""
    within = remark.problem.path.partition("]")[2]
    line = item.key_lines.get(within.removeprefix("."))
    if line is None and remark.problem.line is not None and remark.item_line is not None:
        line = remark.problem.line + item.line - remark.item_line
    problem = replace(remark.problem, line=line, file=item.file, path=f"[{item.index}]{within}")
    return replace(remark, problem=problem, item_line=item.line)


def _duplicate(item: Item, name: str, first: tuple[str, int | None]) -> Problem:
    file, line = first
    where = f"{file}, line {line}" if line else file
    return Problem(
        message=f"the name {name!r} occurs already in {where}; the first one counts",
        rule="duplicate-name",
        hint="Give one of them another name.",
        line=item.line,
    )
