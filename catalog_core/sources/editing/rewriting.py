"""Changing what a document says while leaving everything else in it as it is written."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog_core.exceptions import InvalidDocument
from catalog_core.problems import Problem
from catalog_core.sources.editing import blocks, flows
from catalog_core.sources.editing.nodes import Node
from catalog_core.sources.editing.opening import open_document, parsed
from catalog_core.sources.editing.sheet import Edit, Sheet
from catalog_core.sources.formats import CONFIGURATION_LIMITS, Document


def rewrite(content: bytes, wanted: Any, *, file: str, max_bytes: int = CONFIGURATION_LIMITS.max_bytes) -> bytes:
    """Return a document that means ``wanted`` and differs from ``content`` only where the two mean something else.

    What stays keeps its bytes: comments, order, quotes, numbers, line ends, byte order mark, blanks. The result is read
    again and compared before it is returned.

    Args:
        content: a YAML or JSON document whose outermost value is a mapping.
        wanted: what it is to mean, as a JSON value.
        file: how people know it, for messages.
        max_bytes: largest size of the document, before and after, in bytes.

    Raises:
        InvalidDocument: the document cannot be read, or cannot be changed so without changing something else.
    """
    opened = open_document(content, file=file, max_bytes=max_bytes)
    before = opened.document
    if same(before.value, wanted):
        return content
    rewriter = _Rewriter(opened.sheet)
    if not rewriter.change(opened.root, before.value, wanted):
        raise _refused(file)
    result = opened.edited(rewriter.edits)
    _check(result, before, wanted, max_bytes)
    return result


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same; a number is not the same as a boolean, nor 1 as 1.0."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(a, b) for a, b in zip(one, other, strict=True))
    return type(one) is type(other) and bool(one == other)


@dataclass(slots=True)
class _Rewriter:
    """Collects the edits that lead from one value to another."""

    sheet: Sheet
    edits: list[Edit] = field(default_factory=list)

    def change(self, node: Node, old: Any, new: Any) -> bool:
        """Change ``node`` in its place; return false if something else has to be put there."""
        if same(old, new):
            return True
        before = len(self.edits)
        is_changed = False
        if node.kind == "mapping" and isinstance(old, dict) and isinstance(new, dict):
            is_changed = self._mapping(node, old, new)
        elif node.kind == "sequence" and isinstance(old, list) and isinstance(new, list):
            is_changed = self._sequence(node, old, new)
        if not is_changed:
            del self.edits[before:]
        return is_changed

    def _mapping(self, node: Node, old: dict[str, Any], new: dict[str, Any]) -> bool:
        places = node.pairs()
        kept = {key: places[key] for key in new if key in old and key in places}
        if not kept:
            return False
        for key, index in kept.items():
            if not self.change(node.values[index], old[key], new[key]):
                style = flows if node.is_flow else blocks
                self.edits += style.replaced_value(self.sheet, node, index, new[key])
        gone = sorted(places[key] for key in old if key not in new and key in places)
        if gone:
            self.edits += (flows.removed if node.is_flow else blocks.removed_pairs)(self.sheet, node, gone)
        merged = {key for key in old if key not in places and key in new and same(old[key], new[key])}
        self._add_pairs(node, {key: value for key, value in new.items() if key not in merged}, kept)
        return True

    def _add_pairs(self, node: Node, new: dict[str, Any], kept: dict[str, int]) -> None:
        """Put every new key behind the key that it follows in ``new``."""
        groups: dict[int, dict[str, Any]] = {}
        after = next(iter(kept.values()))
        for key, value in new.items():
            if key in kept:
                after = kept[key]
            else:
                groups.setdefault(after, {})[key] = value
        for index, pairs in groups.items():
            if node.is_flow:
                self.edits += flows.added_pairs(self.sheet, node, index, pairs)
            else:
                self.edits.append(blocks.added_pairs(self.sheet, node, index, pairs))

    def _sequence(self, node: Node, old: list[Any], new: list[Any]) -> bool:
        first, behind = _difference(old, new)
        changed = min(len(old), len(new)) - first - behind
        gone = list(range(first + changed, len(old) - behind))
        added = new[first + changed : len(new) - behind]
        if not new or len(gone) == len(old) or not old:
            return False
        for index in range(first, first + changed):
            if not self.change(node.values[index], old[index], new[index]):
                style = flows if node.is_flow else blocks
                self.edits += style.replaced_element(self.sheet, node, index, new[index])
        return self._resize(node, gone, first + changed - 1, added)

    def _resize(self, node: Node, gone: Sequence[int], after: int, added: Sequence[Any]) -> bool:
        if node.is_flow:
            self.edits += flows.removed(self.sheet, node, gone) if gone else []
            self.edits += flows.added_elements(self.sheet, node, after, added) if added else []
            return True
        removals = blocks.removed_elements(self.sheet, node, gone) if gone else []
        addition = blocks.added_elements(self.sheet, node, after, added) if added else None
        if removals is None or (added and addition is None):
            return False
        self.edits += [*removals, *([addition] if addition else [])]
        return True


def _difference(old: list[Any], new: list[Any]) -> tuple[int, int]:
    """Return how many elements two lists share at their beginnings, and how many at their ends."""
    shortest = min(len(old), len(new))
    first = 0
    while first < shortest and same(old[first], new[first]):
        first += 1
    behind = 0
    while behind < shortest - first and same(old[-1 - behind], new[-1 - behind]):
        behind += 1
    return first, behind


def _check(result: bytes, before: Document, wanted: Any, max_bytes: int) -> None:
    """Raise unless ``result`` means ``wanted``, and has no fault that was not there before."""
    try:
        after = parsed(result, file=before.file, max_bytes=max_bytes)
    except InvalidDocument as error:
        if any(problem.rule == "too-large" for problem in error.problems):
            raise
        raise _refused(before.file) from error
    has_more_faults = Counter(fault.rule for fault in after.faults) - Counter(fault.rule for fault in before.faults)
    if has_more_faults or not same(after.value, wanted):
        raise _refused(before.file)


def _refused(file: str) -> InvalidDocument:
    problem = Problem(
        message="This cannot be changed without changing something else in the file, so nothing was changed: what is "
        "concerned is shared by an anchor and an alias, or written in an unusual way.",
        rule="not-editable",
        hint="Change the file itself, or write the entry out in it without anchors first.",
        file=file,
    )
    return InvalidDocument([problem])
