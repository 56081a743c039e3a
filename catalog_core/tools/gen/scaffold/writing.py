"""Writing several files."""

from collections.abc import Mapping
from pathlib import Path

from catalog_core.tools.gen.files import write_atomically


def write_all(folder: Path, files: Mapping[str, str]) -> None:
    """Write files by their paths below a folder, each of them at once.

    Raises:
        OSError: one of them cannot be written.
    """
    for path, text in sorted(files.items()):
        write_atomically(folder / path, text.encode())
