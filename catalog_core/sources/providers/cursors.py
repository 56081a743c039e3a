"""Recognising in a cursor whether the source is still configured as it was."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any


def fingerprint(*parts: object) -> str:
    """Return a short digest of everything in the properties that decides what is read.

    It goes into the cursor, so that a source that was pointed elsewhere is never answered with "unchanged". Being a
    digest it repeats no path or address; credentials are not to be put into it all the same.

    Args:
        parts: values that JSON can hold.
    """
    text = json.dumps(parts, ensure_ascii=True, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def belongs(cursor: Mapping[str, Any], mark: str) -> bool:
    """Say whether ``cursor`` was made for the properties that have this fingerprint."""
    return cursor.get("fingerprint") == mark


def content_revision(digest: str) -> str:
    """Return what people call a state that has no name but its digest."""
    return f"sha256:{digest[:12]}"
