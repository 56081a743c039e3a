"""The difference between what a source says now and what is stored. Pure but for the items it consumes.

Only items whose digest differs are translated, so the cost grows with what changed and not with what exists.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import orjson

from catalog_core.entities.catalog import CatalogPlugin
from catalog_core.entities.documents import json_text
from catalog_core.entities.names import name_fault
from catalog_core.entities.refresh.changes import Change, Changes
from catalog_core.entities.refresh.inventory import Inventory
from catalog_core.entities.search_index import INDEX_VERSION
from catalog_core.entities.search_index.projection import declared_facets
from catalog_core.entities.translation import Entity, InvalidItem, ItemReader, describe
from catalog_core.exceptions import InvalidDocument
from catalog_core.problems import Problem
from catalog_core.sources.configuration.patterns import NamePatterns
from catalog_core.sources.formats import Item

_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""NUL as JSON writes it: with an odd number of backslashes before it."""

MAX_REMARKS = 1000
"""Remarks of one severity that are kept of one refresh."""
DOCUMENT_VERSION = 2
"""To be raised when the core makes other documents of the same entities; all sources are then stored anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A problem together with the item that has it. ``item_line`` is where the item begins in its file."""

    problem: Problem
    item_name: str = ""
    item_line: int | None = None

    @property
    def is_about_item(self) -> bool:
        """Whether it is about an item, and not about a file as a whole."""
        return bool(self.item_name) or self.item_line is not None


class Remarks:
    """The remarks of one refresh: all are counted, and of those about items the first of each severity are kept.

    A source in which every item has an unknown key would otherwise fill memory with words that nobody reads.
    """

    def __init__(self) -> None:
        self.kept: list[Remark] = []
        self._counts: Counter[str] = Counter()

    def add(self, remark: Remark) -> None:
        """Add a remark."""
        severity = remark.problem.severity
        self._counts[severity] += 1
        if self._counts[severity] <= MAX_REMARKS or not remark.is_about_item:
            self.kept.append(remark)

    def count(self, severity: str) -> int:
        """Return how many there were of one severity."""
        return self._counts[severity]


@dataclass(slots=True, kw_only=True)
class RefreshPlan:
    """What storing a source has to do.

    Attributes:
        changes: entities to write.
        names: the names that the source has, and those that are stored of it.
        unchanged: how many entities are as stored.
        stale: names whose stored version stays although the source has another one that is not valid.
        removed: names that the source does not hold any more.
        remarks: items set aside (severity ``error``) and reservations (severity ``warning``).
        items_read: items in all files, before any was left out.
        filtered: items left out by the include and exclude patterns.
    """

    changes: Changes
    names: Inventory
    unchanged: int = 0
    stale: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)
    remarks: Remarks = field(default_factory=Remarks)
    items_read: int = 0
    filtered: int = 0

    @property
    def total(self) -> int:
        """How many entities the source will have."""
        return len(self.changes) + self.unchanged + len(self.stale)

    @property
    def set_aside(self) -> int:
        """How many items or files were set aside."""
        return self.remarks.count("error")

    def unchanged_names(self) -> Iterator[str]:
        """Yield the names of entities that are as stored."""
        return (name for name in self.names.seen() if name not in self.changes)


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
        earlier_remarks: the remarks of the last refresh, by item name; the reservations about unchanged items stay.
    """

    plugin: CatalogPlugin
    shown_source: tuple[str, str]
    patterns: NamePatterns
    earlier_remarks: Mapping[str, list[Remark]]

    def fill(
        self,
        plan: RefreshPlan,
        feeds: Iterable[tuple[str, Iterable[Item]]],
        *,
        failed_files: Mapping[str, Problem],
        on_item: Callable[[int], None] = lambda count: None,
    ) -> None:
        """Put into a plan what has to be done.

        Args:
            plan: an empty plan, which knows what is stored.
            feeds: for each file its name and its items; iterating may raise ``InvalidDocument``.
            failed_files: files that could not be read at all; what is stored of them stays.
            on_item: told how many items were read, now and then.
        """
        salt = _salt(translation_key(self.plugin), *self.shown_source)
        failed = dict(failed_files)
        for problem in failed_files.values():
            plan.remarks.add(Remark(problem=problem))
        for file, items in feeds:
            try:
                for item in items:
                    plan.items_read += 1
                    if plan.items_read % 1000 == 0:
                        on_item(plan.items_read)
                    self._take(plan, item, salt)
            except InvalidDocument as error:
                failed[file] = error.problems[0]
                for problem in error.problems:
                    plan.remarks.add(Remark(problem=problem))
        self._keep_or_remove(plan, failed)

    def _take(self, plan: RefreshPlan, item: Item, salt: bytes) -> None:
        known_name = _name_in(item.value)
        if item.problems:
            for problem in item.problems:
                plan.remarks.add(_remark(item, known_name, problem))
            if any(problem.severity == "error" for problem in item.problems):
                self._keep_stale(plan, known_name)
                return
        digest = _digest(item.value, salt)
        if known_name is not None and self._is_unchanged(plan, item, digest, known_name):
            return
        try:
            native = _native(item)
            reader = ItemReader(_mapping(item), path=f"[{item.index}]", key_lines=item.key_lines)
            entity = self._translate(reader)
        except InvalidItem as error:
            plan.remarks.add(_remark(item, known_name, error.problem))
            self._keep_stale(plan, known_name)
            return
        if not self.patterns.allows(entity.name):
            plan.filtered += 1
            return
        if first := plan.names.place(entity.name):
            plan.remarks.add(_remark(item, entity.name, _duplicate(item, entity.name, first)))
            return
        plan.stale.discard(entity.name)
        for problem in reader.remarks:
            plan.remarks.add(_remark(item, entity.name, problem))
        if plan.names.is_as_stored(entity.name, digest, item.file):
            plan.unchanged += 1
        else:
            plan.changes.add(Change(entity, native, digest, item.file))
        plan.names.see(entity.name, item.file, item.line)

    def _is_unchanged(self, plan: RefreshPlan, item: Item, digest: str, name: str) -> bool:
        if not plan.names.is_as_stored(name, digest, item.file) or not self.patterns.allows(name):
            return False
        plan.unchanged += 1
        plan.stale.discard(name)
        plan.names.see(name, item.file, item.line)
        # Only reservations: an error under this name is that of another item, which is looked at again by itself.
        for remark in self.earlier_remarks.get(name, ()):
            if remark.problem.severity == "warning":
                plan.remarks.add(_moved(remark, item))
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
        if name is not None and plan.names.may_be_as_stored(name) and self.patterns.allows(name):
            plan.stale.add(name)

    def _keep_or_remove(self, plan: RefreshPlan, failed: Mapping[str, Problem]) -> None:
        for name, file in plan.names.unseen():
            if name in plan.stale:
                continue
            if file in failed and self.patterns.allows(name):
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
    return Remark(problem=placed, item_name=name or "", item_line=item.line)


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
