"""Keeping to the folders that sources may read."""

import os
from collections.abc import Iterable
from pathlib import Path


def resolve_below(path: Path, folders: Iterable[Path]) -> Path | None:
    """Return ``path`` with all symbolic links resolved, or ``None`` if it is then not below one of ``folders``.

    Nothing needs to exist: so the answer for a path outside does not tell whether anything is there.
    """
    try:
        real = Path(os.path.realpath(path))
    except ValueError:  # a NUL character, which no path can have
        return None
    return real if any(real.is_relative_to(os.path.realpath(folder)) for folder in folders) else None
