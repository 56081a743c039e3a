"""What a revision has changed, for people: a unified diff with every secret hidden.

Secrets are hidden in the text before the two texts are compared. One that is other than before is marked so, since its
line would look the same on both sides otherwise.
"""

import re
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from itertools import zip_longest
from typing import Any

from catalog_core.administration.redaction import REDACTED, without_secrets
from catalog_core.conf import catalog_settings
from catalog_core.sources.configuration import is_secret_ref
from catalog_core.sources.editing import Edit, Node, OpenDocument, open_document
from catalog_core.sources.models import ConfigurationRevision
from catalog_core.sources.providers import provider_types
from catalog_core.sources.revisions import names_and_contents, predecessor
from catalog_core.sources.secret_values import is_sensitive_key, secret_names

CHANGED = f"{REDACTED} (other than before)"

_LEAST_CHARACTERS = 6
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*", re.MULTILINE)
_ASSIGNMENT = re.compile(r"([\w.-]+)(\"?\s*[:=]\s*)(\S.*)")
_LONG_WORD = re.compile(r"[A-Za-z0-9+/=_-]{40,}")

Place = tuple[str | int, ...]


def difference(revision: ConfigurationRevision, since: ConfigurationRevision | None = None) -> str:
    """Return what a revision has changed, as a unified diff; empty if nothing that shows.

    Args:
        revision: the later one.
        since: the earlier one; the one that was in force just before, if absent.
    """
    earlier = since or predecessor(revision)
    before = names_and_contents(earlier) if earlier else []
    pairs = zip_longest(before, names_and_contents(revision), fillvalue=("", b""))
    return "\n".join(line for old, new in pairs for line in _compared(old, new))


def _compared(old: tuple[str, bytes], new: tuple[str, bytes]) -> Iterator[str]:
    known = {place: value for place, _, value in _secret_nodes(_opened(*old))} if old[1] else {}
    lines = _shown(*old, {}), _shown(*new, known)
    return unified_diff(*lines, old[0] or new[0], new[0] or old[0], lineterm="")


def _shown(name: str, content: bytes, before: Mapping[Place, Any]) -> list[str]:
    """Return the lines of a file without its secrets.

    Args:
        name: the file.
        content: its bytes; none if there is no such file.
        before: the secrets in the version that it is compared with.
    """
    if not content:
        return []
    opened = _opened(name, content)
    edits, values = [], []
    for place, node, value in _secret_nodes(opened):
        mark = CHANGED if place in before and before[place] != value else REDACTED
        edits.append(Edit(node.start, node.end, mark))
        values += [value] if isinstance(value, str) and len(value) >= _LEAST_CHARACTERS else []
    text = _COMMENT.sub(lambda comment: _without_secrets_in_comment(comment.group()), opened.sheet.edited(edits))
    return without_secrets(text, values).splitlines()


def _opened(name: str, content: bytes) -> OpenDocument:
    return open_document(content, file=name, max_bytes=max(len(content), catalog_settings().configuration_max_bytes))


def _secret_nodes(opened: OpenDocument) -> Iterator[tuple[Place, Node, Any]]:
    declared = frozenset(name for kind in provider_types() for name in secret_names(kind))
    return _walk(opened.root, opened.document.value, (), declared, is_secret=False)


def _walk(
    node: Node, value: Any, place: Place, declared: frozenset[str], *, is_secret: bool
) -> Iterator[tuple[Place, Node, Any]]:
    """Yield every value below ``node`` that is a secret, with the way that leads there."""
    if is_secret_ref(value):
        return
    if node.kind == "mapping" and isinstance(value, dict):
        for key, index in node.pairs().items():
            hides = is_secret or key in declared or is_sensitive_key(key)
            yield from _walk(node.values[index], value.get(key), (*place, key), declared, is_secret=hides)
    elif node.kind == "sequence" and isinstance(value, list):
        for index, (inner, one) in enumerate(zip(node.values, value, strict=True)):
            step = str(one["id"]) if isinstance(one, dict) and "id" in one else index
            yield from _walk(inner, one, (*place, step), declared, is_secret=is_secret)
    elif is_secret and node.start < node.end and value is not None:
        yield place, node, value


def _without_secrets_in_comment(comment: str) -> str:
    """Return a comment without what may be a secret that somebody has commented out."""
    found = _ASSIGNMENT.search(comment)
    if found and is_sensitive_key(found.group(1)):
        comment = f"{comment[: found.start(3)]}{REDACTED}"
    return _LONG_WORD.sub(REDACTED, comment)
